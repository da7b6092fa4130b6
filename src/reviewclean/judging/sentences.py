"""Paragraphs to sentences: end marks, less the abbreviations and initials that end nothing. In the spirit of the rule-based splitters."""

from __future__ import annotations

import numpy as np

from reviewclean.judging import letters as sign
from reviewclean.judging.lexicon import known
from reviewclean.judging.telling import Stretches
from reviewclean.judging.wording import Ints, Wording, wording

CLOSERS = sign.among(*sign.CLOSING)
BLANK = sign.among(sign.SPACE, sign.BREAK)
LEADS = sign.among(sign.LOWER, sign.UPPER, sign.LETTER, sign.COLON, sign.COMMA, sign.SEPARATOR)  # before an address that its sentence leads to


def split(text: Wording) -> tuple[Stretches, Ints]:
    """The sentences of all texts, and which text each stands in."""
    kind, codes = text.kind, text.codes
    size = len(kind)
    if not len(text.word_start):  # marks alone: each text is one sentence
        return Stretches(text.starts, text.ends, np.zeros(len(text.starts) + 1, np.int64)), np.arange(len(text.starts))
    at = np.flatnonzero(sign.ends_sentence(kind))
    after = at + 1
    for _ in range(2):  # quotes and brackets that close with the sentence
        after = np.where((after < size) & CLOSERS[kind[np.minimum(after, size - 1)]], after + 1, after)
    inner = after < size - 1
    at, after = at[inner], after[inner]
    spaced = BLANK[kind[after]]
    start = after + 1
    start = np.where(kind[start] == sign.SPACE, np.minimum(start + 1, size - 1), start)
    last = np.searchsorted(text.word_start, at) - 1  # the word before the mark
    adjoining = (last >= 0) & (text.word_end[last] == at)
    length = text.word_end[last] - text.word_start[last]
    short = adjoining & ((known(text.word[last]).is_a("words/abbreviations")) | ((length == 1) & (kind[text.word_start[last]] != sign.DIGIT) & ((codes[text.word_start[last]] | 32) != ord("i"))))
    stop = kind[at] == sign.STOP
    ends = spaced & ~(stop & (short | (kind[start] == sign.LOWER)))
    begins = np.zeros(size, np.bool_)
    for places in (text.starts, start[ends], _addresses(text)):
        begins[places] = True
    starts = np.flatnonzero(begins)
    of = np.searchsorted(text.starts, starts, side="right") - 1
    inside = (starts < text.ends[of]) | (starts == text.starts[of])
    starts, of = starts[inside], of[inside]
    # where the next one begins, less the white space between them
    stops = np.append(starts[1:], size)
    while True:
        blank = BLANK[kind[stops - 1]] & (stops - 1 > starts)
        if not blank.any():
            break
        stops = stops - blank
    return Stretches(starts, stops, np.searchsorted(text.word_start, np.append(starts, size))), of


def _addresses(text: Wording) -> Ints:
    """Where an address begins that is no part of the sentence before it: behind a figure or a mark, not behind a word that leads to it."""
    at = text.word_start[known(text.word).is_a("words/urls")]
    at = at[at > 1]
    before = np.where(text.kind[at - 1] == sign.SPACE, text.kind[at - 2], text.kind[at - 1])
    apart = text.kind[at - 1] == sign.SPACE
    found: Ints = at[apart & ~LEADS[before]]
    return found


def sentences(paragraph: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of one paragraph, without the white space around it."""
    if not paragraph:
        return []
    parts, _ = split(wording([paragraph]))
    return list(zip(parts.starts.tolist(), parts.ends.tolist(), strict=True))
