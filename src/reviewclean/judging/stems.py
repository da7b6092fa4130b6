"""What texts are about: the stems of their content words, weighed by how rare they are (TF-IDF, Spärck Jones 1972), and how stretches of a text go together.

All stems of all units lie in one long column of (unit, stem) pairs: what a sparse matrix is, without its overhead on short texts. Pairs and
stems are in the order of texts and stems, so that sums come out alike whatever other texts are in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reviewclean.judging.telling import Flags, Floats, Told, Words
from reviewclean.judging.wording import Ints, Numbers, Wording, known, wording

RARITY_BITS = 15
RARITY_BUCKETS = 1 << RARITY_BITS
SHIFT = np.uint64(20)  # bits of a word's number that make room for the number of its text
TEXT_BITS = np.uint64(64 - 20)
MASK = np.uint64((1 << 44) - 1)

Doubles = npt.NDArray[np.float64]


class Stems:
    """The stems of all units of some texts."""

    def __init__(self, told: Told, text_of_unit: Ints, rarity: Floats) -> None:
        """`text_of_unit`: (units,). `rarity`: inverse document frequency by bucket, (RARITY_BUCKETS,)."""
        self.rarity_of_bucket = rarity
        self.units = len(text_of_unit)
        self.texts = int(text_of_unit[-1]) + 1
        at = np.flatnonzero(content(told.text, told.words))
        self.word = at  # (content words,): which word each is
        self.of_word: Ints = told.words.of[at]  # (content words,): its unit
        self.keys, self.stem_of_word = np.unique(text_of_unit[self.of_word].astype(np.uint64) << TEXT_BITS | told.text.stem[at] >> SHIFT, return_inverse=True)
        self.count = max(len(self.keys), 1)
        self.rarity = self._rarity(self.keys)  # (stems,)
        self.pairs, self.many = np.unique(self.of_word * self.count + self.stem_of_word, return_counts=True)
        self.unit, self.stem = self.pairs // self.count, self.pairs % self.count  # (pairs,)
        self.weight: Doubles = np.sqrt(self.many) * self.rarity[self.stem]  # (pairs,)
        self.spread = np.bincount(self.stem, minlength=self.count)  # (stems,): in how many units it stands
        self.total = np.bincount(self.stem, self.weight, minlength=self.count)  # (stems,)
        square = self.by_unit(self.weight**2)
        self.norm: Doubles = np.sqrt(square)  # (units,)
        text_square = np.bincount((self.keys >> TEXT_BITS).astype(np.int64), self.total[: len(self.keys)] ** 2, minlength=self.texts)
        with_total = self.by_unit(self.weight * self.total[self.stem])
        self.rest_norm: Doubles = np.sqrt(np.maximum(text_square[text_of_unit] - 2 * with_total + square, 1e-9))  # (units,): of the text without the unit

    def _rarity(self, keys: Numbers) -> Doubles:
        return self.rarity_of_bucket[((keys & MASK) >> np.uint64(44 - RARITY_BITS)).astype(np.intp)].astype(np.float64)

    def by_unit(self, values: npt.NDArray[Any]) -> Doubles:
        """Sums of values, one a pair, over each unit."""
        return np.asarray(np.bincount(self.unit, values, minlength=self.units), np.float64)

    def find(self, pairs: Ints) -> tuple[Ints, Flags]:
        """Where pairs (unit * count + stem) are, and whether they are there at all."""
        if not len(self.pairs):
            return np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.bool_)
        place = np.minimum(np.searchsorted(self.pairs, pairs), len(self.pairs) - 1)
        return place, self.pairs[place] == pairs

    def titles(self, titles: Sequence[str], openings: Flags) -> tuple[Doubles, Doubles]:
        """The weight of each stem in the title of its text, (stems,), and the length of each title's vector, (texts,).

        `openings`: (words,), those that stand in for the title of a text that has none.
        """
        text = wording(titles)
        at = np.flatnonzero(content(text, None))
        bare = np.bincount(text.word_text[at], minlength=self.texts) == 0
        stands_in = openings[self.word] & bare[(self.keys[self.stem_of_word] >> TEXT_BITS).astype(np.int64)]
        own = text.word_text[at].astype(np.uint64) << TEXT_BITS | text.stem[at] >> SHIFT
        key, many = np.unique(np.concatenate((own, self.keys[self.stem_of_word[stands_in]])), return_counts=True)
        weight = np.sqrt(many) * self._rarity(key)
        norm = np.sqrt(np.bincount((key >> TEXT_BITS).astype(np.int64), weight**2, minlength=self.texts))
        of_stem = np.zeros(self.count)
        if len(self.keys):
            place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            hit = self.keys[place] == key
            of_stem[place[hit]] = weight[hit]
        return of_stem, norm


def content(text: Wording, words: Words | None) -> Flags:
    """Which words say what a text is about."""
    told = words.told if words else known(text.word)
    flags: Flags = ~told.function & (text.word_end - text.word_start > 2)
    return flags


def cosine(stems: Stems, offset: int) -> Doubles:
    """Cosine of each unit with the one `offset` further on, (units,). Units of different texts share no stems."""
    place, hit = stems.find(stems.pairs + offset * stems.count)
    dots = np.bincount(stems.unit[hit], stems.weight[hit] * stems.weight[place[hit]], minlength=stems.units)
    far = stems.norm[np.minimum(np.arange(stems.units) + offset, stems.units - 1)]
    return dots / np.maximum(stems.norm * far, 1e-6)


def rarity_of(texts: Sequence[str]) -> Floats:
    """Inverse document frequency by hashed stem, from many texts. Unseen buckets count as rarest."""
    seen = np.zeros(RARITY_BUCKETS, np.float64)
    for one in texts:
        text = wording([one])
        seen[np.unique((text.stem[content(text, None)] >> np.uint64(64 - RARITY_BITS)).astype(np.intp))] += 1
    return np.log((len(texts) + 1.0) / (seen + 1.0)).astype(np.float32) + 1.0
