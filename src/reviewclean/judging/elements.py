"""The elements around the blocks of a batch of pages: what stands above each block, what each element holds.

Elements are numbered in document order, parents before their children, so what runs down the tree is found in one pass, and all that an element
holds is a stretch of blocks.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Sequence
from types import ModuleType

import numpy as np
import numpy.typing as npt

from reviewclean.judging.telling import Flags
from reviewclean.judging.weights import DISTANCES, FIELDS, OWN_TAGS, Floats, Kinds
from reviewclean.judging.wording import Ints
from reviewclean.reading import Reading

compiled: ModuleType | None
try:
    from reviewclean.judging import nesting as compiled
except ImportError:  # installed without a C compiler
    compiled = None

UP = 9  # levels: from this distance up the tree on, an element is as good as absent
NAMES = (*(f"own {tag}" for tag in OWN_TAGS), *(f"up {name}" for name in FIELDS), "token_own", "token_parent", "token_grand", "token_sum", "token_low", "token_high")  # fmt: skip


class Elements:
    """All elements of some pages, one after another."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        around = [reading.elements for reading in readings if reading.elements is not None]
        sizes, blocks = np.array([len(each.kinds) for each in around]), np.array([len(reading.blocks) for reading in readings])
        first, first_block = np.cumsum(sizes) - sizes, np.cumsum(blocks) - blocks
        self.around = around
        self.pages: Ints = np.repeat(np.arange(len(readings)), sizes)
        self.own: Ints = _joined([each.own for each in around]) + np.repeat(first, blocks)  # (blocks,): the element that each stands in
        self.depth: Ints = _joined([each.depths for each in around])
        self.parent: Ints = _joined([each.parents for each in around]) + first[self.pages]
        self.begin: Ints = _joined([each.begins for each in around]) + first_block[self.pages]
        self.end: Ints = _joined([each.ends for each in around]) + first_block[self.pages]

    def held(self, values: Ints) -> Ints:
        """Sums of whole numbers, one a block, over the blocks below each element."""
        sums = np.concatenate(([0], np.cumsum(values)))
        held: Ints = sums[self.end] - sums[self.begin]
        return held


def _joined(parts: Sequence[array[int]]) -> Ints:
    return np.frombuffer(b"".join(parts), np.int64)  # numpy takes ten times as long to join what are not its own arrays


def measure(elements: Elements, kinds: Kinds) -> Floats:
    """What the elements around each block tell, (blocks, len(NAMES)). `kinds`: of the elements, as `Weights.of_elements` has them."""
    count, parent = len(elements.parent), elements.parent
    up = np.full((count, len(FIELDS)), UP, np.uint8)  # levels up to the nearest element of each field, from each element
    far = np.zeros((count, 3), np.float32)  # sum, least and most of the far weights of an element and all above it
    last = np.ascontiguousarray(kinds.weights[:, DISTANCES - 1])
    if compiled is None:
        _spread(elements, kinds.fields, last, up, far)
    else:
        compiled.spread(parent, kinds.fields.view(np.uint8), last, UP, up, far)
    at = elements.own
    grand = parent[parent[at]]
    a, b, c = kinds.weights[at, 0], kinds.weights[parent[at], 1], kinds.weights[grand, 2]
    rest = far[parent[grand]]
    near: npt.NDArray[np.float32] = np.stack((a, b, c, a + b + c + rest[:, 0], np.minimum.reduce([a, b, c, rest[:, 1]]), np.maximum.reduce([a, b, c, rest[:, 2]])), axis=1)
    return np.concatenate((kinds.own[at].astype(np.float32), up[at].astype(np.float32), near), axis=1)


def _spread(elements: Elements, fields: Flags, weight: Floats, up: npt.NDArray[np.uint8], far: Floats) -> None:
    """`nesting.spread` without a compiler: a generation at a time, from the children of the root down."""
    order = np.argsort(elements.depth, kind="stable")
    bounds = np.searchsorted(elements.depth[order], np.arange(1, int(elements.depth.max()) + 2))
    for a, b in itertools.pairwise(bounds):
        these = order[a:b]
        above = elements.parent[these]
        up[these] = np.where(fields[these], 0, np.minimum(up[above] + 1, UP))
        far[these, 0] = far[above, 0] + weight[these]
        far[these, 1] = np.minimum(far[above, 1], weight[these])
        far[these, 2] = np.maximum(far[above, 2], weight[these])


def main_of(elements: Elements, prose: Ints, total: Ints) -> tuple[Ints, Ints]:
    """Of each page: the deepest element that holds most of its prose. Of each block: how many levels its path shares with the path down to it.

    `prose`: held by each element; `total`: of each page, at least 1.
    """
    pages = len(total)
    most = prose >= 0.6 * total[elements.pages]
    main = np.zeros(pages, np.int64)
    first = np.searchsorted(elements.pages, np.arange(pages))
    main[:] = first
    at = np.flatnonzero(most)
    main[elements.pages[at]] = at  # those that hold most are nested in each other: the last in document order is the deepest
    change = np.zeros(len(elements.own) + 1, np.int64)
    chain = main[main > first]
    while len(chain):
        np.add.at(change, elements.begin[chain], 1)
        np.add.at(change, elements.end[chain], -1)
        chain = elements.parent[chain]
        chain = chain[elements.depth[chain] > 0]
    return main, np.cumsum(change[:-1])
