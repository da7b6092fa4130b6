"""Names in running text: which words are part of one, which stand in one unit of their text alone, and what is said of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reviewclean.judging import letters as sign
from reviewclean.judging.stems import SHIFT, TEXT_BITS
from reviewclean.judging.telling import Flags, Told
from reviewclean.judging.wording import Ints, Numbers

FEW_UNITS, MANY_UNITS = 3, 10  # a brand may be named in two or three paragraphs of a long text, and does not belong all the same
SLOT_BITS = 18  # of a word's number, for a first look at whether it can be wanted
FEW_WORDS = 6  # in so short a unit every capital may begin a name


class Named(NamedTuple):
    """Names and other words that stand in one unit of a text alone."""

    new: Flags  # (words,): the word stands in no other unit of its text; told of names, numbers, addresses and words in camel case
    name: Flags  # (words,): it is part of a name
    person: Flags  # (words,): of a person's name
    placed: Flags  # (words,): it begins a new name behind "at", "from", "with": where something is to be had
    acting: Flags  # (words,): it ends a new name that does what shops and services do: "Alder & Moss deliver"
    told_of: Flags  # (words,): it ends a new name that is then explained: "Alder & Moss, whose sheds"
    seldom: Flags  # (words,): it is part of a name that no more than FEW_UNITS units have, of a text with many
    work: Flags  # (words,): it belongs to a new name that is in quotes or has a year behind it, as the names of works do
    number: Ints  # (words,): equal names of one text have equal numbers
    earlier: Flags  # (words,): an earlier unit has it
    later: Flags  # (words,): a later unit has it


def named(told: Told, of: Ints, size: Ints) -> Named:
    """The names of some texts, whose units lie one after another; of numbers, addresses and words in camel case, whether they are new.

    `of`: (units,), the text of each; `size`: (units,), how many units its text has.
    """
    text, words = told.text, told.words
    short = (told.column("words") <= FEW_WORDS)[words.of]
    name = (words.name | (words.capital & short)) & ~words.told.function & (text.word_end - text.word_start > 1)
    number = of[words.of].astype(np.uint64) << TEXT_BITS | text.word >> SHIFT
    asked = _equals(number, name | words.number | words.domain | words.camel)
    order = asked[np.argsort(number[asked], kind="stable")]  # equal words of a text side by side, in the order of their units
    unit = words.of[order]
    begins = np.ones(len(order), np.bool_)  # the first of equal words
    begins[1:] = number[order[1:]] != number[order[:-1]]
    which = np.zeros(len(number), np.int64)
    which[order] = np.cumsum(begins) - 1
    starts = np.flatnonzero(begins)
    first, last = np.zeros(len(number), np.int64), np.full(len(number), -1)  # (words,): the units that have it first and last
    if len(starts):
        first[order], last[order] = unit[starts][which[order]], unit[np.append(starts[1:], len(order)) - 1][which[order]]
    new = first == last
    follows = np.zeros(len(which), np.bool_)  # the word before belongs to the same unit
    follows[1:] = words.of[1:] == words.of[:-1]
    before = np.concatenate(([False], name[:-1])) & follows
    first_name = words.told.is_a("words/people")
    surname = np.concatenate(([False], first_name[:-1])) & follows
    person = name & (first_name | surname)
    placed = name & new & ~before & ~person & np.concatenate(([False], words.told.is_a("words/places")[:-1])) & follows
    after = np.concatenate((name[1:], [False])) & np.concatenate((follows[1:], [False]))
    ends = name & new & ~person & ~after
    next_in_unit = np.concatenate((follows[1:], [False]))
    acting = ends & np.concatenate((words.told.is_a("words/deeds")[1:], [False])) & next_in_unit
    told_of = ends & np.concatenate((words.told.is_a("words/whose")[1:], [False])) & next_in_unit
    kind, last_sign = text.kind, len(text.kind) - 1
    quoted = (kind[text.word_start - 1] == sign.QUOTE) | ((kind[text.word_end] == sign.QUOTE) & (kind[np.minimum(text.word_end + 1, last_sign)] != sign.LOWER))
    dated = (kind[text.word_end] == sign.SPACE) & (kind[np.minimum(text.word_end + 1, last_sign)] == sign.BRACKET) & (kind[np.minimum(text.word_end + 2, last_sign)] == sign.DIGIT)
    work = name & new & (quoted | dated)
    begins[1:] |= unit[1:] != unit[:-1]  # now: the first of equal words in a unit
    spread = np.bincount(which[order[begins]], minlength=1)[which]
    seldom = name & ~person & (spread <= FEW_UNITS) & (size >= MANY_UNITS)[words.of]
    return Named(new, name, person, placed, acting, told_of, seldom, work, which, first < words.of, last > words.of)


def _equals(number: Numbers, wanted: Flags) -> Ints:
    """Where words stand that may be equal to one that is wanted: these are few, and sorting all words took a tenth of a long page's time."""
    possible = np.zeros(1 << SLOT_BITS, np.bool_)
    slot = (number & np.uint64((1 << SLOT_BITS) - 1)).astype(np.intp)
    possible[slot[wanted]] = True
    return np.flatnonzero(possible[slot])
