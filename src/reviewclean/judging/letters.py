"""What each character is: tables that are asked with whole columns of characters at once. Characters above U+FFFF count as what stands at U+FFFF: nothing."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# Classes of characters, each character in one: what the counts of a text are made of
OTHER, LOWER, UPPER, LETTER, DIGIT, SPACE, BREAK, COMMA, STOP, ASKS, CRIES, COLON, QUOTE, SEPARATOR, MONEY, STAR, RIGHTS, AT, PERCENT, BRACKET, AND = range(21)
CLASSES = 21
MEMBERS = {
    COMMA: ",;", STOP: ".…。", ASKS: "?？", CRIES: "!！", COLON: ":", QUOTE: "\"“”„«»’‘'", SEPARATOR: "|›‹·•/>→←–—", MONEY: "$€£¥₹₽₱", STAR: "★☆⭐✩✰", RIGHTS: "©®™",
    AT: "@", PERCENT: "%", BRACKET: "()[]", AND: "&", BREAK: "\n",
}  # fmt: skip
SIZE = 1 << 16
ENDING = (STOP, ASKS, CRIES)  # what a sentence ends with; in a row
CLOSING = (QUOTE, BRACKET)  # what may stand behind that


def among(*classes: int) -> npt.NDArray[np.bool_]:
    """A table that says which classes are among some: asked with a column of classes, it answers for all at once."""
    table = np.zeros(CLASSES, np.bool_)
    table[list(classes)] = True
    return table


def ends_sentence(kind: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which characters of a column of classes are of ENDING: these follow each other, and comparing is faster than looking up."""
    ends: npt.NDArray[np.bool_] = (kind >= ENDING[0]) & (kind <= ENDING[-1])
    return ends


class Letters(NamedTuple):
    """Tables of SIZE entries, by code point."""

    kind: npt.NDArray[np.uint8]  # the class of a character
    lower: npt.NDArray[np.uint64]  # its lower case
    word: npt.NDArray[np.bool_]  # it is part of a word, as `\\w` has it


@cache
def letters() -> Letters:
    """The tables, made at first use in some hundredths of a second."""
    signs = [chr(code) for code in range(SIZE)]
    kind = np.array([DIGIT if c.isdigit() else UPPER if c.isupper() else LOWER if c.islower() else LETTER if c.isalpha() else SPACE if c.isspace() else OTHER for c in signs], np.uint8)
    for name, members in MEMBERS.items():
        for sign in members:
            kind[ord(sign)] = name
    lowered = [c.lower() for c in signs]
    lower = np.array([ord(low) if len(low) == 1 else code for code, low in enumerate(lowered)], np.uint64)
    return Letters(kind, lower, np.array([c.isalnum() or c == "_" for c in signs], np.bool_))
