"""Boosted trees as plain arrays: the same sums whichever scikit-learn trained them, and none needed to use them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from types import ModuleType

import numpy as np
import numpy.typing as npt

compiled: ModuleType | None
try:
    from reviewclean.judging import descent as compiled
except ImportError:  # installed without a C compiler: numpy goes down the trees, to equal sums
    compiled = None

Floats = npt.NDArray[np.float32]
PAIRS = 24_000  # of a row and a tree, walked at a time: they stay in the processor's cache, and are worth a call of numpy
FINE = 2.0**32  # leaves are whole multiples of its inverse: their sums are exact, in whatever order they are added
THINNED = 6  # levels: after so many, and every two more, the pairs that have come to a leaf are set aside


Doubles = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]  # numpy widens narrower ones at every look-up, which takes as long as the look-up
PLACES = ("feature", "left", "roots")


@dataclass(frozen=True, slots=True)
class Trees:
    """A boosted ensemble. Nodes of all trees lie one after another; a node's right child follows its left one; a leaf is its own child."""

    feature: Places  # (nodes,)
    threshold: Floats  # (nodes,): go right where the feature is greater; +inf at a leaf
    left: Places  # (nodes,)
    value: npt.NDArray[np.int64]  # (nodes,): in units of 1 / FINE, 0 but at leaves
    roots: Places  # (trees,)
    depth: int
    baseline: float
    checks: Doubles = field(default_factory=lambda: np.zeros((0, 3)))  # (checks, 3): after so many trees, rows whose sum is below or above these are settled
    floor: float = np.inf  # log-odds of rows that a check settles from below: no more than these, which are what it was made for
    ceiling: float = -np.inf  # the same from above: no less
    width: int = field(init=False)  # features that rows have at least

    def __post_init__(self) -> None:
        """Raises ValueError where a walk could leave the trees, or never end: compiled code would not notice."""
        for name in PLACES:
            object.__setattr__(self, name, getattr(self, name).astype(np.intp))
        object.__setattr__(self, "width", int(self.feature.max(initial=-1)) + 1)
        at = np.arange(len(self.left))
        leaf = self.left == at
        sound = {len(at)} == {len(self.feature), len(self.threshold), len(self.value)} and (self.feature >= 0).all() and np.isposinf(self.threshold[leaf]).all()
        if not (sound and (self.left >= at).all() and (self.left[~leaf] < len(at) - 1).all() and ((self.roots >= 0) & (self.roots < len(at))).all()):
            raise ValueError("trees whose nodes lead out of them")

    def log_odds(self, rows: Floats) -> Doubles:
        """Sum of the trees for each row, shape (rows,). Rows that `checks` call settled are not walked further: most of a page is obvious."""
        odds = np.full(len(rows), self.baseline)
        left = np.arange(len(rows))
        start = 0
        for count, low, high in self.checks.tolist():
            if not len(left):
                break
            odds[left] += self._sums(rows if len(left) == len(rows) else rows[left], self.roots[start : int(count)])
            start = int(count)
            told = odds[left]
            below, above = told < low, told > high
            odds[left[below]], odds[left[above]] = np.minimum(told[below], self.floor), np.maximum(told[above], self.ceiling)
            left = left[~(below | above)]
        if len(left):
            odds[left] += self._sums(rows if len(left) == len(rows) else rows[left], self.roots[start:])
        return odds

    def after(self, rows: Floats, count: int) -> Doubles:
        """Sum of the first `count` trees for each row."""
        return self._sums(rows, self.roots[:count]) + self.baseline

    def _sums(self, rows: Floats, roots: Places) -> Doubles:
        if rows.shape[1] < self.width:
            raise ValueError(f"rows of {rows.shape[1]} features, for trees that ask for {self.width}")
        return self._chunks(rows, roots) if compiled is None else self._compiled(rows, roots)

    def _compiled(self, rows: Floats, roots: Places) -> Doubles:
        assert compiled is not None
        sums = np.zeros(len(rows), np.int64)
        compiled.descend(np.ascontiguousarray(rows, np.float32), self.feature, self.threshold, self.left, self.value, roots, sums)
        return sums / FINE

    def _chunks(self, rows: Floats, roots: Places) -> Doubles:
        sums = np.empty(len(rows), np.float64)
        size = max(1, PAIRS // max(len(roots), 1))
        for start in range(0, len(rows), size):
            chunk = np.ascontiguousarray(rows[start : start + size], np.float32)
            sums[start : start + size] = self._walk(chunk, roots)
        return sums

    def _walk(self, rows: Floats, roots: Places) -> Doubles:
        at = np.repeat(roots, len(rows))  # pairs of tree and row, a tree at a time: its nodes are in the cache
        flat = rows.ravel()
        first = np.tile(np.arange(len(rows)) * rows.shape[1], len(roots))
        ends = at.copy()
        pairs = np.arange(len(at))
        for level in range(self.depth):
            seen = flat.take(self.feature.take(at) + first)
            at = self.left.take(at) + (seen > self.threshold.take(at))
            if level >= THINNED and level % 2 == 0:
                inner = np.flatnonzero(self.left.take(at) != at)
                ends[pairs] = at
                at, first, pairs = at[inner], first[inner], pairs[inner]
        ends[pairs] = at
        sums: Doubles = self.value.take(ends).reshape(len(roots), len(rows)).sum(axis=0) / FINE
        return sums

    def as_dict(self) -> dict[str, object]:
        """For a model file, which holds places narrow."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.init} | {name: getattr(self, name).astype(np.int32) for name in PLACES}


def sigmoid(x: Doubles) -> Doubles:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -50, 50)))
