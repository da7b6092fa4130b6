"""Texts to numbers, a whole batch at a time: where words begin, which words are the same.

A Python pass over the words of a page would cost as much as all else together. Here every word gets its number (a rolling hash after Karp and
Rabin, 1987) from a few operations on one column of characters, and whatever counts words or characters counts in these columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging.letters import SIZE, SPACE, letters

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
CHUNK = 1 << 18  # characters numbered in one go: what they need stays in the processor's cache


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
