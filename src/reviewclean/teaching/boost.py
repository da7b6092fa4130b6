"""Boosted trees, fitted by scikit-learn and taken out of it as arrays; folds by site; calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from reviewclean.judging.trees import FINE, Trees, sigmoid

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

FOLDS = 4
PROBED = 200  # rows on which the arrays are held against scikit-learn


def fold_of(site: str, folds: int = FOLDS) -> int:
    """The fold that a site (or a promo) is in: by its name, so that it never changes."""
    return crc32(site.encode("utf-8")) % folds


CHECKED = (12, 40, 80, 130, 220, 320)  # trees after which rows may be settled
SETTLED_WRONGLY = 2e-4  # share of all rows, by importance, that a check may settle on the wrong side of its bound
Plan = Sequence[tuple[int, float]]  # (trees, learning rate), one stretch after another: where the first trees take long strides, the obvious is settled early


@dataclass(frozen=True, slots=True)
class Fitted:
    """An ensemble fitted on all rows, with what ensembles that did not see them say of the rows of each fold."""

    trees: Trees
    by_fold: dict[int, Trees]
    odds: Doubles  # held-out log-odds, (rows,)


def fitted(rows: Floats, truth: Flags, importance: Floats, fold: Ints, settings: dict[str, Any], seed: int, use: Flags | None = None) -> Fitted:
    """Fit by folds, and whole. `use`: the rows that may teach; all have their odds told."""
    teach = np.ones(len(rows), np.bool_) if use is None else use
    by_fold, odds = {}, np.zeros(len(rows))
    for k in range(FOLDS):
        out = fold == k
        mine = teach & ~out
        by_fold[k] = boost(rows[mine], truth[mine], importance[mine], settings, seed)
        odds[out] = by_fold[k].log_odds(rows[out])
    return Fitted(boost(rows[teach], truth[teach], importance[teach], settings, seed), by_fold, odds)


def with_checks(found: Fitted, rows: Floats, fold: Ints, importance: Floats, low: float, high: float) -> Trees:
    """The trees with checks on the way: who is so far below `low` (or above `high`) that he stays there is walked no further, and is said to stand no nearer.

    The bounds come from held-out rows, as far as their fold's trees tell: of the rows that a check settles, SETTLED_WRONGLY at most would have
    crossed `low` or `high` with the rest of the trees.
    """
    checks = []
    budget = SETTLED_WRONGLY * float(importance.sum())
    for count in CHECKED:
        if count >= len(found.trees.roots):
            break
        sums = np.empty(len(rows))
        for k, trees in found.by_fold.items():
            sums[fold == k] = trees.after(rows[fold == k], count)
        checks.append((count, _bound(sums, found.odds > low, importance, budget), -_bound(-sums, found.odds < high, importance, budget)))
    return replace(found.trees, checks=np.array(checks).reshape(-1, 3), floor=low, ceiling=high)


def _bound(sums: Doubles, wrong: Flags, importance: Floats, budget: float) -> float:
    """The highest value below which no more than the budget of rows would be settled wrongly."""
    order = np.argsort(sums)
    cost = np.cumsum(np.where(wrong[order], importance[order], 0.0))
    at = int(np.searchsorted(cost, budget, side="right"))
    return float(sums[order][at]) if at < len(order) else float(sums.max())


def boost(rows: Floats, truth: Flags, importance: Floats, settings: dict[str, Any], seed: int) -> Trees:
    """A boosted ensemble as arrays; refuses to go on if both do not predict the same. `settings`: scikit-learn's, and a Plan."""
    shape = {name: value for name, value in settings.items() if name != "plan"}
    ensemble = HistGradientBoostingClassifier(**shape, early_stopping=False, random_state=seed, warm_start=True)
    plan: Plan = settings["plan"]
    for k, (_, rate) in enumerate(plan, 1):
        ensemble.set_params(max_iter=sum(count for count, _ in plan[:k]), learning_rate=rate).fit(rows, truth, sample_weight=importance)
    trees = trees_of(ensemble)
    probe = rows[:: max(1, len(rows) // PROBED)]
    if not np.allclose(sigmoid(trees.log_odds(probe)), ensemble.predict_proba(probe)[:, 1], atol=1e-4):
        raise RuntimeError("the arrays do not predict what scikit-learn predicts: its tree layout has changed; adapt trees_of")
    return trees


class Plain(NamedTuple):
    """One tree as its library has it, node 0 its root."""

    feature: npt.NDArray[Any]  # (nodes,)
    threshold: npt.NDArray[Any]  # (nodes,): right where the feature is greater
    left: npt.NDArray[Any]  # (nodes,): -1 at a leaf
    right: npt.NDArray[Any]  # (nodes,)
    value: npt.NDArray[Any]  # (nodes,)


def trees_of(ensemble: HistGradientBoostingClassifier) -> Trees:
    """The trees of a fitted two-class ensemble as arrays."""
    nodes = [predictor.nodes for (predictor,) in ensemble._predictors]
    plain = [Plain(each["feature_idx"], each["num_threshold"], np.where(each["is_leaf"], -1, each["left"].astype(np.int64)), each["right"], each["value"]) for each in nodes]
    return side_by_side(plain, float(np.ravel(ensemble._baseline_prediction)[0]))


def side_by_side(trees: Sequence[Plain], baseline: float) -> Trees:
    """Trees one after another, generation by generation, so that children of a node stand side by side."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    value: list[float] = []
    roots, deepest = [], 0
    for tree in trees:
        base = len(feature)
        roots.append(base)
        order, depth = [0], [0]
        for at, node in enumerate(order):  # grows: the children of each node go to its end
            inner = tree.left[node] >= 0
            feature.append(int(tree.feature[node]) if inner else 0)
            threshold.append(float(tree.threshold[node]) if inner else np.inf)
            left.append(base + (len(order) if inner else at))
            value.append(0.0 if inner else float(tree.value[node]))
            if inner:
                order += [int(tree.left[node]), int(tree.right[node])]
                depth += [depth[at] + 1] * 2
        deepest = max(deepest, depth[-1])
    return Trees(np.array(feature), np.array(threshold, np.float32), np.array(left), np.rint(np.array(value) * FINE).astype(np.int64), np.array(roots), deepest, baseline)


def platt(odds: npt.NDArray[np.floating], truth: Flags, importance: npt.NDArray[np.floating]) -> tuple[float, ...]:
    """Slopes, one a column, and offset that make held-out log-odds mean what they say (Platt 1999). `odds`: (rows, columns)."""
    found = LogisticRegression(C=100.0).fit(odds, truth, sample_weight=importance)
    return (*(float(slope) for slope in found.coef_[0]), float(found.intercept_[0]))
