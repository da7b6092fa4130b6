"""Promos and clutter planted into texts, so that the context model learns to find them: anywhere, in any markup, again at every round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from reviewclean.judging.context import Unit
from reviewclean.judging.sentences import sentences
from reviewclean.teaching.samples import Promo


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of a text for training, with what it is."""

    unit: Unit
    foreign: bool
    style: str = ""  # of a planted promo; "" for what stood there already
    label: str = ""  # why it is foreign, where that is known
    scored: bool = True  # bylines and headlines are neither wanted nor unwanted
    parts: tuple[Line, ...] = ()  # the sentences of a host line


@dataclass(frozen=True, slots=True)
class Host:
    """A text as it stands, with its own clutter, to plant into."""

    site: str
    title: str
    lines: tuple[Line, ...]
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Pools:
    """What there is to plant."""

    promos: Sequence[Promo]
    lines: Sequence[tuple[str, str]]  # clutter lines (run-together titles, share lines, credits), each with its label or ""
    mined: Sequence[str]  # paragraphs that other sites wrote to sell


PROMOS = (0, 1, 1, 2, 2, 3)  # how many promos a text gets
SHORT_PROMOS = (0, 0, 1)
CROPPED_SHARE = 0.15  # of texts that are cut down to a few lines, as user reviews are
INNER_LINES = (0, 0, 0, 1, 2)
CLOSING_LINES = (0, 1, 1, 2)
MINED_SHARE = 0.38
LINKED_SHARE = 0.4  # of planted promos: the rest carry no link, so that a link proves nothing
TITLED_SHARE = 0.6  # of texts that keep their title: plain text mostly has none


def planted(host: Host, pools: Pools, rng: random.Random) -> tuple[str, list[Line]]:
    """The host's title and its lines with promos and clutter among them."""
    lines = list(host.lines)
    if len(lines) > 4 and rng.random() < CROPPED_SHARE:
        size = rng.randrange(2, 10)
        at = rng.randrange(max(1, len(lines) - size))
        lines = lines[at : at + size]
    ours = [p for p in pools.promos if p.language == host.language] or list(pools.promos)
    for _ in range(rng.choice(PROMOS if len(lines) > 4 else SHORT_PROMOS)):
        line = _foreign(ours, pools, rng)
        lines.insert(rng.randrange(1, len(lines)) if len(lines) > 1 else 0, line)
    for _ in range(rng.choice(INNER_LINES)):
        lines.insert(rng.randrange(len(lines) + 1), _clutter(pools, "line", rng))
    for _ in range(rng.choice(CLOSING_LINES)):
        lines.append(_clutter(pools, "footer", rng))
    return (host.title if rng.random() < TITLED_SHARE else ""), lines


def _clutter(pools: Pools, style: str, rng: random.Random) -> Line:
    text, label = rng.choice(pools.lines)
    return Line(Unit(text), True, style, label)


def _foreign(promos: Sequence[Promo], pools: Pools, rng: random.Random) -> Line:
    if pools.mined and rng.random() < MINED_SHARE:
        return Line(_linked(rng.choice(pools.mined), "", rng), True, "mined", "ad")
    promo = rng.choice(promos)
    return Line(_linked(promo.text, promo.anchor, rng), True, promo.style or "promo", "ad")


def _linked(text: str, anchor: str, rng: random.Random) -> Unit:
    if rng.random() >= LINKED_SHARE:
        return Unit(text)
    return Unit(text, (f"https://shop-{rng.randrange(10**6)}.example/",), len(anchor) or min(len(text), 14))


def planted_sentences(host: Host, promos: Sequence[Promo], rng: random.Random) -> tuple[str, list[Line]]:
    """The host's sentences, one a line, with promo sentences run into some of its paragraphs."""
    ours = [p for p in promos if p.language == host.language] or list(promos)
    inline = [p for p in ours if p.inline] or ours
    prose = [i for i, line in enumerate(host.lines) if not line.foreign and len(line.unit.text) > 120]
    chosen = set(rng.sample(prose, min(len(prose), rng.choice((0, 1, 1, 2)))))
    lines: list[Line] = []
    for i, line in enumerate(host.lines):
        if line.foreign:
            continue
        parts = list(line.parts)
        if i in chosen:
            promo = rng.choice(inline if rng.random() < 0.6 else ours)
            first = [promo.text[a:b] for a, b in sentences(promo.text)][: rng.choice((1, 1, 2))]
            at = len(parts) if rng.random() < 0.7 else rng.randrange(len(parts) + 1)
            parts[at:at] = [Line(_linked(s, "", rng), True, promo.style or "promo", "ad") for s in first]
        lines += parts
    return (host.title if rng.random() < TITLED_SHARE else ""), lines
