"""Blocks held against their samples, to curves: what a threshold would cost and bring, whether scores mean what they say, what went wrong.

Curves count words and whole blocks. As in `evaluate`, bylines and headlines are neither wanted nor unwanted and stand in no curve; stretches inside
a review block that are not review count neither as review nor as clutter here, for it is sentences and no blocks that they are cut by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from reviewclean.data import Cleaned, Label, Span, Verdict, words
from reviewclean.teaching.samples import Laid
from reviewclean.writing.render import cut_text

Doubles = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BINS = 10
UNNAMED = "not review"  # what a sample says of a block where it gives no reason


@dataclass(frozen=True, slots=True)
class JudgedBlock:
    """One block of a page: what its sample says of it beside what was decided."""

    text: str
    laid: Laid
    verdict: Verdict

    @property
    def told(self) -> str:
        """The sample's label."""
        return str(self.laid.label or UNNAMED)

    @property
    def suspicion(self) -> float:
        """How sure the verdict is that the block is not review, 0-1; a label that was asked to stay is as suspect as it was."""
        return 1 - self.verdict.score if self.verdict.label is Label.REVIEW else self.verdict.score


def judged(cleaned: Cleaned, laid: Sequence[Laid]) -> tuple[JudgedBlock, ...]:
    """The blocks of a cleaned page, each with what its sample says of it."""
    return tuple(JudgedBlock(block.text, one, verdict) for block, one, verdict in zip(cleaned.blocks, laid, cleaned.verdicts, strict=True))


# ---------------------------------------------------------------- columns


@dataclass(frozen=True, slots=True)
class Tally:
    """Blocks as columns of one length, without those that hold no word of review or clutter."""

    suspicion: Doubles  # 0-1
    review: Doubles  # words
    clutter: Doubles  # words
    removed: Flags
    labels: npt.NDArray[np.str_]  # as the sample has them

    def against(self, label: str) -> Tally:
        """The review and the clutter of one label: other clutter is no mistake of that label's removal."""
        chosen = (self.labels == label) | (self.review > 0)
        return Tally(self.suspicion[chosen], self.review[chosen], self.clutter[chosen], self.removed[chosen], self.labels[chosen])


def tally(blocks: Iterable[JudgedBlock]) -> Tally:
    """Count the words of all blocks."""
    rows = []
    for block in blocks:
        size = len(words(block.text))
        foreign = sum(len(words(block.text[span.start : span.end])) for span in block.laid.spans)
        review = max(size - foreign, 0) if block.laid.review else 0
        clutter = 0 if block.laid.review or block.laid.label is Label.META else size
        if review or clutter:
            rows.append((block.suspicion, review, clutter, not block.verdict.kept, block.told))
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return Tally(*(np.array(column, kind) for column, kind in zip(columns, (np.float64, np.float64, np.float64, np.bool_, np.str_), strict=True)))


# ---------------------------------------------------------------- curves


@dataclass(frozen=True, slots=True)
class Sweep:
    """One threshold for all blocks, moved from the highest suspicion down to the lowest: what goes at each. The last entry takes everything."""

    threshold: Doubles  # each suspicion once
    lost: Doubles  # words of review that go
    removed: Doubles  # words of clutter that go

    @property
    def loss(self) -> Doubles:
        """Share of the review's words that go; there must be review."""
        return np.asarray(self.lost / self.lost[-1])

    @property
    def recall(self) -> Doubles:
        """Share of the clutter's words that go; there must be clutter."""
        return np.asarray(self.removed / self.removed[-1])

    @property
    def precision(self) -> Doubles:
        """Share of the words that go that are clutter."""
        return np.asarray(self.removed / (self.removed + self.lost))

    @property
    def average_precision(self) -> float:
        """Precision averaged over recall, by steps and without interpolation (as scikit-learn has it)."""
        return float(np.sum(np.diff(self.recall, prepend=0.0) * self.precision))


def sweep(told: Tally) -> Sweep:
    """What goes at each threshold; blocks of equal suspicion go together. There must be a block."""
    threshold, place = np.unique(-told.suspicion, return_inverse=True)
    lost, removed = (np.cumsum(np.bincount(place, column, len(threshold)), dtype=np.float64) for column in (told.review, told.clutter))
    return Sweep(-threshold, lost, removed)


def at_work(told: Tally) -> tuple[float, float]:
    """(recall, precision) of what was in fact removed, by words; precision is 1 where nothing was."""
    lost, removed = float(told.review[told.removed].sum()), float(told.clutter[told.removed].sum())
    return removed / float(told.clutter.sum()), removed / (removed + lost) if removed + lost else 1.0


@dataclass(frozen=True, slots=True)
class Bin:
    """Blocks of like suspicion; shares are weighted by words."""

    low: float  # suspicion
    high: float
    said: float  # mean suspicion
    found: float  # share that is not review
    blocks: int
    words: int


def reliability(told: Tally, bins: int = BINS) -> list[Bin]:
    """Blocks by suspicion, in bins of equal count (a reliability diagram; Murphy and Winkler 1977); fewer bins where there are fewer blocks."""
    order = np.argsort(told.suspicion, kind="stable")
    return [_bin(told, chosen) for chosen in np.array_split(order, min(bins, len(order)) or 1) if len(chosen)]


def _bin(told: Tally, chosen: npt.NDArray[np.intp]) -> Bin:
    suspicion, clutter = told.suspicion[chosen], told.clutter[chosen]
    weights = told.review[chosen] + clutter
    size = weights.sum()
    return Bin(float(suspicion[0]), float(suspicion[-1]), float(suspicion @ weights / size), float(clutter.sum() / size), len(chosen), int(size))


def calibration_error(bins: Sequence[Bin]) -> float:
    """How far what is said lies from what is found, on average over words."""
    return sum(one.words * abs(one.said - one.found) for one in bins) / max(sum(one.words for one in bins), 1)


def confusion(blocks: Iterable[JudgedBlock]) -> Counter[tuple[str, str]]:
    """(what the sample says, what the model says) -> blocks."""
    return Counter((block.told, str(block.verdict.label)) for block in blocks)


# ---------------------------------------------------------------- what went wrong


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text on the wrong side: review that was lost, or clutter that was left in."""

    kind: Literal["lost", "left in"]
    text: str
    told: str  # the sample's label
    said: str  # the model's
    score: float  # how sure the model was of its label


def mistakes(block: JudgedBlock) -> list[Mistake]:
    """What went wrong with one block or inside it, as far as it holds words."""
    return [mistake for mistake in _mistakes(block) if words(mistake.text)]


def _mistakes(block: JudgedBlock) -> Iterator[Mistake]:
    verdict, text = block.verdict, block.text
    left = cut_text(text, verdict.cuts) if verdict.kept else ""
    if not block.laid.review:
        if verdict.kept and block.laid.label is not Label.META:
            yield Mistake("left in", left, block.told, str(verdict.label), verdict.score)
    elif not verdict.kept:
        yield Mistake("lost", text, block.told, str(verdict.label), verdict.score)
    else:
        for cut in verdict.cuts:
            for start, end in _outside(cut, block.laid.spans):
                yield Mistake("lost", text[start:end], block.told, str(cut.label), cut.score)
        for span in block.laid.spans:
            if text[span.start : span.end] in left:
                yield Mistake("left in", text[span.start : span.end], str(span.label), str(verdict.label), verdict.score)


def _outside(cut: Span, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The stretches of a cut that no span of the sample covers: review that went with it."""
    at = cut.start
    for span in sorted(spans, key=lambda s: s.start):
        if at < min(span.start, cut.end):
            yield at, min(span.start, cut.end)
        at = max(at, span.end)
    if at < cut.end:
        yield at, cut.end
