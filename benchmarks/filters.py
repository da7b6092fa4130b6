"""Rival filters of running text side by side: what each finds of planted promos at a share of host words lost, and what it costs.

usage: python benchmarks/filters.py SAMPLES… [--folds 2] [--rounds 2]

SAMPLES as `reviewclean train` takes them; the first one's promos/ are planted. Sites and promos of a fold are judged by what the other folds
taught. "hard": topical bridges, native stories and comparisons. Writes a Markdown table: docs/architecture.md has one.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from reviewclean.judging import context, telling
from reviewclean.judging.model import squash
from reviewclean.teaching.boost import Doubles, Flags, Floats, boost
from reviewclean.teaching.hosts import hosts_of, pools_of, study
from reviewclean.teaching.lexis import Known
from reviewclean.teaching.points import HARD
from reviewclean.teaching.running import UnitTable, plant_all, unit_table
from reviewclean.teaching.samples import read_promos, read_samples
from reviewclean.teaching.train import CONTEXT

LOSSES = (0.001, 0.003, 0.01)
COHERENCE = ("rest", "title", "before", "after", "rest_rank", "rest_z", "known", "known_weighted", "known_title", "position", "from_start", "from_end", "units", "repeats", "links")
SMALL = CONTEXT | {"max_leaf_nodes": 31, "max_depth": 9}
PER_PAGE = 30  # units that pass the first gate of a page, on average
Predict = Callable[[Floats], Doubles]


class Rival(NamedTuple):
    """A way to learn, and what it may see."""

    name: str
    columns: tuple[str, ...]
    learn: Callable[[Floats, Flags, Floats], Predict]
    hosted: bool = True  # learns from promos that were written for their text, too


def _boosted(settings: dict[str, object]) -> Callable[[Floats, Flags, Floats], Predict]:
    return lambda rows, truth, importance: boost(rows, truth, importance, settings, 20).log_odds


def _linear(rows: Floats, truth: Flags, importance: Floats) -> Predict:
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300))
    model.fit(squash(rows), truth, logisticregression__sample_weight=importance)
    return lambda asked: np.asarray(model.decision_function(squash(asked)))


def _network(rows: Floats, truth: Flags, _: Floats) -> Predict:
    model = make_pipeline(StandardScaler(), MLPClassifier((64,), alpha=1e-3, batch_size=512, max_iter=12, early_stopping=True, random_state=20))
    model.fit(squash(rows), truth)

    def predict(asked: Floats) -> Doubles:
        chance = np.clip(model.predict_proba(squash(asked))[:, 1], 1e-9, 1 - 1e-9)
        return np.asarray(np.log(chance / (1 - chance)))

    return predict


RIVALS = (
    Rival("wording alone, linear", telling.NAMES, _linear),
    Rival("wording alone, boosted trees of 31 leaves", telling.NAMES, _boosted(SMALL)),
    Rival("wording, coherence and place, the same trees", (*telling.NAMES, *COHERENCE), _boosted(SMALL)),
    Rival("all features, linear", context.NAMES, _linear),
    Rival("all features, a network of 64 units", context.NAMES, _network),
    Rival("all features, trees of 31 leaves", context.NAMES, _boosted(SMALL)),
    Rival("all features but words of promos, trees of 63 leaves", tuple(name for name in context.NAMES if "worded" not in name), _boosted(CONTEXT)),
    Rival("all features but topics, trees of 63 leaves", tuple(name for name in context.NAMES if not name.startswith("topic_")), _boosted(CONTEXT)),
    Rival("all features, trees of 63 leaves, taught without promos written for their text", context.NAMES, _boosted(CONTEXT), hosted=False),
    Rival("all features, trees of 63 leaves (shipped)", context.NAMES, _boosted(CONTEXT)),
)


def _tables(folders: list[Path], rounds: int) -> dict[bool, UnitTable]:
    """Planted texts as rows, with and without the promos that were written for one place."""
    studied = study([sample for folder in folders for sample in read_samples(folder)])
    hosts = hosts_of(studied)
    pools = pools_of(studied, read_promos(folders[0] / "promos"), hosts)
    known = Known(hosts, pools)
    return {hosted: unit_table(plant_all(hosts, pools if hosted else replace(pools, hosted={}), rounds, 20), known) for hosted in (True, False)}


def _odds(rival: Rival, tables: dict[bool, UnitTable], folds: int) -> tuple[Doubles, float]:
    """Held-out log-odds of the rows of some folds, NaN elsewhere; milliseconds a page."""
    taught, asked = tables[rival.hosted], tables[True]
    at = [context.NAMES.index(name) for name in rival.columns]
    out = np.full(len(asked.foreign), np.nan)
    spent = 0.0
    for fold in range(folds):
        teach, test = taught.use & (taught.fold != fold), asked.fold == fold
        predict = rival.learn(taught.rows[teach][:, at], taught.foreign[teach], taught.importance[teach])
        rows = asked.rows[test][:, at]
        start = time.process_time()
        out[test] = predict(rows)
        spent += time.process_time() - start
    return out, 1000 * spent / np.isfinite(out).sum() * PER_PAGE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="+", type=Path)
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    tables = _tables(arguments.samples, arguments.rounds)
    units = tables[True]
    promo = units.foreign & (units.style != "") & ~np.isin(units.style, ("footer", "line"))
    groups = {"all promos": promo, "hard": promo & np.isin(units.style, HARD), "footers": units.foreign & (units.style == "footer")}
    print(f"| filter | features | {' | '.join(f'{name}, {loss:.1%}' for name in groups for loss in LOSSES)} | ms a page |")
    print("|---|" + "---|" * (2 + len(groups) * len(LOSSES)))
    for rival in RIVALS:
        odds, cost = _odds(rival, tables, arguments.folds)
        seen = np.isfinite(odds)
        host = units.host & seen
        order = np.argsort(-odds[host])
        lost = np.cumsum(units.sizes[host][order]) / units.sizes[host].sum()
        bounds = [odds[host][order][int(np.searchsorted(lost, loss, side="right"))] for loss in LOSSES]
        found = " | ".join(f"{(odds[group & seen] > bound).mean():.2f}" for group in groups.values() for bound in bounds)
        print(f"| {rival.name} | {len(rival.columns)} | {found} | {cost:.2f} |", flush=True)


if __name__ == "__main__":
    main()
