"""Boosted trees as plain arrays, walked with numpy: the same sums whichever scikit-learn trained them, and none needed to use them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

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

    def __post_init__(self) -> None:
        for name in PLACES:
            object.__setattr__(self, name, getattr(self, name).astype(np.intp))

    def log_odds(self, rows: Floats) -> Doubles:
        """Sum of the trees for each row, shape (rows,). Rows that `checks` call settled are not walked further: most of a page is obvious."""
        sums = np.zeros(len(rows), np.float64)
        left = np.arange(len(rows))
        start = 0
        for count, low, high in self.checks.tolist():
            if not len(left):
                break
            sums[left] += self._sums(rows if len(left) == len(rows) else rows[left], self.roots[start : int(count)])
            start = int(count)
            told = sums[left] + self.baseline
            left = left[(told >= low) & (told <= high)]
        if len(left):
            sums[left] += self._sums(rows if len(left) == len(rows) else rows[left], self.roots[start:])
        return sums + self.baseline

    def after(self, rows: Floats, count: int) -> Doubles:
        """Sum of the first `count` trees for each row."""
        return self._sums(rows, self.roots[:count]) + self.baseline

    def _sums(self, rows: Floats, roots: Places) -> Doubles:
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
        return {name: getattr(self, name) for name in self.__slots__} | {name: getattr(self, name).astype(np.int32) for name in PLACES}


def sigmoid(x: Doubles) -> Doubles:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -50, 50)))
