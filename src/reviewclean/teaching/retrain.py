"""Teach a finished model with somebody's own labelled samples, in a minute or so: the habits of his sites, and what he calls an ad.

Both are measured on pages and texts that were left out, before they are believed; what gets no better is not learnt.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reviewclean.data import Label
from reviewclean.errors import SampleError
from reviewclean.judging.model import Model
from reviewclean.teaching.adapt import Change, adapt
from reviewclean.teaching.hosts import Studied, study
from reviewclean.teaching.refine import FEWEST_ADS, FEWEST_TEXTS, Refined, refine
from reviewclean.teaching.samples import Sample
from reviewclean.teaching.table import BaseTable

FEW_BLOCKS = 5  # of a label: fewer teach next to nothing


@dataclass(frozen=True, slots=True)
class Retrained:
    """A model that knows more, what it was measured to bring, and what a person should know of his samples."""

    model: Model
    sites: tuple[Change, ...]
    filter: Refined | None  # None where there was too little to teach it
    warnings: tuple[str, ...]


def retrain(base: Model, table: BaseTable | None, samples: Sequence[Sample], tell: Callable[[str], None] = lambda _: None) -> Retrained:
    """Learn from some samples what makes the model better on pages and texts that were left out. Raises SampleError where nothing does.

    `table`: of the base model (`reviewclean.teaching.table`); without it, sites are learnt alone.
    """
    studied = study(samples, tell)
    if not studied:
        raise SampleError("none of the samples has a block of review: see docs/labelling.md")
    warnings = _warnings(studied)
    pages = [one for one in studied if one.reading.html]
    model, sites = adapt(base, pages, tell) if pages else (base, ())
    found = refine(model, table, studied, tell) if table is not None else None
    if table is None:
        warnings.append("the filter of ads in running text was not taught: the base model has no base table beside it (NAME.base.npz, which `reviewclean train` writes)")
    elif found is None:
        warnings.append(f"the filter of ads in running text was not taught: that takes {FEWEST_TEXTS} samples and {FEWEST_ADS} different blocks labelled {Label.AD}")
    elif found.better:
        model = found.model
        if base.corrections is not None:
            warnings.append("what earlier samples taught the filter is replaced, and `before` is the model without it: teach the shipped model with all samples at once")
        if found.apart == "text":
            warnings.append("samples of fewer than four sites: the filter was measured on texts of the sites that taught it, and may do worse on others")
    if model is base:
        raise SampleError("nothing got better on what was left out, so there is no new model: label more pages, or look at the warnings: " + ("; ".join(warnings) or "none"))
    return Retrained(model, sites, found, tuple(warnings))


def _warnings(studied: Sequence[Studied]) -> list[str]:
    """What a person should know before he believes the result."""
    warnings = []
    for label, count in Counter(str(laid.label) for one in studied for laid in one.laid if laid.label is not None).items():
        if count < FEW_BLOCKS:
            warnings.append(f"label {label}: {count} blocks, fewer than {FEW_BLOCKS} teach next to nothing")
    said: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for one in studied:
        for block, laid in zip(one.reading.blocks, one.laid, strict=True):
            if laid.label is not Label.META:
                said[one.reading.host or one.sample.site, block.text].add(laid.review)
    contradictions = [(host, text) for (host, text), review in said.items() if len(review) > 1]
    if contradictions:
        host, text = contradictions[0]
        warnings.append(f"{len(contradictions)} blocks are review on one page and not on another, e.g. on {host}: {text[:60]!r}")
    return warnings
