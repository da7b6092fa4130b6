"""What words and pairs of words tell: fitted on the lines of reviews and on promos, so that whoever is asked did not teach.

The weights become features of the models of running text (stacking, Wolpert 1992). A line is measured with weights that neither its site taught nor,
if it is a promo, its hand: else the trees would trust the weights on those whose every turn of phrase they know, and they meet others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import SGDClassifier

from reviewclean.judging.ngrams import BUCKETS, FINE, Ngrams, Weights, buckets
from reviewclean.judging.wording import Wording, wording
from reviewclean.teaching.boost import Flags, Ints, fold_of
from reviewclean.teaching.plant import Host, Line, Pools
from reviewclean.teaching.samples import Promo

HANDS = 8  # sets that the writers of promos are left out in
PROMO_WEIGHT = 4.0  # against a line of review
SETTINGS = {"loss": "log_loss", "alpha": 2e-5, "max_iter": 12, "tol": None, "average": True, "random_state": 0}


def hand_of(writer: str) -> int:
    """The set that a writer is left out with; -1 where nobody is named."""
    return crc32(f"{writer} hand".encode()) % HANDS if writer else -1


class _Entry(NamedTuple):
    """A line to learn from."""

    text: str
    fold: int
    promo: Promo | None = None


@dataclass(frozen=True)
class Worded:
    """All lines that teach, as hashed words and pairs of words."""

    table: sp.csr_array  # (lines, 2 * BUCKETS)
    fold: Ints
    hand: Ints
    promos: Sequence[Promo | None]  # None: a line of review

    def taught(self, chosen: Flags | None = None) -> Ngrams:
        """The weights that some of the lines teach, or all."""
        at = np.arange(len(self.fold)) if chosen is None else np.flatnonzero(chosen)
        foreign = np.array([self.promos[k] is not None for k in at.tolist()])
        if len(set(foreign.tolist())) < 2:  # nothing to tell apart
            return Ngrams(np.zeros(BUCKETS, np.int16), np.zeros(BUCKETS, np.int16))
        found = SGDClassifier(**SETTINGS).fit(self.table[at], foreign, sample_weight=np.where(foreign, PROMO_WEIGHT, 1.0)).coef_[0]
        fine = np.clip(np.rint(found * FINE), -32767, 32767).astype(np.int16)
        return Ngrams(fine[:BUCKETS], fine[BUCKETS:])


def worded(hosts: Sequence[Host], pools: Pools) -> Worded:
    """Every line once in a fold."""
    entries = list({(entry.text, entry.fold): entry for entry in _entries(hosts, pools)}.values())
    text = wording([entry.text for entry in entries])
    word, pair = buckets(text)
    begins = np.zeros(len(word) + 1, np.bool_)
    begins[text.first] = True
    inner = np.flatnonzero(~begins[:-1])  # words that end a pair
    row, column = (np.concatenate(both).astype(np.int32) for both in ((text.word_text, text.word_text[inner]), (word, BUCKETS + pair[inner])))  # int32: scikit-learn takes no other
    size = np.sqrt(np.diff(text.first) + 1.0).astype(np.float32)
    table = sp.csr_array((1 / size[row], (row, column)), shape=(len(entries), 2 * BUCKETS))
    table.sum_duplicates()
    return Worded(
        table, np.array([entry.fold for entry in entries]),
        np.array([hand_of(entry.promo.writer) if entry.promo else -1 for entry in entries]), [entry.promo for entry in entries],
    )  # fmt: skip


def _entries(hosts: Sequence[Host], pools: Pools) -> Iterator[_Entry]:
    for host in hosts:
        fold = fold_of(host.site)
        yield from (_Entry(line.text, fold) for line in host.lines if line.scored and not line.foreign and not line.stretches)
        yield from (_Entry(promo.text, fold, promo) for promo in pools.hosted.get(host.id, ()))
    yield from (_Entry(promo.text, fold_of(promo.text), promo) for promo in (*pools.promos, *pools.plugs))


Without = Callable[[Promo], bool]


class Apart:
    """Weights for lines of each fold, that neither the fold taught nor the hands of its promos. `without`: promos that teach nothing at all."""

    def __init__(self, lines: Worded, without: Without = lambda _: False) -> None:
        may = np.array([promo is None or not without(promo) for promo in lines.promos])

        @cache
        def taught(fold: int, hand: int) -> Ngrams:
            return lines.taught(may & (lines.fold != fold) & ((lines.hand != hand) | (hand < 0)))

        self._taught = taught

    def of(self, fold: int, lines: Sequence[Line] = ()) -> Ngrams:
        """For texts of which these are the lines, and for others of the fold where none are given."""
        hand = np.array([hand_of(line.writer) for line in lines], np.int64)
        plain = self._taught(fold, -1)
        return _ByHand(plain.words, plain.pairs, hand, {one: self._taught(fold, one) for one in sorted(set(hand.tolist())) if one >= 0})


@dataclass(frozen=True, slots=True)
class _ByHand(Ngrams):
    """Weights that differ by line."""

    hand: Ints  # (lines,)
    others: dict[int, Ngrams]  # for the lines of a hand

    def weights(self, text: Wording) -> tuple[Weights, Weights]:
        words, pairs = Ngrams.weights(self, text)
        for hand, ngrams in self.others.items():
            its: npt.NDArray[np.bool_] = self.hand[text.word_text] == hand
            other_words, other_pairs = ngrams.weights(text)
            words, pairs = np.where(its, other_words, words), np.where(its, other_pairs, pairs)
        return words, pairs
