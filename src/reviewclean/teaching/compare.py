"""Two models on the same samples: what changed, block by block, and whether it got better or worse, with paired intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from reviewclean.cleaner import Cleaner
from reviewclean.data import Verdict
from reviewclean.teaching.evaluate import BOOTSTRAP, Score, score_one
from reviewclean.teaching.samples import Sample, lay

MEASURES = {"review_kept": ("review_kept", "review"), "clutter_removed": ("clutter_removed", "clutter"), "spans_removed": ("spans_removed", "spans"), "f1": ("f1", "")}
"""measure -> (sum, of what) of a page; F1 is a mean over pages"""


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure under both models, and the 95 % interval of what B has more than A."""

    a: float
    b: float
    low: float
    high: float

    @property
    def worse(self) -> bool:
        """Whether B is worse beyond chance."""
        return self.high < 0

    @property
    def better(self) -> bool:
        return self.low > 0


@dataclass(frozen=True, slots=True)
class Change:
    """A block on which the two models differ."""

    page: str
    text: str
    label: str  # what the sample says it is
    a: str  # what each model said, with what it did
    b: str
    better: bool  # B does what the sample asks for, and A does not


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two models do on the same pages."""

    pages: int
    differences: dict[str, Difference]
    changes: tuple[Change, ...]

    @property
    def worse(self) -> bool:
        return any(difference.worse for difference in self.differences.values())


def compare(a: Cleaner, b: Cleaner, samples: Sequence[Sample], tick: Callable[[], None] = lambda: None) -> Comparison:
    """Clean every sample with both. Both read a page alike, so their blocks are the same."""
    scores: list[tuple[Score, Score]] = []
    changes: list[Change] = []
    pages = [sample.page for sample in samples]
    for sample, first, second in zip(samples, a.clean_many(pages), b.clean_many(pages), strict=True):
        laid = lay(sample, first.blocks)
        scores.append((score_one(sample, first, laid), score_one(sample, second, laid)))
        for block, one, x, y in zip(first.blocks, laid, first.verdicts, second.verdicts, strict=True):
            if (x.kept, x.cuts) != (y.kept, y.cuts):
                wanted = one.review
                changes.append(Change(sample.id, block.text, str(one.label or "not review"), _told(x), _told(y), y.kept == wanted and x.kept != wanted))
        tick()
    differences = {name: found for name in MEASURES if (found := _difference(scores, name)) is not None}
    return Comparison(len(samples), differences, tuple(changes))


def _told(verdict: Verdict) -> str:
    cuts = f", {len(verdict.cuts)} cut" if verdict.cuts and verdict.kept else ""
    return f"{'kept' if verdict.kept else 'removed'} as {verdict.label} {verdict.score:.2f}{cuts}"


def _difference(scores: Sequence[tuple[Score, Score]], name: str) -> Difference | None:
    """Pages drawn anew with replacement, the same ones for both models (paired bootstrap, Efron 1979)."""
    part, whole = MEASURES[name]
    rows = [[value for one in pair for value in (getattr(one, part), getattr(one, whole) if whole else 1)] for pair in scores if getattr(pair[0], part) is not None]
    table = np.array(rows, np.float64).reshape(-1, 4)
    if not table[:, 1].sum():
        return None
    draws = np.random.default_rng(0).integers(0, len(table), (BOOTSTRAP, len(table)))
    sums = table[draws].sum(axis=1)
    sums = sums[(sums[:, 1] > 0) & (sums[:, 3] > 0)]  # draws without anything to share say nothing
    found = sums[:, 2] / sums[:, 3] - sums[:, 0] / sums[:, 1]
    total = table.sum(axis=0)
    return Difference(float(total[0] / total[1]), float(total[2] / total[3]), float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975)))
