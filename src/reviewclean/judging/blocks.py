"""The blocks of a batch of pages, one after another, with their columns as these are found."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.data import Block
from reviewclean.judging import telling
from reviewclean.judging.batch import Batch
from reviewclean.judging.elements import Elements
from reviewclean.judging.telling import Flags
from reviewclean.judging.weights import Kinds, Weights
from reviewclean.judging.wording import Ints

compiled: ModuleType | None
try:
    from reviewclean.judging import nesting as compiled
except ImportError:  # installed without a C compiler
    compiled = None

PROSE_WORDS = 10  # a block is prose from this many words on, if it is not mostly link


class Marks(NamedTuple):
    """The links and the emphasis of some blocks."""

    at: list[int]  # (links,): the block of each
    sizes: list[int]  # (links,): characters
    targets: list[str]  # (links,)
    strong: list[int]  # the block of each stretch in strong type
    strong_sizes: list[int]


def marks_of(blocks: list[Block]) -> Marks:
    """All of them, in order."""
    found = Marks([], [], [], [], [])
    write = _marks if compiled is None else compiled.marks
    write(blocks, *found)
    return found


def _marks(blocks: list[Block], at: list[int], sizes: list[int], targets: list[str], strong: list[int], strong_sizes: list[int]) -> None:
    """`nesting.marks` without a compiler."""
    for i, block in enumerate(blocks):
        for mark in block.marks:
            if mark.kind == "link":
                at.append(i)
                sizes.append(mark.end - mark.start)
                targets.append(mark.target)
            elif mark.kind == "strong":
                strong.append(i)
                strong_sizes.append(mark.end - mark.start)


class Pages:
    """The blocks of some pages, one after another, and what is asked of them again and again."""

    def __init__(self, batch: Batch, weights: Weights) -> None:
        readings, told = batch.readings, batch.told
        self.batch = batch
        self.readings = readings
        self.told = told
        self.weights = weights
        self.blocks: list[Block] = [block for reading in readings for block in reading.blocks]
        sizes = np.array([len(reading.blocks) for reading in readings])
        self.end: Ints = np.cumsum(sizes)  # (pages,)
        self.start: Ints = self.end - sizes  # (pages,)
        self.of: Ints = np.repeat(np.arange(len(readings)), sizes)  # (blocks,): the page of each
        self.index: Ints = np.arange(len(self.blocks))
        self.first, self.last = self.start[self.of], self.end[self.of] - 1  # (blocks,): first and last block of its page
        self.elements = Elements(readings)
        self.kinds: Kinds = weights.of_elements(self.elements.around)
        self.columns: dict[str, npt.NDArray[Any]] = {name: told.rows[:, i] for i, name in enumerate(telling.NAMES)}
        self.heading: Flags = np.array([block.kind == "heading" for block in self.blocks], np.bool_)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def sums(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The sum over each page, (pages,)."""
        return np.bincount(self.of, values, minlength=len(self.readings))

    def before(self, values: Ints) -> Ints:
        """Of whole numbers: the sum over all blocks of the page that stand before each block."""
        sums = np.cumsum(values) - values
        before: Ints = sums - sums[self.first]
        return before
