"""The elements around the blocks of a batch of pages: what stands above each block, what each element holds.

Elements are numbered in document order, parents before their children, so everything that runs down the tree is computed a generation at a
time, and all that an element holds is a stretch of blocks.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from reviewclean.judging.weights import DISTANCES, FIELDS, OWN_TAGS, Floats, Kinds
from reviewclean.judging.wording import Ints
from reviewclean.reading import Reading

UP = 9  # levels: from this distance up the tree on, an element is as good as absent
NAMES = (*(f"own {tag}" for tag in OWN_TAGS), *(f"up {name}" for name in FIELDS), "token_own", "token_parent", "token_grand", "token_sum", "token_low", "token_high")  # fmt: skip


class Elements:
    """All elements of some pages, one after another."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        around = [reading.elements for reading in readings if reading.elements is not None]
        steps = list(itertools.chain.from_iterable(each.steps for each in around))
        sizes = np.array([len(each.steps) for each in around])
        blocks = np.array([len(reading.blocks) for reading in readings])
        offset = np.repeat(np.cumsum(sizes) - sizes, sizes)
        block_offset = np.repeat(np.cumsum(blocks) - blocks, sizes)
        self.steps = steps
        self.parent: Ints = np.array([step.parent for step in steps], np.int64) + offset
        self.depth: Ints = np.array([step.depth for step in steps], np.int64)
        self.begin: Ints = np.concatenate([np.array(each.begins, np.int64) for each in around]) + block_offset
        self.end: Ints = np.concatenate([np.array(each.ends, np.int64) for each in around]) + block_offset
        self.pages: Ints = np.repeat(np.arange(len(readings)), sizes)
        first = np.cumsum(sizes) - sizes
        self.own: Ints = np.array([block.path[-1].number if block.path else 0 for reading in readings for block in reading.blocks], np.int64) + np.repeat(first, blocks)
        order = np.argsort(self.depth, kind="stable")
        bounds = np.searchsorted(self.depth[order], np.arange(1, int(self.depth.max()) + 2))
        self.generations = [order[a:b] for a, b in itertools.pairwise(bounds)]  # from the children of the root down

    def held(self, values: Ints) -> Ints:
        """Sums of whole numbers, one a block, over the blocks below each element."""
        sums = np.concatenate(([0], np.cumsum(values)))
        held: Ints = sums[self.end] - sums[self.begin]
        return held


def measure(elements: Elements, kinds: Kinds) -> Floats:
    """What the elements around each block tell, (blocks, len(NAMES)). `kinds`: of the elements, as `Weights.of_steps` has them."""
    count, parent = len(elements.steps), elements.parent
    up = np.full((count, len(FIELDS)), UP, np.uint8)  # levels up to the nearest element of each field, from each element
    last = kinds.weights[:, DISTANCES - 1]
    far = np.zeros((count, 3), np.float32)  # sum, least and most of the far weights of an element and all above it
    for these in elements.generations:
        above = parent[these]
        up[these] = np.where(kinds.fields[these], 0, np.minimum(up[above] + 1, UP))
        far[these, 0] = far[above, 0] + last[these]
        far[these, 1] = np.minimum(far[above, 1], last[these])
        far[these, 2] = np.maximum(far[above, 2], last[these])
    at = elements.own
    grand = parent[parent[at]]
    a, b, c = kinds.weights[at, 0], kinds.weights[parent[at], 1], kinds.weights[grand, 2]
    rest = far[parent[grand]]
    near: npt.NDArray[np.float32] = np.stack((a, b, c, a + b + c + rest[:, 0], np.minimum.reduce([a, b, c, rest[:, 1]]), np.maximum.reduce([a, b, c, rest[:, 2]])), axis=1)
    return np.concatenate((kinds.own[at].astype(np.float32), up[at].astype(np.float32), near), axis=1)


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
