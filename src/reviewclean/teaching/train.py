"""Samples to Model and card.

Four boosted models and two linear ones, all stored as arrays:

* *structure*: is this block of the page part of the article? Trained on all blocks of all pages (`structure`);
* *context*: does this unit belong to this text? Trained on texts into which promos and clutter are planted anew in every round (`running`);
* *sentence*: the same for sentences of paragraphs;
* *clause*: the same for pieces of sentences;
* two softmax models that name the reason.

Calibration and thresholds come from folds by site (`points`), so no page helps to choose its own threshold.
"""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from reviewclean.data import Block, Label
from reviewclean.errors import SampleError
from reviewclean.judging import clauses, context, page, telling
from reviewclean.judging.decide import FEW, running_of
from reviewclean.judging.model import FORMAT, PLAIN, SURE, Model, from_content, squash
from reviewclean.judging.phrases import FAMILIES
from reviewclean.judging.stems import Lexis
from reviewclean.judging.telling import told
from reviewclean.judging.trees import Trees
from reviewclean.judging.units import units_of
from reviewclean.judging.within import UNLIKELY
from reviewclean.teaching.boost import FOLDS, Doubles, Floats, fitted, fold_of, with_checks
from reviewclean.teaching.holdout import hold_out
from reviewclean.teaching.hosts import Studied, Tell, hosts_of, pools_of, study
from reviewclean.teaching.lexis import Known
from reviewclean.teaching.plant import Host, Pools, planted
from reviewclean.teaching.points import GATES, PROMISES, PageLines, asked, calibrated, figures, in_use, judged, lines_of_pages, points_of
from reviewclean.teaching.running import plant_all, sentence_table, unit_table
from reviewclean.teaching.samples import Promo, Sample
from reviewclean.teaching.structure import table_of
from reviewclean.teaching.table import BaseTable, drawn

ROUNDS = 4  # of planting; more rounds of the same promos gain little, more different promos much
STRUCTURE = {"plan": ((12, 0.35), (180, 0.08)), "max_leaf_nodes": 31, "max_depth": 9, "max_bins": 63, "min_samples_leaf": 30, "l2_regularization": 1.0}
CONTEXT = {"plan": ((400, 0.04),), "max_leaf_nodes": 63, "max_depth": 14, "max_features": 0.4, "max_bins": 63, "min_samples_leaf": 20, "l2_regularization": 5.0}
SENTENCE = CONTEXT | {"plan": ((500, 0.03),), "max_leaf_nodes": 31, "max_features": 0.2}
CLAUSE = SENTENCE | {"plan": ((300, 0.04),)}
MARGIN = 0.2  # log-odds beyond the loosest threshold at which nobody asks further
MAYBE = -1.0  # log-odds of being review from which a block may come to the second gate
ALONE = tuple(name for name in telling.NAMES if name not in FAMILIES)  # of families, their share of the words tells enough
PAGE_REASONS = (*ALONE, *page.LINK_NAMES, *(name for name in page.NAMES if name.startswith(("up ", "own ", "heading "))), "position", "from_end", "title_cover", "repeats", "level")
TEXT_REASONS = (*ALONE, "position", "from_start", "from_end", "links", "linked", "heading", "repeats", "shape_repeats")


def train(samples: Sequence[Sample], promos: Sequence[Promo], *, seed: int = 20, rounds: int = ROUNDS, tell: Tell = lambda _: None) -> tuple[Model, BaseTable]:
    """A model from labelled samples, and the base table that goes with it. `tell` receives a line on every stage. Raises SampleError where there is too little to learn from."""
    start = time.perf_counter()

    def say(line: str) -> None:
        tell(f"[{time.perf_counter() - start:5.0f} s] {line}")

    studied = study(samples, say)
    pages = [one for one in studied if one.reading.html]
    sites = {one.sample.site for one in pages}
    if len(sites) < FOLDS:
        raise SampleError(f"pages of {len(sites)} sites: at least {FOLDS} are needed, so that each can be judged by what others taught; add pages of other sites")
    say(f"{len(studied)} samples read, {len(pages)} pages of {len(sites)} sites, {sum(len(one.laid) for one in pages)} blocks")

    weights, table = table_of(pages, say)
    structure = fitted(table.rows, table.truth, table.importance, table.fold, STRUCTURE, seed)
    say("structure model fitted")

    hosts = hosts_of(studied)
    pools = pools_of(studied, promos, hosts)
    known = Known(hosts, pools)
    texts = plant_all(hosts, pools, rounds, seed)
    units = unit_table(texts, known)
    unit_model = fitted(units.rows, units.foreign, units.importance, units.fold, CONTEXT, seed, units.use)
    written = sum(map(len, pools.hosted.values()))
    say(f"context model fitted: {len(pools.promos)} promos, {written} written for their text, {len(pools.lines)} lines, {len(pools.mined)} mined paragraphs in {len(hosts)} texts, {rounds} rounds")
    sentences, pieces = sentence_table(texts, known, unit_model.odds)
    sentence_model = fitted(sentences.rows, sentences.foreign, sentences.importance, sentences.fold, SENTENCE, seed, sentences.use)
    say("sentence model fitted")
    slope, offset = in_use(sentences, sentence_model.odds)
    pieces = asked(pieces, sentence_model.odds * slope + offset)
    clause_model = fitted(pieces.rows, pieces.foreign, pieces.importance, pieces.fold, CLAUSE, seed, pieces.use)
    say(f"clause model fitted: {len(pieces.rows)} pieces of sentences, {int((pieces.foreign & pieces.use).sum())} of them promo")

    page_lines = _page_lines(pages, structure.odds, unit_model.by_fold, known)
    calibration = calibrated(table, structure.odds, units, unit_model.odds, sentences, sentence_model.odds, pieces, clause_model.odds, page_lines)
    slope, offset = calibration["structure"]
    review = structure.odds * slope + offset
    page_lines = replace(page_lines, review=page_lines.review * slope + offset)
    seen = judged(calibration, units, unit_model.odds, sentence_model.odds, clause_model.odds, page_lines)
    points = points_of(seen, units, sentences, pieces)
    say("calibrated; thresholds chosen")
    settled = {
        "structure": with_checks(structure, table.rows, table.fold, table.importance, *_raw(calibration["structure"], -_odds(max(GATES.values())) - MARGIN, SURE)),
        "context": with_checks(unit_model, units.rows, units.fold, units.importance, UNLIKELY, PLAIN),
        "sentence": with_checks(
            sentence_model, sentences.rows, sentences.fold, sentences.importance, *_raw(calibration["sentence"], min(clauses.ASKED, _loosest(points, "span", "short_span")) - MARGIN, PLAIN)
        ),
        "clause": with_checks(clause_model, pieces.rows, pieces.fold, pieces.importance, *_raw(calibration["clause"], _loosest(points, "clause", "short_clause") - MARGIN, PLAIN)),
    }
    lexis = known.whole()
    shifts = hold_out(units, "style", points["balanced"]["promise"], seed, lambda without: unit_table(texts, known.without(without)))
    say("styles held out one by one")
    content: dict[str, Any] = {
        "word_weights": weights.word_weights.astype(np.float16),
        "token_weights": weights.token_weights.astype(np.float16),
        "rarity": lexis.rarity.astype(np.float16),
        "topics": lexis.topics.astype(np.float16),
        "ngrams": {"words": lexis.ngrams.words, "pairs": lexis.ngrams.pairs},
        **{name: trees.as_dict() for name, trees in settled.items()},
        "page_reasons": _page_reasons(pages, table.rows),
        "text_reasons": _text_reasons(hosts, pools, lexis, seed),
        "calibration": calibration,
        "points": points,
    }
    card = {
        "made_with": _versions(),
        "seed": seed,
        "rounds": rounds,
        "seconds": round(time.perf_counter() - start),
        "promises": PROMISES,
        "held_out": figures(points, seen, table, review, units, sentences, pieces),
        "held_out_styles": {shift.name: round(shift.untaught, 3) for shift in shifts},
        "held_out_styles_hard": {shift.name: round(shift.hard, 3) for shift in shifts if shift.hard is not None},
        "saw": _saw(studied, pages, pools),
    }
    say("done")
    return from_content(content, card), drawn(units, unit_model.odds, FEW, seed)


def _odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


def _loosest(points: Mapping[str, Mapping[str, float]], bound: str, short: str) -> float:
    """The lowest log-odds from which anything goes in any mode."""
    return min(_odds(point[bound]) + min(point[short], 0.0) for point in points.values())


def _raw(calibration: tuple[float, ...], *odds: float) -> list[float]:
    """Log-odds as the trees tell them, from calibrated ones."""
    slope, offset = calibration
    return [(value - offset) / slope for value in odds]


def _saw(studied: Sequence[Studied], pages: Sequence[Studied], pools: Pools) -> dict[str, Any]:
    """What a card says of the samples."""
    return {
        "samples": len(studied), "pages": len(pages), "sites": len({one.sample.site for one in studied}), "blocks": sum(len(one.laid) for one in studied),
        "labels": dict(sorted(Counter(str(laid.label or "not review") for one in studied for laid in one.laid).items())),
        "languages": dict(sorted(Counter(one.reading.about.language or "unknown" for one in studied).items())),
        "hard_negatives": sum(one.sample.hard_negative for one in studied), "promos": len(pools.promos), "hosted_promos": sum(map(len, pools.hosted.values())),
        "lines": len(pools.lines), "mined": len(pools.mined),
    }  # fmt: skip


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("scikit-learn", "numpy", "joblib", "selectolax")} | {"format": str(FORMAT)}


def _page_lines(pages: Sequence[Studied], odds: Doubles, trees: dict[int, Trees], known: Known) -> PageLines:
    """Blocks of real pages that may pass the first gate, with held-out log-odds of both models: what the second gate's threshold is chosen on. Hard negatives choose none."""
    parts = []
    start = 0
    for one in pages:
        mine = odds[start : start + len(one.laid)]
        start += len(one.laid)
        inside = np.flatnonzero(mine > MAYBE)
        if len(inside) < 2 or one.sample.hard_negative:
            continue
        fold = fold_of(one.sample.site)
        blocks: list[Block] = [one.reading.blocks[i] for i in inside]
        units = units_of(told([block.text for block in blocks]), [running_of(blocks, one.reading.about.title, one.reading.host)], known(fold))
        rows = context.measure(units)
        scored = np.array([one.laid[i].label is not Label.META for i in inside])
        foreign = np.array([not one.laid[i].review for i in inside])
        sizes = rows[:, context.NAMES.index("words")].astype(np.int64)
        parts.append(PageLines(trees[fold].log_odds(rows)[scored], mine[inside][scored], foreign[scored], sizes[scored]))
    return lines_of_pages(parts)


# ---------------------------------------------------------------- reasons


def _softmax(rows: Floats, labels: Sequence[str], names: Sequence[str], chosen: Sequence[str]) -> dict[str, Any]:
    columns = np.array([names.index(name) for name in chosen], np.int32)
    table = squash(rows[:, columns])
    mean, scale = table.mean(axis=0), table.std(axis=0) + 1e-3
    found = LogisticRegression(C=0.05, max_iter=300, class_weight="balanced").fit(np.clip((table - mean) / scale, -4, 4), labels)
    return {
        "columns": columns, "mean": mean.astype(np.float32), "scale": scale.astype(np.float32), "weight": found.coef_.T.astype(np.float32),
        "bias": found.intercept_.astype(np.float32), "labels": tuple(str(name) for name in found.classes_),
    }  # fmt: skip


def _page_reasons(pages: Sequence[Studied], rows: Floats) -> dict[str, Any]:
    flat = [laid for one in pages for laid in one.laid]
    at = [i for i, laid in enumerate(flat) if not laid.review and laid.label is not None]
    return _softmax(rows[at], [str(flat[i].label) for i in at], page.NAMES, PAGE_REASONS)


def _text_reasons(hosts: Sequence[Host], pools: Pools, lexis: Lexis, seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    tables, labels = [], []
    for host in hosts:
        text = planted(host, pools, rng)
        rows = context.measure(units_of(told([line.text for line in text.lines]), [text.running], lexis))
        at = [i for i, line in enumerate(text.lines) if line.foreign and line.label]
        tables.append(rows[at])
        labels += [text.lines[i].label for i in at]
    return _softmax(np.concatenate(tables), labels, context.NAMES, TEXT_REASONS)
