"""Words and phrases that are known: each word of a text is looked up by its number, and so is each run of words that could be a phrase, all at once."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging.phrases import FAMILIES, KNOWN, LISTS, phrases, word_list
from reviewclean.judging.wording import MIX, Ints, Numbers, Wording, wording

compiled: ModuleType | None
try:
    from reviewclean.judging import numbering as compiled
except ImportError:  # installed without a C compiler
    compiled = None

GRAM = np.uint64(0xD6E8_FEB8_6659_FD93)  # joins the numbers of words that follow each other
BITS = 20  # of a place in the table of known words
LONGEST = 8  # words in a phrase
LENGTHS = 21  # from the bit after this one on: the lengths of phrases that a word begins
FUNCTION = np.uint32(sum(1 << i for i, name in enumerate(LISTS) if name.startswith("function_words/") and name.removeprefix("function_words/") in KNOWN))


class _Lexicon(NamedTuple):
    """Known words in a table with one place for each, and phrases by their number."""

    salt: np.uint64
    places: npt.NDArray[np.int16]  # (2 ** BITS,): index into `keys`
    keys: Numbers
    bits: npt.NDArray[np.uint32]
    grams: Numbers  # sorted
    shelves: Ints  # (1 << 16,): where those begin whose upper bits are 0, 1, 2 …
    families: npt.NDArray[np.uint16]  # bits of FAMILIES, one a gram


@cache
def _lexicon() -> _Lexicon:
    bits: dict[int, int] = {}
    for i, name in enumerate(LISTS):
        for number in wording(sorted(word_list(name))).word.tolist():
            bits[number] = bits.get(number, 0) | 1 << i
    grams: dict[int, int] = {}
    for family, lines in enumerate(phrases()):
        for line in lines:
            words = wording([line]).word
            gram = int(_grams(words, np.zeros(1, np.int64), len(words))[0])
            grams[gram] = grams.get(gram, 0) | 1 << family
            bits[int(words[0])] = bits.get(int(words[0]), 0) | 1 << (LENGTHS + len(words))
    keys = np.array(list(bits), np.uint64)
    salt, places = _placed(keys)
    ordered = np.array(sorted(grams), np.uint64)
    shelves = np.searchsorted(ordered, np.arange(1 << 16, dtype=np.uint64) << np.uint64(48))
    return _Lexicon(salt, places, keys, np.array(list(bits.values()), np.uint32), ordered, shelves, np.array([grams[gram] for gram in ordered.tolist()], np.uint16))


def _placed(keys: Numbers) -> tuple[np.uint64, npt.NDArray[np.int16]]:
    """A multiplier that sends no two keys to one place, and the table that follows from it."""
    multiplier = int(MIX)
    while True:
        multiplier = (multiplier * 6364136223846793005 + 1442695040888963407) % (1 << 64) | 1
        salt = np.uint64(multiplier)
        at = (keys * salt) >> np.uint64(64 - BITS)
        if len(np.unique(at)) == len(keys):  # one try in a few dozens, for three thousand keys
            places = np.zeros(1 << BITS, np.int16)
            places[at] = np.arange(len(keys))
            return salt, places


class Known(NamedTuple):
    """What the lists of words and phrases say of each word, as bits."""

    bits: npt.NDArray[np.uint32]  # (words,)

    def is_a(self, name: str) -> npt.NDArray[np.bool_]:
        """Which words stand in one of the LISTS."""
        found: npt.NDArray[np.bool_] = (self.bits & np.uint32(1 << LISTS.index(name))) != 0
        return found

    @property
    def function(self) -> npt.NDArray[np.bool_]:
        """Which words are function words of any of our languages."""
        found: npt.NDArray[np.bool_] = (self.bits & FUNCTION) != 0
        return found


def known(words: Numbers) -> Known:
    """Look all words up in the lists."""
    lexicon = _lexicon()
    if compiled is not None:
        bits = np.empty(len(words), np.uint32)
        compiled.known(words, int(lexicon.salt), 64 - BITS, lexicon.places, lexicon.keys, lexicon.bits, bits)
        return Known(bits)
    at = lexicon.places[(words * lexicon.salt) >> np.uint64(64 - BITS)]
    return Known(np.where(lexicon.keys[at] == words, lexicon.bits[at], np.uint32(0)))


def families(text: Wording, told: Known, part: Ints, parts: int) -> npt.NDArray[np.float64]:
    """How many words of each part stand in phrases of each family, (parts, FAMILIES). `part`: (words,), which part each word belongs to."""
    lexicon = _lexicon()
    if compiled is not None:
        counts = np.zeros((parts, len(FAMILIES)))
        ends = text.first[1:][text.word_text]
        compiled.phrases(text.word, told.bits, LENGTHS + 1, LONGEST, int(GRAM), int(MIX), ends, part, lexicon.grams, lexicon.shelves, lexicon.families, counts)
        return counts
    at: list[Ints] = []
    grams: list[Numbers] = []
    starters = np.flatnonzero(told.bits >> np.uint32(LENGTHS + 1))
    lengths = told.bits[starters] >> np.uint32(LENGTHS + 1)
    room = text.first[text.word_text[starters] + 1] - starters
    for length in range(1, LONGEST + 1):
        here = starters[(lengths & np.uint32(1 << (length - 1)) != 0) & (room >= length)]
        at.append(here)
        grams.append(_grams(text.word, here, length))
    gram = np.concatenate(grams)
    place = np.minimum(np.searchsorted(lexicon.grams, gram), len(lexicon.grams) - 1)
    hit = np.flatnonzero(lexicon.grams[place] == gram)
    size = np.repeat(np.arange(1, LONGEST + 1), [len(here) for here in at])[hit]
    of, found = part[np.concatenate(at)[hit]], lexicon.families[place[hit]]
    which = np.flatnonzero(found[:, None] >> np.arange(len(FAMILIES), dtype=np.uint16) & 1)  # (hits, FAMILIES), flat
    row, family = which // len(FAMILIES), which % len(FAMILIES)
    return np.asarray(np.bincount(of[row] * len(FAMILIES) + family, size[row], minlength=parts * len(FAMILIES)), np.float64).reshape(parts, len(FAMILIES))


def _grams(words: Numbers, at: Ints, length: int) -> Numbers:
    """The number of the `length` words that begin at each place."""
    gram = words[at]
    for k in range(1, length):
        gram = gram * GRAM + words[at + k]
    return gram * MIX
