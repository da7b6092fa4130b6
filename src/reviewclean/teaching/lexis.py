"""What is known before a text is read: how rare stems are, which of them are used together, and how promos are worded."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import scipy.sparse as sp
from sklearn.utils.extmath import randomized_svd

from reviewclean.judging.stems import STEM_BITS, STEM_BUCKETS, TOPICS, Lexis, content
from reviewclean.judging.telling import Floats
from reviewclean.judging.wording import wording
from reviewclean.teaching.boost import FOLDS, fold_of
from reviewclean.teaching.ngrams import Apart, Without, worded
from reviewclean.teaching.plant import Host, Line, Pools
from reviewclean.teaching.samples import Promo

LONG_LINE = 60  # characters: a shorter line says little of what is used together
WHOLE_WEIGHT = 3.0  # of a whole text, against one of its lines
SELDOM = 3  # lines and texts: what stands in fewer belongs to no topic


def stems_of(hosts: Sequence[Host], promos: Sequence[Promo] = ()) -> tuple[Floats, Floats]:
    """Rarity of stems by the reviews of `hosts`, and topics by singular vectors of their lines and texts, and of promos (Deerwester et al. 1990)."""
    texts = [" ".join(line.text for line in host.lines if not line.foreign) for host in hosts]
    whole, lines = _table(texts), _table([*(line.text for host in hosts for line in host.lines if len(line.text) > LONG_LINE), *(promo.text for promo in promos)])
    rarity = np.log((len(texts) + 1.0) / (np.bincount(whole.indices, minlength=STEM_BUCKETS) + 1.0)).astype(np.float32) + 1.0  # unseen buckets count as rarest
    table = sp.vstack([_unit(lines, rarity), WHOLE_WEIGHT * _unit(whole, rarity)]).tocsr()
    topics = randomized_svd(table, TOPICS, n_iter=4, random_state=0)[2].T
    topics[np.bincount(table.indices, minlength=STEM_BUCKETS) < SELDOM] = 0.0
    return rarity, topics.astype(np.float32)


class Known:
    """What some texts, and what there is to plant into them, teach."""

    def __init__(self, hosts: Sequence[Host], pools: Pools) -> None:
        self._hosts, self._promos = hosts, pools.promos
        self._by_fold = {k: stems_of([host for host in hosts if fold_of(host.site) != k], [promo for promo in pools.promos if fold_of(promo.text) != k]) for k in range(FOLDS)}
        self._lines = worded(hosts, pools)
        self._apart = Apart(self._lines)

    def whole(self) -> Lexis:
        """All of it."""
        return Lexis(*stems_of(self._hosts, self._promos), self._lines.taught())

    def __call__(self, fold: int, lines: Sequence[Line] = ()) -> Lexis:
        """For texts of a fold, of which these are the lines: no text is measured with what it taught itself, and no promo with what its hand did."""
        return Lexis(*self._by_fold[fold], self._apart.of(fold, lines))

    def without(self, promos: Without) -> Known:
        """The same, but some promos do not teach how promos are worded."""
        other = copy(self)
        other._apart = Apart(self._lines, promos)
        return other


def _table(texts: Sequence[str]) -> sp.csr_array:
    """How often each text has each stem, (texts, STEM_BUCKETS)."""
    text = wording(texts)
    at = np.flatnonzero(content(text, None))
    bucket = (text.stem[at] >> np.uint64(64 - STEM_BITS)).astype(np.int64)
    table = sp.csr_array((np.ones(len(at)), (text.word_text[at], bucket)), shape=(len(texts), STEM_BUCKETS))
    table.sum_duplicates()
    return table


def _unit(table: sp.csr_array, rarity: Floats) -> sp.csr_array:
    """TF-IDF rows of length one."""
    weighed = table.copy()
    weighed.data = np.sqrt(weighed.data) * rarity[weighed.indices]
    return sp.diags_array(1 / np.maximum(np.sqrt(np.asarray((weighed**2).sum(axis=1)).ravel()), 1e-6)) @ weighed
