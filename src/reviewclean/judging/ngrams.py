"""How stretches are worded: a linear model of their words and pairs of words, hashed (Weinberger et al. 2009).

What it says of a stretch alone is worth little: a review of a casino sounds like a casino's advertisement from the first line to the last. The
models of running text hear it beside what it says of the rest of the same text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviewclean.judging import letters as sign
from reviewclean.judging.wording import MIX, Ints, Numbers, Wording

BITS = 17
BUCKETS = 1 << BITS
FINE = 2048.0  # weights are whole multiples of 1/FINE, so that sums over words are exact
FIRST = np.uint64(0xC2B2_AE3D_27D4_EB4F)  # parts "a b" from "b a": any odd number without a pattern
_SHIFT = np.uint64(64 - BITS)
_FIGURE = np.uint64(1 << 63)  # the number of all words that begin with a digit

Weights = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Ngrams:
    """Weights of words and of pairs of words, by bucket, in 1/FINE: above nothing where they stand in promos more than in reviews."""

    words: Weights  # (BUCKETS,)
    pairs: Weights  # (BUCKETS,)

    def weights(self, text: Wording) -> tuple[Weights, Weights]:
        """Of each word its own weight, and that of the pair that it ends, in 1/FINE: both (words,)."""
        word, pair = buckets(text)
        return self.words[word], self.pairs[pair]


def buckets(text: Wording) -> tuple[Ints, Ints]:
    """Of each word its bucket, and that of the pair that it ends; the first word of all ends none."""
    word: Numbers = np.where(text.kind[text.word_start] == sign.DIGIT, _FIGURE, text.word)
    pair = np.zeros(len(word), np.uint64)
    pair[1:] = (word[:-1] * FIRST ^ word[1:]) * MIX
    return (word >> _SHIFT).astype(np.int64), (pair >> _SHIFT).astype(np.int64)


class Sums:
    """Weights of the words of some texts, summed up, so that those of any stretch are a difference."""

    def __init__(self, text: Wording, known: Ngrams) -> None:
        words, pairs = known.weights(text)
        self.words = np.concatenate((np.zeros(1, np.int64), np.cumsum(words, dtype=np.int64)))
        self.pairs = np.concatenate((np.zeros(1, np.int64), np.cumsum(pairs, dtype=np.int64)))

    def of(self, first: Ints, last: Ints) -> npt.NDArray[np.float64]:
        """What the words from each `first` to before each `last` weigh, against the root of how many they are."""
        both = self.words[last] - self.words[first] + self.pairs[last] - self.pairs[np.minimum(first + 1, last)]
        found: npt.NDArray[np.float64] = both / (FINE * np.sqrt(last - first + 1.0))
        return found
