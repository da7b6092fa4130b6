"""Teach the filter of running text with one's own labels, in a minute: what somebody calls an ad, and what he calls review.

A few small trees are added to what the context model says: gradient boosting with its log-odds as the offset (Friedman 2001, "Greedy function
approximation"). They are fitted on the labelled texts, with their own promos planted into one another, and on the base table, so that what the
model knew is not forgotten. Whether it helps is measured on texts that were left out, before it is believed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import GradientBoostingClassifier

from reviewclean.data import Label
from reviewclean.judging.decide import FEW
from reviewclean.judging.model import Model, with_odds
from reviewclean.judging.trees import FINE, Trees, sigmoid
from reviewclean.teaching.boost import FOLDS, PROBED, Doubles, Flags, Floats, Ints, Plain, side_by_side
from reviewclean.teaching.hosts import Studied, hosts_of
from reviewclean.teaching.plant import Host, Pools, Text, planted
from reviewclean.teaching.running import PROMO_WEIGHT, unit_table
from reviewclean.teaching.samples import Promo
from reviewclean.teaching.table import BaseTable

FEWEST_TEXTS, FEWEST_ADS = 8, 8  # with fewer, nothing can be measured
ROUNDS = 8  # of planting one's own promos into one's own texts
BASE_SHARES = (1.0, 3.0)  # weights of the base table against one's own texts that are tried: the less it has, the more is learnt, and forgotten
BY_CHANCE = 1.64  # standard errors, over texts, that errors must fall by: labels by lot reach it once in twenty times
HARM = 0.004  # share of the base table's words by which more may be wrong afterwards: the F1 of its review words falls by half of it
BOUNDLESS = 1e6  # log-odds beyond which a leaf is sure of itself in any case: what a whole number of FINE can hold
LARGEST = 8.0  # log-odds that one leaf may add: where trees are sure of the wrong thing, a leaf of few rows would add any number
SHAPE = {"n_estimators": 60, "learning_rate": 0.1, "max_depth": 4, "min_samples_leaf": 5, "subsample": 0.6, "max_features": 0.3}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Words of some texts, and how many of them are judged wrongly before and after: review that goes, clutter that stays."""

    words: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Refined:
    """A model that was taught, and what it brings."""

    model: Model
    texts: int
    ads: int
    apart: str  # what was left out together when it was measured: "site" or "text"
    own: Wrong  # on texts that were left out
    error: float  # standard error of the words by which `own` falls
    base: Wrong  # on units of the base table that taught nothing

    @property
    def better(self) -> bool:
        return self.own.before - self.own.after > BY_CHANCE * self.error and self.base.after - self.base.before <= HARM * self.base.words


@dataclass(frozen=True, slots=True)
class _Rows:
    """Units with what the model says of them so far."""

    rows: Floats
    odds: Doubles  # that they are foreign, as the model says, calibrated
    foreign: Flags
    few: Flags
    sizes: Ints
    importance: Floats
    use: Flags
    fold: Ints
    text: Ints  # which text each stands in


def refine(base: Model, table: BaseTable, studied: Sequence[Studied], tell: Callable[[str], None] = lambda _: None, seed: int = 20) -> Refined | None:
    """Teach the filter with some samples, in place of what such samples taught it before; None where there are too few texts or ads to measure what it brings."""
    hosts = hosts_of(studied)
    ads = {line.text for host in hosts for line in host.lines if line.foreign and line.label == Label.AD}
    if len(hosts) < FEWEST_TEXTS or len(ads) < FEWEST_ADS:
        return None
    apart = "site" if len({host.site for host in hosts}) >= FOLDS else "text"
    groups = {name: k % FOLDS for k, name in enumerate(sorted({host.site if apart == "site" else host.id for host in hosts}))}
    folds = [groups[host.site if apart == "site" else host.id] for host in hosts]
    base = replace(base, corrections=None)
    as_they_are = _rows(base, [_text(host) for host in hosts], folds)
    teaching = _rows(base, *_planted(hosts, folds, seed))
    tell(f"{len(hosts)} texts with {len(ads)} ads of their own")
    importance = table.weight * _importance(table.foreign, table.sizes)
    known = _Rows(table.rows, base.foreign_odds(table.odds), table.foreign, table.few, table.sizes, importance, ~table.measures, *np.zeros((2, len(importance)), np.int64))

    def learnt(share: float) -> Refined:
        after = as_they_are.odds.copy()
        for fold in range(FOLDS):
            out = as_they_are.fold == fold
            trees = _fit(base, teaching, teaching.use & (teaching.fold != fold), known, share, seed)
            after[out] += trees.log_odds(with_odds(as_they_are.rows[out], as_they_are.odds[out]))
        trees = _fit(base, teaching, teaching.use, known, share, seed)
        own, falls = _wrong(base, as_they_are, after, as_they_are.sizes * as_they_are.use)
        measured, _ = _wrong(base, known, known.odds + trees.log_odds(with_odds(known.rows, known.odds)), table.sizes * table.weight * table.measures)
        return Refined(replace(base, corrections=trees), len(hosts), len(ads), apart, own, float(falls.std(ddof=1) * math.sqrt(len(falls))), measured)

    return max(map(learnt, BASE_SHARES), key=lambda one: (one.better, -one.own.after))


def _text(host: Host) -> Text:
    return Text(host.site, host.title, host.host, host.lines, host.language, host.hard)


def _planted(hosts: Sequence[Host], folds: Sequence[int], seed: int) -> tuple[list[Text], list[int]]:
    """Texts as they are, and with ads and clutter of texts of their own fold planted into them, so that no ad is judged by what it taught."""
    rng = random.Random(seed)
    texts, of = [_text(host) for host in hosts], list(folds)
    for fold in range(FOLDS):
        mine = [host for host, k in zip(hosts, folds, strict=True) if k == fold]
        foreign = [(line.text, line.label, host.language) for host in mine for line in host.lines if line.foreign]
        promos = [Promo(text, language=language) for text, label, language in foreign if label == Label.AD]
        if promos:
            pools = Pools(promos, {}, [(text, label) for text, label, _ in foreign], ())
            texts += [planted(host, pools, rng) for _ in range(ROUNDS) for host in mine]
            of += [fold] * (ROUNDS * len(mine))
    return texts, of


def _rows(base: Model, texts: Sequence[Text], folds: Sequence[int]) -> _Rows:
    units = unit_table(texts, lambda _, __: base.lexis)
    count = [len(text.lines) for text in texts]
    fold, text = np.repeat(np.array(folds), count), np.repeat(np.arange(len(texts)), count)
    return _Rows(units.rows, base.foreign_odds(base.context_odds(units.rows)), units.foreign, units.count < FEW, units.sizes, _importance(units.foreign, units.sizes), units.use, fold, text)


def _importance(foreign: Flags, sizes: Ints) -> Floats:
    """As it was when the model and its calibration were fitted: what they say is the offset here."""
    return np.where(foreign, PROMO_WEIGHT, np.sqrt(sizes + 2.0)).astype(np.float32)


def _wrong(base: Model, units: _Rows, after: Doubles, words: npt.NDArray[Any]) -> tuple[Wrong, Doubles]:
    """Words judged wrongly before and after, and by how many fewer in each text."""
    def wrong(odds: Doubles) -> Doubles:
        gone = odds - np.where(units.few, base.points["balanced"].short, 0.0) >= _bound(base)
        return np.asarray(np.bincount(units.text, words * (gone != units.foreign)), np.float64)

    first, then = wrong(units.odds), wrong(after)
    return Wrong(round(float(words.sum())), round(float(first.sum())), round(float(then.sum()))), first - then


class _Offset(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """What the model says already, as scikit-learn wants it: the last column of a table holds its log-odds."""

    def fit(self, rows: Any, truth: Any, sample_weight: Any = None) -> _Offset:
        self.classes_ = np.unique(truth)
        return self

    def predict_proba(self, rows: Any) -> Doubles:
        chance = sigmoid(np.asarray(rows[:, -1], np.float64))
        return np.stack((1 - chance, chance), axis=1)


def _fit(base: Model, own: _Rows, teach: Flags, known: _Rows, share: float, seed: int) -> Trees:
    """Trees that correct the model on one's own units, and leave the base table's as they are."""
    rows = np.concatenate((own.rows[teach], known.rows[known.use]))
    odds = np.concatenate((own.odds[teach], known.odds[known.use]))
    truth = np.concatenate((own.foreign[teach], known.foreign[known.use]))
    mine, others = own.importance[teach], known.importance[known.use]
    weight = np.concatenate((mine, others * (share * mine.sum() / others.sum())))
    table = with_odds(rows, odds)
    ensemble = GradientBoostingClassifier(**SHAPE, init=_Offset(), random_state=seed).fit(table, truth, sample_weight=weight)
    trees = _trees_of(ensemble)
    probe = table[:: max(1, len(table) // PROBED)]
    if not np.allclose(sigmoid(trees.log_odds(probe) + probe[:, -1]), ensemble.predict_proba(probe)[:, 1], atol=1e-4):
        raise RuntimeError("the arrays do not predict what scikit-learn predicts: its tree layout has changed; adapt _trees_of")
    trees = replace(trees, value=np.clip(trees.value, -LARGEST * FINE, LARGEST * FINE).astype(np.int64))
    return replace(trees, baseline=_shift(base, known, known.odds + trees.log_odds(with_odds(known.rows, known.odds))))


def _shift(base: Model, known: _Rows, after: Doubles) -> float:
    """What all log-odds are moved by, so that in balanced mode no more of the base table's review goes than before."""
    host = known.use & ~known.foreign & ~known.few
    bound = _bound(base)
    words = known.importance[host]
    gone = float(words[known.odds[host] >= bound].sum())
    order = np.argsort(-after[host])
    at = int(np.searchsorted(np.cumsum(words[order]), gone, side="right"))
    return float(np.clip(bound - after[host][order][min(at, len(order) - 1)], -2.0, 2.0))


def _bound(base: Model) -> float:
    chance = base.points["balanced"].text[Label.REVIEW]
    return math.log(chance / (1 - chance))


def _trees_of(ensemble: GradientBoostingClassifier) -> Trees:
    """Regression trees of a gradient boosting as arrays."""
    return side_by_side([_plain(one.tree_, ensemble.learning_rate) for (one,) in ensemble.estimators_], 0.0)


def _plain(tree: Any, rate: float) -> Plain:
    low = tree.threshold.astype(np.float32)
    low = np.where(low > tree.threshold, np.nextafter(low, np.float32(-np.inf)), low)  # rounded down, so that no row changes sides
    return Plain(tree.feature, low, tree.children_left, tree.children_right, np.clip(rate * tree.value[:, 0, 0], -BOUNDLESS, BOUNDLESS))
