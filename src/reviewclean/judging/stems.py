"""What texts are about: the stems of their content words, weighed by how rare they are (TF-IDF, Spärck Jones 1972), the topics that these stand
for (latent semantic analysis, Deerwester et al. 1990), and how stretches of a text go together.

All stems of all units lie in one long column of (unit, stem) pairs: what a sparse matrix is, without its overhead on short texts. Pairs and
stems are in the order of texts and stems, so that sums come out alike whatever other texts are in the batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging.lexicon import known
from reviewclean.judging.ngrams import Ngrams
from reviewclean.judging.telling import Flags, Floats, Told, Words
from reviewclean.judging.wording import Ints, Numbers, Wording, compiled, paired, ranked, wording

STEM_BITS = 15
STEM_BUCKETS = 1 << STEM_BITS
TOPICS = 16  # dimensions
SHIFT = np.uint64(20)  # bits of a word's number that make room for the number of its text
TEXT_BITS = np.uint64(64 - 20)
MASK = np.uint64((1 << 44) - 1)

Doubles = npt.NDArray[np.float64]


class Lexis(NamedTuple):
    """What is known of stems before a text is read, by bucket, and of words."""

    rarity: Floats  # (STEM_BUCKETS,): inverse document frequency
    topics: Floats  # (STEM_BUCKETS, TOPICS): where stems stand that are used together
    ngrams: Ngrams


class Stems:
    """The stems of all units of some texts."""

    def __init__(self, told: Told, text_of_unit: Ints, lexis: Lexis) -> None:
        """`text_of_unit`: (units,)."""
        self.lexis = lexis
        self.units = len(text_of_unit)
        self.texts = int(text_of_unit[-1]) + 1
        at = np.flatnonzero(content(told.text, told.words))
        self.word = at  # (content words,): which word each is
        self.of_word: Ints = told.words.of[at]  # (content words,): its unit
        self.keys, self.stem_of_word = ranked(text_of_unit[self.of_word].astype(np.uint64) << TEXT_BITS | told.text.stem[at] >> SHIFT)
        self.count = max(len(self.keys), 1)
        bucket = _bucket(self.keys)
        self.rarity: Doubles = lexis.rarity[bucket].astype(np.float64)  # (stems,)
        self.topics: Doubles = lexis.topics[bucket].astype(np.float64)  # (stems, TOPICS)
        self.unit, self.stem, self.many, _ = paired(self.of_word, self.stem_of_word)  # (pairs,)
        self.weight: Doubles = np.sqrt(self.many) * self.rarity[self.stem]  # (pairs,)
        self.spread = np.bincount(self.stem, minlength=self.count)  # (stems,): in how many units it stands
        self.total = np.bincount(self.stem, self.weight, minlength=self.count)  # (stems,)
        square = self.by_unit(self.weight**2)
        self.norm: Doubles = np.sqrt(square)  # (units,)
        text_square = np.bincount((self.keys >> TEXT_BITS).astype(np.int64), self.total[: len(self.keys)] ** 2, minlength=self.texts)
        with_total = self.by_unit(self.weight * self.total[self.stem])
        self.rest_norm: Doubles = np.sqrt(np.maximum(text_square[text_of_unit] - 2 * with_total + square, 1e-9))  # (units,): of the text without the unit

    def by_unit(self, values: npt.NDArray[Any]) -> Doubles:
        """Sums of values, one a pair, over each unit."""
        return np.asarray(np.bincount(self.unit, values, minlength=self.units), np.float64)

    def find(self, unit: Ints, stem: Ints) -> Ints:
        """Where pairs are; units have these stems."""
        found: Ints = np.searchsorted(self.unit * self.count + self.stem, unit * self.count + stem)
        return found

    def titles(self, titles: Sequence[str], openings: Flags) -> Titles:
        """What the titles of the texts are about. `openings`: (words,), those that stand in for the title of a text that has none."""
        text = wording(titles)
        at = np.flatnonzero(content(text, None))
        bare = np.bincount(text.word_text[at], minlength=self.texts) == 0
        stands_in = openings[self.word] & bare[(self.keys[self.stem_of_word] >> TEXT_BITS).astype(np.int64)]
        own = text.word_text[at].astype(np.uint64) << TEXT_BITS | text.stem[at] >> SHIFT
        key, many = np.unique(np.concatenate((own, self.keys[self.stem_of_word[stands_in]])), return_counts=True)
        bucket, text_of_key = _bucket(key), (key >> TEXT_BITS).astype(np.int64)
        weight = np.sqrt(many) * self.lexis.rarity[bucket].astype(np.float64)
        norm = np.sqrt(np.bincount(text_of_key, weight**2, minlength=self.texts))
        of_stem = np.zeros(self.count)
        if len(self.keys):
            place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            hit = self.keys[place] == key
            of_stem[place[hit]] = weight[hit]
        return Titles(of_stem, norm, blend(text_of_key, np.arange(len(key)), weight, self.lexis.topics[bucket].astype(np.float64), self.texts))


class Titles(NamedTuple):
    """What the titles of some texts are about."""

    weight: Doubles  # (stems,): of each stem in the title of its text
    norm: Doubles  # (texts,): length of the title's vector
    topics: Doubles  # (texts, TOPICS)


def _bucket(keys: Numbers) -> Ints:
    return ((keys & MASK) >> np.uint64(44 - STEM_BITS)).astype(np.int64)


def blend(row: Ints, stem: Ints, weight: Doubles, topics: Doubles, rows: int) -> Doubles:
    """The topics of stretches of text, (rows, TOPICS): sums of those of their stems. `row`, `stem`, `weight`: (pairs,), in the order of rows; `topics`: (stems, TOPICS)."""
    if compiled is not None:
        out = np.zeros((rows, topics.shape[1]))
        compiled.blend(row, stem, weight, topics, out)
        return out
    from scipy.sparse import csr_array  # imported when a text is judged: the parent of a run judges none, and would carry 13 MB

    if not len(topics):
        return np.zeros((rows, TOPICS))
    starts = np.searchsorted(row, np.arange(rows + 1))
    found: Doubles = csr_array((weight, stem, starts), shape=(rows, len(topics))) @ topics
    return found


def cosines(a: Doubles, b: Doubles) -> Doubles:
    """Cosine of each row of `a` with the same row of `b`; 0 where one of them says nothing."""
    found: Doubles = _dots(a, b) / np.maximum(np.sqrt(_dots(a, a) * _dots(b, b)), 1e-9)
    return found


def _dots(a: Doubles, b: Doubles) -> Doubles:
    found: Doubles = np.einsum("ij,ij->i", a, b)  # row by row, with no product of all rows in between
    return found


def content(text: Wording, words: Words | None) -> Flags:
    """Which words say what a text is about."""
    told = words.told if words else known(text.word)
    flags: Flags = ~told.function & (text.word_end - text.word_start > 2)
    return flags


def ahead(stems: Stems, furthest: int) -> dict[int, Doubles]:
    """Cosine of each unit with the one 1, 2 … `furthest` further on, (units,) each. Units of different texts share no stems."""
    order = np.argsort(stems.stem * stems.units + stems.unit)  # the units of a stem, one after another: those that are wanted are among the next few
    unit, stem, weight = stems.unit[order], stems.stem[order], stems.weight[order]
    found = {}
    for offset in range(1, furthest + 1):
        products = np.zeros(len(order))
        for k in range(1, offset + 1):
            hit = np.flatnonzero((unit[k:] - unit[:-k] == offset) & (stem[k:] == stem[:-k]))
            products[order[hit]] = weight[hit] * weight[hit + k]
        far = stems.norm[np.minimum(np.arange(stems.units) + offset, stems.units - 1)]
        found[offset] = stems.by_unit(products) / np.maximum(stems.norm * far, 1e-6)
    return found
