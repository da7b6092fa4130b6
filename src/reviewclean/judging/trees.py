"""Boosted trees as plain arrays, walked with numpy: the same sums whichever scikit-learn trained them, and none needed to use them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
CHUNK = 128  # rows walked at a time: the pairs of rows and trees stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Trees:
    """A boosted ensemble. Nodes of all trees lie one after another; a node's right child follows its left one; a leaf is its own child."""

    feature: npt.NDArray[np.int32]  # (nodes,)
    threshold: Floats  # (nodes,): go right where the feature is greater; +inf at a leaf
    left: npt.NDArray[np.int32]  # (nodes,)
    value: Floats  # (nodes,): 0 but at leaves
    roots: npt.NDArray[np.int32]  # (trees,)
    depth: int
    baseline: float

    def log_odds(self, rows: Floats, early: int = 0, hopeless: float = -np.inf) -> npt.NDArray[np.float64]:
        """Sum of all trees for each row, shape (rows,).

        `early`: rows whose sum after so many trees is below `hopeless` are not walked further; most of a page is obvious chrome.
        """
        out = np.empty(len(rows), np.float64)
        for start in range(0, len(rows), CHUNK):
            chunk = np.ascontiguousarray(rows[start : start + CHUNK], np.float32)
            if 0 < early < len(self.roots):
                sums = self._walk(chunk, self.roots[:early])
                open_rows = np.flatnonzero(sums + self.baseline >= hopeless)
                if len(open_rows):
                    sums[open_rows] += self._walk(chunk[open_rows], self.roots[early:])
            else:
                sums = self._walk(chunk, self.roots)
            out[start : start + CHUNK] = sums
        return out + self.baseline

    def _walk(self, rows: Floats, roots: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
        at = np.broadcast_to(roots, (len(rows), len(roots))).ravel()
        flat = rows.ravel()
        first = np.repeat(np.arange(len(rows), dtype=np.int32) * rows.shape[1], len(roots))
        for _ in range(self.depth):
            seen = flat.take(self.feature.take(at) + first)
            at = self.left.take(at) + (seen > self.threshold.take(at))
        sums: npt.NDArray[np.float64] = self.value.take(at).reshape(len(rows), len(roots)).sum(axis=1, dtype=np.float64)
        return sums

    def as_dict(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def sigmoid(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -50, 50)))
