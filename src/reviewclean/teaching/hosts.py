"""Texts to plant promos into, and what there is to plant: both come from labelled samples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from reviewclean.data import Block, Label, words
from reviewclean.errors import SampleError
from reviewclean.judging.decide import links_of
from reviewclean.reading import Reading, read
from reviewclean.teaching.plant import PLUG, Host, Line, Pools, Stretch
from reviewclean.teaching.samples import Laid, Promo, Sample, lay

Tell = Callable[[str], None]

DUPLICATE_WORDS = 8  # words from which a block with the words of a review block is review, too
BEFORE, AFTER = 4, 9  # blocks around the review that belong to its text, where the sample says what they are
SELLS = re.compile(
    r"\b(?:contact us|call us|get started|sign up|free trial|book (?:a|an|your)|schedule|get in touch|learn more|our team|free quote|free consultation|request a|download (?:our|the)|"
    r"try it|join (?:us|our)|shop now|order (?:now|today)|subscribe|today!|discount|% off|our services|let us)\b",
    re.IGNORECASE,
)
MINED_WORDS = (10, 110)
LINE_SIZE = 400  # characters: longer clutter is no line


@dataclass(frozen=True, slots=True)
class Studied:
    """A sample, read, with its labels on its blocks."""

    sample: Sample
    reading: Reading
    laid: tuple[Laid, ...]


def study(samples: Iterable[Sample], tell: Tell = lambda _: None) -> list[Studied]:
    """Read every page and lay its labels over its blocks. Pages without a block of review teach nothing and are told."""
    studied = []
    for sample in samples:
        reading = read(sample.page)
        laid = list(lay(sample, reading.blocks))
        if not any(one.review for one in laid):
            tell(f"{sample.id}: none of its review is found in its page; left out")
            continue
        review = {block.text for block, one in zip(reading.blocks, laid, strict=True) if one.review and len(words(block.text)) >= DUPLICATE_WORDS}
        for i, (block, one) in enumerate(zip(reading.blocks, laid, strict=True)):
            if not one.review and block.text in review:  # a page may hold its article twice, and the gold has it once
                laid[i] = replace(one, review=True, label=Label.REVIEW)
        studied.append(Studied(sample, reading if sample.language == "" else replace(reading, about=replace(reading.about, language=sample.language)), tuple(laid)))
    return studied


def hosts_of(studied: Sequence[Studied]) -> list[Host]:
    """The texts to plant into: of a page, its review with the clutter that stands among it; of a text, all of it."""
    hosts = []
    for one in studied:
        at = [i for i, laid in enumerate(one.laid) if laid.review]
        reasons = one.sample.main is None  # without them, what stands among the review may be a gap of the gold
        first, last = (max(0, at[0] - BEFORE), at[-1] + AFTER) if reasons else (at[0], at[-1] + 1)
        lines = [_line(block, laid) for block, laid in list(zip(one.reading.blocks, one.laid, strict=True))[first:last] if laid.review or reasons]
        if len(lines) >= 2:
            reading = one.reading
            hosts.append(Host(one.sample.id, one.sample.site, reading.about.title, reading.host, tuple(lines), (reading.about.language or "en")[:2], one.sample.hard_negative))
    return hosts


def _line(block: Block, laid: Laid) -> Line:
    label = "" if laid.review else str(laid.label or "")
    stretches = tuple(Stretch(span.start, span.end, "span") for span in laid.spans)
    return Line(block.text, links_of(block), block.kind == "heading", not laid.review, label=label, scored=laid.label is not Label.META, stretches=stretches)


def pools_of(studied: Sequence[Studied], promos: Sequence[Promo], hosts: Sequence[Host]) -> Pools:
    """What to plant: written promos and lines, and what pages of the samples say to sell, outside their articles."""
    mined: dict[str, None] = {}
    lines: dict[str, str] = {}
    for one in studied:
        review = [i for i, laid in enumerate(one.laid) if laid.review]
        for i, (block, laid) in enumerate(zip(one.reading.blocks, one.laid, strict=True)):
            if laid.review or block.hidden or laid.label is Label.META:
                continue
            if MINED_WORDS[0] <= len(words(block.text)) <= MINED_WORDS[1] and SELLS.search(block.text):
                mined[block.text] = None
            elif review[0] - BEFORE < i < review[-1] + AFTER + 1 and len(block.text) < LINE_SIZE:
                lines[block.text] = str(laid.label or "") or lines.get(block.text, "")
    generic = [promo for promo in promos if promo.label is Label.AD and not promo.page and promo.style != PLUG]
    plugs = [promo for promo in promos if promo.style == PLUG]
    own = [(promo.text, str(promo.label)) for promo in promos if promo.label is not Label.AD]
    return Pools(generic, _hosted(studied, promos, hosts), own * 2 + list(lines.items()), list(mined), plugs)


def _hosted(studied: Sequence[Studied], promos: Sequence[Promo], hosts: Sequence[Host]) -> dict[str, Sequence[Promo]]:
    """Promos that were written for one place in one page, by page; `after` becomes the line of the host. Those whose page is not here are left out."""
    mains = {one.sample.id: _main_lines(one.sample) for one in studied}
    by_id = {host.id: host for host in hosts}
    found: dict[str, list[Promo]] = defaultdict(list)
    for promo in promos:
        if promo.page in by_id:
            if promo.after >= len(mains[promo.page]):
                raise SampleError(f"the promo {promo.text[:40]!r} stands after line {promo.after} of {promo.page}, which has {len(mains[promo.page])}: correct its `after`")
            at = _place(by_id[promo.page], mains[promo.page][promo.after])
            if at is not None:
                found[promo.page].append(replace(promo, after=at))
    return dict(found)


def _main_lines(sample: Sample) -> list[str]:
    """The lines of a sample's review, as promos written for it count them."""
    if sample.main is not None:
        return [line.strip() for line in re.split(r"\n+", sample.main) if line.strip()]
    return [told.text for told in sample.told if told.label is Label.REVIEW]


def _place(host: Host, line: str) -> int | None:
    """The line of a host that shares most words with a line of the gold; None where none shares half of them."""
    wanted = set(words(line))
    shares = [len(wanted & set(words(one.text))) / max(len(wanted), 1) for one in host.lines]
    best = max(range(len(shares)), key=shares.__getitem__)
    return best if shares[best] >= 0.5 else None
