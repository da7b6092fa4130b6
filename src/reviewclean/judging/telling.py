"""What a stretch of text tells by itself, whatever page it stands in: its length, its signs, its kinds of words, its numbers.

A stretch is a block or a sentence. All stretches of a batch are measured at once, from the columns of `wording`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging import letters as sign
from reviewclean.judging.lexicon import Known, families, known
from reviewclean.judging.phrases import FAMILIES
from reviewclean.judging.wording import CHUNK, Ints, Wording, compiled, wording

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

NAMES = (
    "characters", "words", "lines", "commas", "sentences", "ends", "ends_colon", "starts_upper", "starts_digit", "digits", "all_capitals", "capitalised",
    "word_length", "function", "separators", "asks", "cries", "quotes", "brackets", "rights", "ands", "money", "percent", "phone", "date", "time", "score", "stars", "addresses",
    "domains", "names", "numbers", "camel", "you", "we", "me", "acts", *FAMILIES, *(f"{family} share" for family in FAMILIES),
)  # fmt: skip
ENDS = sign.among(*sign.ENDING, *sign.CLOSING)
BEHIND = sign.among(sign.SPACE, sign.BREAK, *sign.CLOSING)  # what stands behind the end of a sentence
INSIDE = sign.among(sign.OTHER, sign.LOWER, sign.UPPER, sign.LETTER, sign.DIGIT, sign.COMMA, sign.COLON, sign.QUOTE, sign.AND)  # before the space before a name
DATED = np.array([ord(one) for one in "./-"], np.uint32)  # between the parts of a date
SCALES = (4, 5, 6, 10, 20, 100)  # what scores are out of


class Stretches(NamedTuple):
    """Where the stretches are: each from its start to the next one's, so that none overlaps another and nothing lies between."""

    starts: Ints  # (stretches,) in characters
    ends: Ints  # (stretches,): without the white space behind
    first: Ints  # (stretches + 1,): the first word of each

    @property
    def of_word(self) -> Ints:
        return np.repeat(np.arange(len(self.starts)), np.diff(self.first))


def whole(text: Wording) -> Stretches:
    """Every text is one stretch."""
    return Stretches(text.starts, text.ends, text.first)


class Words(NamedTuple):
    """What the words of the stretches are, one by one: the measures of a page ask again."""

    told: Known
    of: Ints  # (words,): which stretch each belongs to
    capital: Flags  # begins with a capital
    name: Flags  # begins with a capital inside a sentence
    number: Flags  # begins with a digit
    domain: Flags  # the first part of a domain: shop.example
    camel: Flags  # a capital inside a word that is not all capitals: FitBox

    def take(self, chosen: Ints, of: Ints) -> Words:
        """The same of some words, which belong to other stretches now."""
        return Words(Known(self.told.bits[chosen]), of, *(flags[chosen] for flags in self[2:]))


def look(text: Wording, parts: Stretches) -> Words:
    """Look at every word once."""
    told = known(text.word)
    kind, start, end = text.kind, text.word_start, text.word_end
    capital, number = kind[start] == sign.UPPER, kind[start] == sign.DIGIT
    before, earlier = kind[start - 1], kind[start - 2]  # at the very beginning these wrap around to the line break at the end
    inside = (before == sign.SPACE) & INSIDE[earlier]
    begins = np.zeros(len(start) + 1, np.bool_)
    begins[parts.first] = True
    adjoining = np.zeros(len(start), np.bool_)
    adjoining[:-1] = (text.codes[end[:-1]] == ord(".")) & (start[1:] == end[:-1] + 1)
    ends_domain = np.append(told.is_a("words/domains")[1:], False)
    capitals = np.flatnonzero(kind == sign.UPPER)
    holder = np.searchsorted(start, capitals, side="right") - 1
    inner = np.bincount(holder[capitals > start[holder]], minlength=len(start))
    camel = (inner > 0) & (inner < end - start - 1)
    return Words(told, parts.of_word, capital, capital & inside & ~begins[:-1], number, adjoining & ends_domain & ~number, camel)


def tell(text: Wording, parts: Stretches, words: Words) -> Floats:
    """The numbers of all stretches, shape (stretches, len(NAMES))."""
    count = len(parts.starts)
    signs = _signs(text, parts)
    size, many = parts.ends - parts.starts, np.diff(parts.first)
    per_word = 1.0 / np.maximum(many, 1)
    letters = signs[:, sign.LOWER] + signs[:, sign.UPPER] + signs[:, sign.LETTER]
    last, first = text.kind[parts.ends - 1], text.kind[parts.starts]
    opens, sentences = _openings(text, parts)

    def share(flags: Flags) -> npt.NDArray[np.float64]:
        return np.bincount(words.of[flags], minlength=count) * per_word

    def tally(flags: Flags) -> Ints:
        return np.bincount(words.of[flags], minlength=count)

    in_families = families(text, words.told, words.of, count)
    columns = (
        size, many, signs[:, sign.BREAK], signs[:, sign.COMMA], sentences, ENDS[last], last == sign.COLON, first == sign.UPPER, first == sign.DIGIT,
        signs[:, sign.DIGIT] / np.maximum(size, 1), (letters > 1) & (signs[:, sign.UPPER] == letters), share(words.capital), size * per_word, share(words.told.function),
        signs[:, sign.SEPARATOR] * per_word, signs[:, sign.ASKS], signs[:, sign.CRIES], signs[:, sign.QUOTE], signs[:, sign.BRACKET], signs[:, sign.RIGHTS], signs[:, sign.AND],
        *_figures(text, words, count), signs[:, sign.STAR], signs[:, sign.AT] + tally(words.told.is_a("words/urls")), tally(words.domain), tally(words.name), tally(words.number), tally(words.camel),
        share(words.told.is_a("words/you")), share(words.told.is_a("words/we")), share(words.told.is_a("words/me")), tally(words.told.is_a("words/acts") & opens),
    )  # fmt: skip
    out = np.empty((count, len(NAMES)), np.float32)
    for i, column in enumerate(columns):
        out[:, i] = column
    out[:, len(columns) : len(columns) + len(FAMILIES)] = in_families
    out[:, len(columns) + len(FAMILIES) :] = in_families * per_word[:, None]
    return out


def _signs(text: Wording, parts: Stretches) -> Ints:
    """How many characters of each class, (stretches, CLASSES). A chunk at a time: fresh memory for numbers of ten million characters costs more than counting them."""
    bounds = np.append(parts.starts, len(text.codes))
    if compiled is not None:
        tallied = np.zeros((len(parts.starts), sign.CLASSES), np.int64)
        compiled.tally(text.kind, bounds, tallied)
        return tallied
    cuts = [0, *np.flatnonzero(np.diff(parts.starts // CHUNK)) + 1, len(parts.starts)]
    counts = []
    for first, last in pairwise(cuts):
        of = np.repeat(np.arange(last - first) * sign.CLASSES, np.diff(bounds[first : last + 1]))
        counts.append(np.bincount(of + text.kind[bounds[first] : bounds[last]], minlength=(last - first) * sign.CLASSES))
    return np.concatenate(counts).reshape(len(parts.starts), sign.CLASSES)


def _openings(text: Wording, parts: Stretches) -> tuple[Flags, Ints]:
    """Which words open a sentence, and how many sentences end in each stretch."""
    kind = text.kind
    at = np.flatnonzero(sign.ends_sentence(kind))
    at = at[BEHIND[kind[np.minimum(at + 1, len(kind) - 1)]]]
    sentences = np.bincount(np.searchsorted(parts.starts, at, side="right") - 1, minlength=len(parts.starts)) if len(at) else np.zeros(len(parts.starts), np.int64)
    opens = np.zeros(len(text.word), np.bool_)
    following = np.searchsorted(text.word_start, at)
    opens[following[following < len(opens)]] = True
    opens[parts.first[:-1][np.diff(parts.first) > 0]] = True
    return opens, sentences


def _figures(text: Wording, words: Words, count: int) -> tuple[Ints, ...]:
    """Money, percentages, phone numbers, dates, times and scores of each stretch, counted."""
    at = np.flatnonzero(words.number)
    kind, codes = text.kind, text.codes
    start, end = text.word_start[at], text.word_end[at]
    size = end - start
    follows = np.zeros(len(at), np.bool_)  # the next word is a number, one sign away
    follows[:-1] = (at[1:] == at[:-1] + 1) & (start[1:] == end[:-1] + 1)
    next_size = np.append(size[1:], 0)
    after = codes[end]
    digits = np.where(size <= 4, _value(codes, start, np.minimum(size, 4)), -1)
    next_digits = np.append(digits[1:], -1)
    currency = np.append(words.told.is_a("words/currencies")[1:], False)[at]
    money = (kind[start - 1] == sign.MONEY) | ((kind[start - 1] == sign.SPACE) & (kind[start - 2] == sign.MONEY)) | (kind[end] == sign.MONEY) | currency
    money |= (kind[end] == sign.SPACE) & (kind[np.minimum(end + 1, len(kind) - 1)] == sign.MONEY)
    percent = (kind[end] == sign.PERCENT) | ((kind[end] == sign.SPACE) & (kind[np.minimum(end + 1, len(kind) - 1)] == sign.PERCENT))
    year = (size == 4) & (digits >= 1900) & (digits < 2100)
    dotted = follows & (size <= 2) & np.isin(after, DATED) & (next_size <= 4)
    date = year | (dotted & np.append(dotted[1:] | (next_size[1:] >= 2), False) & np.append(follows[1:], False))
    time = follows & (size <= 2) & (after == ord(":")) & (next_size == 2)
    score = follows & (after == ord("/")) & np.isin(next_digits, SCALES) & (digits >= 0) & (digits <= next_digits)
    near = np.zeros(len(at), np.bool_)  # the next word is a number, no more than two signs away
    near[:-1] = (at[1:] == at[:-1] + 1) & (start[1:] - end[:-1] <= 2)
    phone = near & np.append(near[1:], False) & (size >= 2) & (size <= 4) & (next_size >= 3) & (next_size <= 4)
    of = words.of[at]
    found = [np.bincount(of[flags], minlength=count) for flags in (money, percent, phone, date, time, score)]
    return tuple(found)


def _value(codes: npt.NDArray[np.uint32], start: Ints, size: Ints) -> Ints:
    """What numbers of up to four digits are worth; -1 where a letter is among the digits."""
    value = np.zeros(len(start), np.int64)
    good = np.ones(len(start), np.bool_)
    for k in range(4):
        digit = codes[np.minimum(start + k, len(codes) - 1)].astype(np.int64) - ord("0")
        inside = k < size
        good &= ~inside | ((digit >= 0) & (digit <= 9))
        value = np.where(inside, value * 10 + digit, value)
    return np.where(good, value, -1)


class Told(NamedTuple):
    """Some texts with all that they tell by themselves."""

    text: Wording
    words: Words
    rows: Floats  # (texts, len(NAMES))

    def column(self, name: str) -> Floats:
        return self.rows[:, NAMES.index(name)]


    def take(self, chosen: Ints) -> Told:
        """The same with some of the texts alone, ascending."""
        text, at = self.text.take(chosen)
        return Told(text, self.words.take(at, text.word_text), self.rows[chosen])


def told(texts: Sequence[str]) -> Told:
    """Number and measure some texts; there must be at least one."""
    text = wording(texts)
    words = look(text, whole(text))
    return Told(text, words, tell(text, whole(text), words))
