"""Pieces of sentences: what of a sentence could be a promo when the rest of it is review.

Writers plug in half a sentence: behind a comma or a dash, in brackets, glued to the end without a mark, or before a colon at the very front.
Where a sentence does not go whole, its pieces are asked: the end of it from one of its last breaks on, what stands
between two breaks, each bracket, and its beginning.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging import letters as sign
from reviewclean.judging import within
from reviewclean.judging.stems import Doubles
from reviewclean.judging.telling import Flags, Floats
from reviewclean.judging.units import Units
from reviewclean.judging.within import FEW_WORDS, UNLIKELY, Sentences
from reviewclean.judging.wording import Ints, ranges

OWN_NAMES = ("sentence odds", "share_of_sentence", "words_left", "is_bracket", "is_head", "is_inner", "after_comma", "after_mark", "after_stop", "unmarked", "breaks_behind")
NAMES = (*within.NAMES, *OWN_NAMES)
ASKED = -3.0  # log-odds of a sentence from which its pieces are asked
LONE_WORDS = 8  # words from which the only sentence of a paragraph is asked for its pieces
LAST = 5  # breaks of a sentence, counted from its end, behind which a piece may begin
MIDDLE = 2  # breaks behind its own at which a piece inside the sentence may end
LEFT = 3  # words of its sentence that a piece leaves
GAP = 5  # characters between two words that are looked at
TAIL, HEAD, INNER = range(3)
DASH, OPENS, CLOSES = "-", "([", ")]"


class Clauses(NamedTuple):
    """Pieces of sentences that are worth asking about, by sentence."""

    sentence: Ints  # (pieces,): index into the sentences
    starts: Ints  # (pieces,): in characters of all texts
    ends: Ints
    cut: Ints  # (pieces,): where what goes begins: marks and blanks before the piece go with it
    told: Floats  # (pieces, len(OWN_NAMES)): what is known of a piece beside its words; the sentence's odds are to be filled in


class _Breaks(NamedTuple):
    """Places between two words of a sentence where a piece may begin."""

    sentence: Ints
    cut: Ints  # characters: behind what closes or ends the part before
    start: Ints  # where the piece begins: at its first word, or at the bracket before it
    bracket: Flags
    comma: Flags
    mark: Flags  # a colon, a dash, a slash
    stop: Flags  # the part before ends with a mark of its own


def worth(units: Units, chosen: Sentences, odds: Doubles) -> Flags:
    """Which of the sentences that `within.suspects` found are asked: those with others in their unit, and long ones that are all of it, unless it is as
    unlikely as can be. `odds`: of the units, as the context model gives them."""
    found: Flags = (chosen.many > 1) | ((units.column("words")[chosen.unit] >= LONE_WORDS) & (odds[chosen.unit] > UNLIKELY))
    return found


def pieces(units: Units, cues: Ints, chosen: Sentences) -> Clauses:
    """The pieces of some sentences that have a cue (as `within.cues` has them) and leave something of the sentence."""
    text = units.told.text
    found = _breaks(units, chosen)
    count = len(found.sentence)
    behind = np.searchsorted(found.sentence, found.sentence, side="right") - 1 - np.arange(count)  # breaks that follow in the same sentence
    whole_end = chosen.ends[found.sentence]
    bare = whole_end.copy()
    for _ in range(GAP):  # the end mark of the sentence stays with what is left of it, unless that has one
        bare -= ~found.stop & sign.ends_sentence(text.kind[bare - 1]) & (bare > found.start + 1)
    closing = np.flatnonzero(text.kind == sign.BRACKET)
    closing = closing[_is(text.codes[closing], CLOSES)]
    close = np.append(closing, len(text.codes))[np.searchsorted(closing, found.start)] + 1
    bracket = found.bracket & (close <= whole_end)
    near = ~bracket & (behind < LAST)
    tails, first = np.flatnonzero(bracket | near), np.flatnonzero(found.mark)
    heads = first[np.unique(found.sentence[first], return_index=True)[1]]
    middles = [np.flatnonzero(near & (behind >= step)) for step in range(1, MIDDLE + 1)]
    at = np.concatenate((tails, heads, *middles))
    kind = np.repeat((TAIL, HEAD, INNER), (len(tails), len(heads), sum(map(len, middles))))
    sentence = found.sentence[at]
    ends = np.concatenate((np.where(bracket, close, bare)[tails], found.start[heads], *(found.cut[middle + step] for step, middle in enumerate(middles, 1))))
    starts, cut = (np.where(kind == HEAD, chosen.starts[sentence], column[at]) for column in (found.start, found.cut))
    size, words = _words(units, starts, ends), _words(units, chosen.starts, chosen.ends)[sentence]
    domains = text.word_start[units.told.words.domain]
    asked = (_among(cues, starts, ends) > 0) & (words - size >= LEFT) & ((size > FEW_WORDS) | (_among(domains, starts, ends) > 0))
    plain = ~(found.bracket | found.comma | found.mark | found.stop)
    columns = (
        np.zeros(len(at)), size / np.maximum(words, 1), words - size, (bracket[at] & (kind == TAIL)), kind == HEAD, kind == INNER, found.comma[at], found.mark[at], found.stop[at], plain[at], np.minimum(behind[at], 20),
    )  # fmt: skip
    told = np.stack(columns, axis=1).astype(np.float32)
    return Clauses(sentence[asked], starts[asked], ends[asked], cut[asked], told[asked])


def _words(units: Units, starts: Ints, ends: Ints) -> Ints:
    return _among(units.told.text.word_start, starts, ends)


def _among(places: Ints, starts: Ints, ends: Ints) -> Ints:
    """How many of some places, ascending, lie in each stretch."""
    found: Ints = np.searchsorted(places, ends) - np.searchsorted(places, starts)
    return found


def measure(units: Units, rows: Floats, odds: Doubles, chosen: Sentences, sentence_odds: Doubles, found: Clauses) -> Floats:
    """Numbers of pieces, shape (pieces, len(NAMES)). `rows`, `odds`: of the units, as `context.measure` and the context model give them; `sentence_odds`: of the sentences, calibrated."""
    stretches = Sentences(chosen.unit[found.sentence], found.starts, found.ends, chosen.rank[found.sentence], chosen.many[found.sentence])
    told = found.told.copy()
    told[:, OWN_NAMES.index("sentence odds")] = sentence_odds[found.sentence]
    return np.concatenate((within.measure(units, rows, odds, stretches), told), axis=1)


def _breaks(units: Units, chosen: Sentences) -> _Breaks:
    text, words = units.told.text, units.told.words
    first, last = np.searchsorted(text.word_start, chosen.starts), np.searchsorted(text.word_start, chosen.ends)
    inner = np.maximum(last - first - 1, 0)
    sentence, word = np.repeat(np.arange(len(first)), inner), ranges(first + 1, inner)
    begin, end = text.word_end[word - 1], text.word_start[word]
    spaced, comma, mark, opened = (np.zeros(len(word), np.bool_) for _ in range(4))
    stops = np.zeros(len(word), np.int64)
    cut, opener = begin.copy(), end.copy()
    for k in range(GAP):
        at = begin + k
        inside = at < end
        at = np.minimum(at, end)
        kind, code = text.kind[at], text.codes[at]
        spaced |= inside & ((kind == sign.SPACE) | (kind == sign.BREAK))
        comma |= inside & (kind == sign.COMMA)
        mark |= inside & ((kind == sign.COLON) | (kind == sign.SEPARATOR) | (code == ord(DASH)))
        stops += inside & sign.ends_sentence(kind)
        stops += inside & (code == ord("…"))
        opens = inside & _is(code, OPENS)
        opener = np.where(opens & ~opened, at, opener)
        opened |= opens
        closes = inside & (cut == at) & (sign.ends_sentence(kind) | (kind == sign.QUOTE) | _is(code, CLOSES))
        cut += closes
    capital, figure, opener_word = words.capital[word], words.number[word - 1], words.told.is_a("words/openers")[word]
    glued = spaced & (capital & (figure | opener_word | words.told.is_a("words/acts")[word]) | figure & opener_word)
    at = np.flatnonzero((spaced & (comma | mark | opened)) | (stops > 1) | glued)  # more than one mark: an ellipsis
    return _Breaks(sentence[at], cut[at], np.where(opened, opener, end)[at], opened[at], comma[at], mark[at], stops[at] > 0)


def _is(codes: npt.NDArray[np.uint32], signs: str) -> Flags:
    found: Flags = np.logical_or.reduce([codes == ord(one) for one in signs])
    return found
