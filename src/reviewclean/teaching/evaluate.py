"""Samples × Cleaner to figures: what of the review was kept, what of the clutter went, by label, kind, language and site, with intervals.

All figures count words, so a lost paragraph weighs more than a lost heading. A block of a sample counts as kept when it was kept, less what
was cut from it. Bylines and headlines are neither wanted nor unwanted and are not scored.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reviewclean.cleaner import Cleaner
from reviewclean.data import Cleaned, Label, words
from reviewclean.teaching.curves import JudgedBlock, judged
from reviewclean.teaching.samples import Laid, Sample, lay
from reviewclean.writing.render import cut_text

BOOTSTRAP = 1000  # resamples of pages for a 95 % interval
WORST = 10


@dataclass(frozen=True, slots=True)
class Score:
    """One page's figures, in words."""

    id: str
    site: str
    kind: str
    language: str
    hard_negative: bool
    review: int
    review_kept: int
    clutter: int
    clutter_removed: int
    spans: int
    spans_removed: int
    f1: float | None  # word F1 of the text, where the sample gives the main text
    blocks: dict[str, tuple[int, int]]  # label -> (blocks, removed)


def score(cleaner: Cleaner, samples: Iterable[Sample], tick: Callable[[], None] = lambda: None) -> list[Score]:
    """Clean each sample's page and hold the result against its labels."""
    return [found for found, _ in score_blocks(cleaner, samples, tick)]


def score_blocks(cleaner: Cleaner, samples: Iterable[Sample], tick: Callable[[], None] = lambda: None) -> Iterator[tuple[Score, tuple[JudgedBlock, ...]]]:
    """The figures of each page, with its blocks as they were judged: what a report is made of."""
    samples = list(samples)
    for sample, cleaned in zip(samples, cleaner.clean_many(s.page for s in samples), strict=True):
        laid = lay(sample, cleaned.blocks)
        yield score_one(sample, cleaned, laid), judged(cleaned, laid)
        tick()


def score_one(sample: Sample, cleaned: Cleaned, laid: Sequence[Laid]) -> Score:
    """The figures of one page."""
    review = kept = clutter = gone = spans = cut = 0
    blocks: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for block, verdict, one in zip(cleaned.blocks, cleaned.verdicts, laid, strict=True):
        left = cut_text(block.text, verdict.cuts) if verdict.kept else ""
        size, left_size = len(words(block.text)), len(words(left))
        name = str(one.label or "not review")
        blocks[name][0] += 1
        blocks[name][1] += not verdict.kept
        if one.review:
            foreign = [block.text[s.start : s.end] for s in one.spans]
            foreign_size = sum(len(words(text)) for text in foreign)
            removed_foreign = [text not in left for text in foreign]
            spans, cut = spans + len(foreign), cut + sum(removed_foreign)
            wanted = size - foreign_size
            review += wanted
            kept += min(wanted, left_size - sum(len(words(t)) for t, r in zip(foreign, removed_foreign, strict=True) if not r)) if left_size else 0
        elif one.label is not Label.META:
            clutter += size
            gone += size - left_size
    f1 = word_f1(words(cleaned.text), words(sample.main)) if sample.main is not None else None
    return Score(
        sample.id, sample.site, sample.kind, cleaned.about.language, sample.hard_negative, review, max(kept, 0), clutter, gone, spans, cut, f1, {k: (a, b) for k, (a, b) in blocks.items()}
    )


def word_f1(found: Sequence[str], gold: Sequence[str]) -> float:
    """F1 of two bags of words (the measure of WCXB)."""
    if not found or not gold:
        return float(not found and not gold)
    both = sum((Counter(found) & Counter(gold)).values())
    return 2 * both / (len(found) + len(gold))


def figures(scores: Sequence[Score]) -> dict[str, Any]:
    """The figures of a set of pages, each share with its 95 % interval over pages."""
    out: dict[str, Any] = {"pages": len(scores), "sites": len({s.site for s in scores})}
    for name, part, whole in (("review_kept", "review_kept", "review"), ("clutter_removed", "clutter_removed", "clutter"), ("spans_removed", "spans_removed", "spans")):
        table = np.array([(getattr(s, part), getattr(s, whole)) for s in scores], np.float64)
        if table[:, 1].sum():
            out[name] = _with_interval(table)
    f1 = np.array([(s.f1, 1.0) for s in scores if s.f1 is not None])
    if len(f1):
        out["f1"] = _with_interval(f1)
    return out


def _with_interval(table: np.ndarray) -> tuple[float, float, float]:
    """(share, low, high): pages drawn anew with replacement (Efron 1979). Draws without anything to share are left out."""
    draws = np.random.default_rng(0).integers(0, len(table), (BOOTSTRAP, len(table)))
    sums = table[draws].sum(axis=1)
    sums = sums[sums[:, 1] > 0]
    shares = sums[:, 0] / sums[:, 1]
    total = table.sum(axis=0)
    return float(total[0] / total[1]), float(np.quantile(shares, 0.025)), float(np.quantile(shares, 0.975))


def by(scores: Sequence[Score], what: str) -> dict[str, dict[str, Any]]:
    """Figures of the pages of each site, kind or language, the most pages first."""
    groups: dict[str, list[Score]] = defaultdict(list)
    for one in scores:
        groups[str(getattr(one, what)) or "?"].append(one)
    return {name: figures(group) for name, group in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))}


def labels(scores: Sequence[Score]) -> dict[str, tuple[int, int]]:
    """Label -> (blocks, blocks removed)."""
    out: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in scores:
        for name, (count, gone) in one.blocks.items():
            out[name][0] += count
            out[name][1] += gone
    return {name: (a, b) for name, (a, b) in sorted(out.items())}


def worst(scores: Sequence[Score], count: int = WORST) -> list[tuple[float, str]]:
    """The pages with the largest share of words on the wrong side."""
    bad = [((s.review - s.review_kept + s.clutter - s.clutter_removed) / max(s.review, 1), s.id) for s in scores]
    return sorted(bad, reverse=True)[:count]
