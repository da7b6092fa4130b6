"""What the structure model learns from: all blocks of all pages, with weights of words and class names that other sites taught."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import SGDClassifier

from reviewclean.data import Label, words
from reviewclean.judging import page
from reviewclean.judging.batch import batch_of
from reviewclean.judging.page import HEAD
from reviewclean.judging.weights import BUCKETS, DISTANCES, Weights, bucket, buckets, step_tokens, tokens_of
from reviewclean.judging.wording import wording
from reviewclean.teaching.boost import FOLDS, Flags, Floats, Ints, fold_of
from reviewclean.teaching.hosts import Studied

MEASURED = 16  # pages measured in one go
META_WEIGHT = 0.25  # bylines and headlines count less: neither wanted nor unwanted
LABELLED_WEIGHT = 2.5  # of pages whose blocks are labelled one by one, against pages with their main text alone
PAGE_WEIGHT = 1000.0  # of all blocks of a page together
BLOCK_WEIGHT = 60.0  # the most that one block weighs of that


@dataclass(frozen=True, slots=True)
class Table:
    """All blocks of all pages as rows."""

    rows: Floats  # (blocks, len(page.NAMES))
    truth: Flags  # (blocks,): is review
    scored: Flags  # (blocks,): is not neither wanted nor unwanted
    importance: Floats  # (blocks,)
    fold: Ints  # (blocks,)
    sizes: Ints  # (blocks,): words


def table_of(pages: Sequence[Studied], say: Callable[[str], None]) -> tuple[Weights, Table]:
    """The word and token weights of all pages, and the table that the trees learn from: each page measured with weights that other sites taught
    (stacking, Wolpert 1992)."""
    truth = np.array([laid.review for one in pages for laid in one.laid])
    scored = np.array([laid.label is not Label.META for one in pages for laid in one.laid])
    importance = _importance(pages)
    of_page = np.array([fold_of(one.sample.site) for one in pages], np.int64)
    fold = np.repeat(of_page, [len(one.laid) for one in pages])
    word_table, token_table = _word_table(pages), _token_table(pages)
    by_fold = {k: _linear(word_table[fold != k], token_table[fold != k], truth[fold != k], importance[fold != k]) for k in range(FOLDS)}
    weights = _linear(word_table, token_table, truth, importance)
    say("word and token weights fitted")
    rows = np.empty((len(truth), len(page.NAMES)), np.float32)
    starts = np.cumsum([0, *(len(one.laid) for one in pages)])
    for k in range(FOLDS):
        for chosen in _portions(np.flatnonzero(of_page == k)):
            measured = page.measure(batch_of([pages[i].reading for i in chosen]), by_fold[k])
            at = np.concatenate([np.arange(starts[i], starts[i + 1]) for i in chosen])
            rows[at] = measured
    say("blocks measured")
    sizes = np.array([len(words(block.text)) for one in pages for block in one.reading.blocks], np.int64)
    return weights, Table(rows, truth, scored, importance, fold, sizes)


def _portions(indices: Ints) -> Iterator[list[int]]:
    for start in range(0, len(indices), MEASURED):
        yield indices[start : start + MEASURED].tolist()


def _importance(pages: Sequence[Studied]) -> Floats:
    """Weight of each block: the root of its length, every page alike in sum, bylines and headlines less."""
    weights = []
    for one in pages:
        raw = np.array([np.sqrt(len(words(block.text)) + 2.0) * (META_WEIGHT if laid.label is Label.META else 1.0) for block, laid in zip(one.reading.blocks, one.laid, strict=True)])
        weights.append(np.clip(raw / raw.sum() * PAGE_WEIGHT, 0, BLOCK_WEIGHT) * (LABELLED_WEIGHT if one.sample.main is None else 1.0))
    flat = np.concatenate(weights)
    importance: Floats = (flat / flat.mean()).astype(np.float32)
    return importance


def _word_table(pages: Sequence[Studied]) -> sp.csr_array:
    """Hashed words of all blocks, (blocks, BUCKETS), as `page` sums them."""
    rows: list[tuple[npt.NDArray[np.intp], float]] = []
    for one in pages:
        text = wording([block.text for block in one.reading.blocks])
        numbers = buckets(text.word)
        for start, end in zip(text.first[:-1].tolist(), text.first[1:].tolist(), strict=True):
            head = numbers[start : min(end, start + HEAD)]
            rows.append((head, 1.0 / np.sqrt(len(head) + 1.0)))
    return _hashed(rows, BUCKETS)


def _token_table(pages: Sequence[Studied]) -> sp.csr_array:
    """Hashed class tokens of all blocks by distance up the tree, (blocks, BUCKETS * (DISTANCES + 1))."""
    rows: list[tuple[npt.NDArray[np.intp], float]] = []
    for one in pages:
        for block in one.reading.blocks:
            found = [
                min(distance, DISTANCES - 1) * BUCKETS + bucket(token)
                for distance, step in enumerate(reversed(block.path))
                for token in step_tokens(step.tag, step.tokens)
            ]
            rows.append((np.array(found + [DISTANCES * BUCKETS + bucket(token) for token in tokens_of(block.inner)], np.intp), 1.0))
    return _hashed(rows, BUCKETS * (DISTANCES + 1))


def _hashed(rows: Sequence[tuple[npt.NDArray[np.intp], float]], columns: int) -> sp.csr_array:
    starts = np.cumsum([0, *(len(found) for found, _ in rows)]).astype(np.int32)
    data = np.repeat(np.array([value for _, value in rows], np.float32), np.diff(starts))
    table = sp.csr_array((data, np.concatenate([found for found, _ in rows]).astype(np.int32), starts), shape=(len(rows), columns))
    table.sum_duplicates()
    return table


def _linear(word_table: sp.csr_array, token_table: sp.csr_array, truth: Flags, importance: Floats) -> Weights:
    def fit(table: sp.csr_array) -> Floats:
        linear = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=12, tol=None, average=True, random_state=0)
        found: Floats = linear.fit(table, truth, sample_weight=importance).coef_[0].astype(np.float16).astype(np.float32)
        return found

    return Weights(fit(word_table), fit(token_table).reshape(DISTANCES + 1, BUCKETS))
