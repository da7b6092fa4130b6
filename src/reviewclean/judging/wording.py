"""Texts to numbers, a whole batch at a time: where words begin, which words are the same, what is known of them.

A Python pass over the words of a page would cost as much as all else together. Here every word gets its number (a rolling hash after Karp and
Rabin, 1987) from a few operations on one column of characters, and whatever counts words or characters counts in these columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging.letters import SIZE, SPACE, letters
from reviewclean.judging.phrases import FAMILIES, KNOWN, LISTS, phrases, word_list

compiled: ModuleType | None
try:
    from reviewclean.judging import numbering as compiled
except ImportError:  # installed without a C compiler: numpy finds equal numbers
    compiled = None

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint64]

STEM = 6  # letters: a crude stem that serves all our languages alike
BASE = np.uint64(0x9E6C_63D0_876A_5B4D)  # of the rolling hash: any odd number without a pattern
MIX = np.uint64(0x9E37_79B9_7F4A_7C15)  # spreads numbers over their upper bits (Knuth's multiplicative hashing)
GRAM = np.uint64(0xD6E8_FEB8_6659_FD93)  # joins the numbers of words that follow each other
BITS = 20  # of a place in the table of known words
CHUNK = 1 << 18  # characters numbered in one go: what they need stays in the processor's cache
LONGEST = 8  # words in a phrase
LENGTHS = 21  # from the bit after this one on: the lengths of phrases that a word begins


@dataclass(frozen=True, slots=True)
class Wording:
    """Texts as columns. Of a word: where it stands, and its number; equal words have equal numbers, upper or lower case."""

    codes: npt.NDArray[np.uint32]  # (characters,): all texts, one after another, a line break after each
    kind: npt.NDArray[np.uint8]  # (characters,): as `letters` has it
    starts: Ints  # (texts,): of each text, in characters
    ends: Ints  # (texts,)
    word_start: Ints  # (words,): in characters
    word_end: Ints  # (words,)
    word_text: Ints  # (words,): which text it stands in
    first: Ints  # (texts + 1,): the first word of each text
    word: Numbers  # (words,)
    stem: Numbers  # (words,): number of its first STEM letters

    @property
    def texts(self) -> int:
        return len(self.starts)

    def cut(self, starts: Ints, ends: Ints) -> tuple[Wording, Ints]:
        """Some stretches of the texts (ascending, none empty, none across two texts) as texts of their own, and which words these are."""
        new_ends = np.cumsum(ends - starts + 1)
        new_starts = new_ends - (ends - starts + 1)
        first, last = np.searchsorted(self.word_start, starts), np.searchsorted(self.word_start, ends)
        bounds = np.concatenate(([0], np.cumsum(last - first)))
        codes, kind, start, end, text, word, stem, which = self._cut(starts, ends, new_starts, first, last, int(new_ends[-1]) if len(starts) else 0, int(bounds[-1]))
        return Wording(codes, kind, new_starts, new_ends - 1, start, end, text, bounds, word, stem), which

    def _cut(self, starts: Ints, ends: Ints, new_starts: Ints, first: Ints, last: Ints, size: int, words: int) -> tuple[npt.NDArray[Any], ...]:
        """The columns of `cut` that are as long as its texts (`size` characters, `words`), and which words its words are."""
        if compiled is not None:
            kinds = (np.uint32, np.uint8, np.int64, np.int64, np.int64, np.uint64, np.uint64, np.int64)
            out: tuple[npt.NDArray[Any], ...] = tuple(np.empty(size if place < 2 else words, kind) for place, kind in enumerate(kinds))
            compiled.cut(self.codes, self.kind, self.word_start, self.word_end, self.word, self.stem, starts, ends, first, last, SPACE, *out)
            return out
        at = ranges(starts, ends - starts + 1)
        codes, kind = self.codes[at], self.kind[at]
        line_ends = new_starts + ends - starts
        codes[line_ends], kind[line_ends] = ord("\n"), SPACE
        counts = last - first
        which = ranges(first, counts)
        shift = np.repeat(new_starts - starts, counts)
        return codes, kind, self.word_start[which] + shift, self.word_end[which] + shift, np.repeat(np.arange(len(starts)), counts), self.word[which], self.stem[which], which

    def take(self, chosen: Ints) -> tuple[Wording, Ints]:
        """Some of the texts alone (ascending), and which words these are."""
        if len(chosen) == self.texts:
            return self, np.arange(len(self.word))
        return self.cut(self.starts[chosen], self.ends[chosen])


def ranges(starts: Ints, sizes: Ints) -> Ints:
    """start, start + 1, … start + size - 1 of each pair, one after another."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    found: Ints = np.arange(total) + np.repeat(starts - (ends - sizes), sizes)
    return found


def wording(texts: Sequence[str]) -> Wording:
    """The columns of some texts; none of them may hold a lone surrogate."""
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    if compiled is not None or not len(ends) or ends[-1] <= CHUNK:
        return _wording(texts)
    cuts = [0, *np.flatnonzero(np.diff(ends // CHUNK)) + 1, len(texts)]
    return _joined([_wording(texts[start:end]) for start, end in pairwise(cuts)])


def _joined(parts: Sequence[Wording]) -> Wording:
    """The columns of some texts and of others behind them."""
    characters, texts, words = (np.cumsum([0, *sizes])[:-1] for sizes in zip(*((len(part.codes), part.texts, len(part.word)) for part in parts), strict=True))

    def column(name: str, shifts: Ints | None = None) -> npt.NDArray[Any]:
        columns = [getattr(part, name) for part in parts]
        return np.concatenate(columns if shifts is None else [one + shift for one, shift in zip(columns, shifts, strict=True)])

    first = np.concatenate([part.first[:-1] + shift for part, shift in zip(parts, words, strict=True)] + [[words[-1] + len(parts[-1].word)]])
    return Wording(
        column("codes"), column("kind"), column("starts", characters), column("ends", characters), column("word_start", characters), column("word_end", characters),
        column("word_text", texts), first, column("word"), column("stem"),
    )  # fmt: skip


def _wording(texts: Sequence[str]) -> Wording:
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    sizes = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(sizes + 1) - 1
    kind, word_start, word_end, word, stem = _numbered(codes) if compiled is None else _compiled(codes)
    kind[ends] = SPACE  # what parts two texts is not a line break of either
    first = np.searchsorted(word_start, np.concatenate((ends - sizes, [len(codes)])))
    return Wording(codes, kind, ends - sizes, ends, word_start, word_end, np.repeat(np.arange(len(texts)), np.diff(first)), first, word, stem)


Numbered = tuple[npt.NDArray[np.uint8], Ints, Ints, Numbers, Numbers]


def _compiled(codes: npt.NDArray[np.uint32]) -> Numbered:
    """As `_numbered`."""
    assert compiled is not None
    table = letters()
    kind, inside = np.empty(len(codes), np.uint8), table.word.view(np.uint8)
    count = compiled.count(codes, table.kind, inside, kind)
    start, end, word, stem = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.uint64), np.empty(count, np.uint64)
    compiled.number(codes, inside, table.lower, int(BASE), int(MIX), STEM, start, end, word, stem)
    return kind, start, end, word, stem


def _numbered(codes: npt.NDArray[np.uint32]) -> Numbered:
    """Of each character its kind; of each word its start, end, number and stem."""
    table = letters()
    small = np.minimum(codes, SIZE - 1)
    inside = table.word[small]
    edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if inside[0]:
        edges = np.concatenate(([0], edges))
    word_start, word_end = edges[0::2], edges[1::2]  # the last character is a line break, so every word ends
    powers, inverses = _powers(len(codes))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum((table.lower[small] + np.uint64(1)) * powers)))
    before, factor = sums[word_start], inverses[word_start] * MIX
    word = (sums[word_end] - before) * factor
    stem = (sums[np.minimum(word_end, word_start + STEM)] - before) * factor
    return table.kind[small], word_start, word_end, word, stem


_POWERS: dict[str, tuple[Numbers, Numbers]] = {}


def _powers(count: int) -> tuple[Numbers, Numbers]:
    """BASE to the power of 0, 1, 2 … and the inverses of these, modulo 2 to the 64, at least `count` of each."""
    if "all" not in _POWERS or len(_POWERS["all"][0]) < count:
        size = max(1 << 18, count)
        inverse = np.uint64(pow(int(BASE), -1, 1 << 64))
        _POWERS["all"] = (_running_product(BASE, size), _running_product(inverse, size))
    powers, inverses = _POWERS["all"]
    return powers[:count], inverses[:count]


def _running_product(factor: np.uint64, size: int) -> Numbers:
    factors = np.full(size, factor, np.uint64)
    factors[0] = 1
    product: Numbers = np.multiply.accumulate(factors)
    return product


class Pairs(NamedTuple):
    """Different pairs of a group and a value in it, by group and then by value."""

    of: Ints  # (pairs,)
    value: Ints
    times: Ints  # how often it stands in the group
    first: Ints  # where first


def paired(of: Ints, value: Ints) -> Pairs:
    """The pairs that stand in two columns, of which `of` ascends."""
    if compiled is not None:
        pairs = Pairs(*(np.empty(len(of), np.int64) for _ in range(4)))
        count = compiled.paired(of, value, *pairs)
        return Pairs(*(column[:count] for column in pairs))
    least = int(value.min(initial=0))
    many = int(value.max(initial=0)) - least + 1
    both, first, times = np.unique(of * many + (value - least), return_index=True, return_counts=True)
    return Pairs(both // many, both % many + least, times, first)


def ranked(keys: Numbers) -> tuple[Numbers, Ints]:
    """The different keys, ascending, and which of them each key is."""
    if compiled is None:
        return np.unique(keys, return_inverse=True)
    number, kept = np.empty(len(keys), np.int64), np.empty(len(keys), np.uint64)
    kept = kept[: compiled.ranked(keys, number, kept)]
    order = np.argsort(kept)
    rank = np.empty(len(kept), np.int64)
    rank[order] = np.arange(len(kept))
    return kept[order], rank[number]


# ---------------------------------------------------------------- known words and phrases


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
