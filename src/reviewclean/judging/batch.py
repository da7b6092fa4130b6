"""Some pages, read, with their words numbered: what every measure of a batch starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reviewclean.judging.language import languages_of
from reviewclean.judging.telling import Told, told
from reviewclean.judging.wording import Ints
from reviewclean.reading import Reading


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages of which each has at least one block."""

    readings: Sequence[Reading]
    told: Told  # of all blocks, one page after another
    languages: Sequence[str]  # of each page, as `languages_of` tells it

    @property
    def sizes(self) -> Ints:
        """(pages,): blocks of each."""
        return np.array([len(reading.blocks) for reading in self.readings], np.int64)

    def take(self, chosen: Sequence[int]) -> Batch:
        """Some of the pages alone, in their order."""
        if len(chosen) == len(self.readings):
            return self
        blocks = np.flatnonzero(np.isin(np.repeat(np.arange(len(self.readings)), self.sizes), chosen))
        return Batch([self.readings[i] for i in chosen], self.told.take(blocks), [self.languages[i] for i in chosen])


def batch_of(readings: Sequence[Reading]) -> Batch:
    """Number the words of some pages and tell their languages."""
    numbered = told([block.text for reading in readings for block in reading.blocks])
    return Batch(readings, numbered, languages_of(numbered, [len(reading.blocks) for reading in readings], [reading.about.language for reading in readings]))
