"""Promos and clutter planted into texts, so that the models of running text learn to find them: anywhere, in any markup, again at every round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from reviewclean.judging.phrases import KNOWN, word_list
from reviewclean.judging.sentences import sentences
from reviewclean.judging.units import Link, Running
from reviewclean.teaching.samples import Promo

PROMOS = (0, 1, 1, 2, 2, 3)  # how many promos a text gets from the pool
SHORT_PROMOS = (0, 0, 1)
SHORT = 4  # lines: a text of no more is short
CROPPED_SHARE = 0.3  # of texts that are cut down to a few lines, as user reviews are
CROPPED_LINES = (1, 9)
JOINED_SHARE = 0.4  # of cropped texts that become one paragraph
PLUG_SHARE, LONG_PLUG_SHARE = 0.6, 0.12  # of short and of other texts whose writer plugs something of their own
PLUG = "self_plug"  # the style of such promos
INNER_LINES = (0, 0, 0, 1, 2)
CLOSING_LINES = (0, 1, 1, 2)
MINED_SHARE = 0.3  # of promos that pages themselves use to sell
HOSTED_SHARE, HOSTED = 0.6, 3  # of the promos that were written for a text: planted into it in a round, and no more than so many by expectation
RUN_IN_SHARE = 0.3  # of promos that are run into a paragraph, if they are not long
RUN_IN_WORDS = 60
LAST_SHARE = 0.7  # of these that stand behind the last sentence
GLUED_SHARE = 0.25  # of promos run into a paragraph that become a part of the sentence before them, if they are not long
GLUED_WORDS = 40
GLUE = ((" (", ")"), (" - ", ""), (" – ", ""), ("...", ""), (", ", ""), (", and ", ""), (", so ", ""), (" ", ""))  # what stands before such a promo and behind it
LINKED_SHARE = 0.4  # of planted promos: the rest carry no link, so that a link proves nothing
PAID_SHARE = 0.4  # of their links that are marked as paid
TITLED_SHARE = 0.6  # of texts that keep their title: plain text mostly has none
FUNCTION_WORDS = frozenset().union(*(word_list(f"function_words/{language}") for language in KNOWN))  # a sentence that begins with one goes on with a small letter
PROSE = 80  # characters: only lines of so many get a promo run into them


class Stretch(NamedTuple):
    """A part of a line that does not belong to its text."""

    start: int
    end: int
    style: str


@dataclass(frozen=True, slots=True)
class Line:
    """A unit of a text for training, with what it is."""

    text: str
    links: tuple[Link, ...] = ()
    heading: bool = False
    foreign: bool = False
    style: str = ""  # of a planted promo; "" for what stood there already
    trade: str = ""  # of a planted promo
    writer: str = ""  # of a planted promo, or of one that was run into it
    label: str = ""  # why it is foreign, where that is known
    scored: bool = True  # bylines and headlines are neither wanted nor unwanted
    stretches: tuple[Stretch, ...] = ()  # promos inside it


@dataclass(frozen=True, slots=True)
class Host:
    """A text as it stands, with its own clutter, to plant into."""

    id: str
    site: str
    title: str
    host: str
    lines: tuple[Line, ...]
    language: str = "en"
    hard: bool = False  # written to provoke a wrong verdict


@dataclass(frozen=True, slots=True)
class Pools:
    """What there is to plant."""

    promos: Sequence[Promo]
    hosted: dict[str, Sequence[Promo]]  # id of a host -> the promos that were written for it
    lines: Sequence[tuple[str, str]]  # clutter lines (run-together titles, share lines, credits), each with its label or ""
    mined: Sequence[str]  # paragraphs that other sites wrote to sell
    plugs: Sequence[Promo] = ()  # what writers of user reviews plug


@dataclass(frozen=True, slots=True)
class Text:
    """A text with promos in it."""

    site: str
    title: str
    host: str
    lines: tuple[Line, ...]
    language: str = "en"
    hard: bool = False

    @property
    def running(self) -> Running:
        return Running(self.title, self.host, [line.links for line in self.lines], [line.heading for line in self.lines])


def planted(host: Host, pools: Pools, rng: random.Random) -> Text:
    """The host's text with promos and clutter among its lines."""
    lines = list(host.lines)
    written = pools.hosted.get(host.id, ())
    hosted = [promo for promo in written if rng.random() < min(HOSTED_SHARE, HOSTED / len(written))]
    if hosted:
        _written_for_it(lines, hosted, rng)
    elif len(lines) > SHORT and rng.random() < CROPPED_SHARE:
        lines = _cropped(lines, rng)
    ours = [promo for promo in pools.promos if promo.language == host.language] or list(pools.promos)
    for _ in range(rng.choice(PROMOS if len(lines) > SHORT else SHORT_PROMOS)):
        _plant(lines, _any(ours, pools, rng), rng.randrange(len(lines)), rng)
    plugs = [promo for promo in pools.plugs if promo.language == host.language]
    if plugs and rng.random() < (PLUG_SHARE if len(lines) < CROPPED_LINES[1] else LONG_PLUG_SHARE):
        _plant(lines, rng.choice(plugs), rng.choice((0, len(lines) - 1, len(lines) - 1)), rng)
    for _ in range(rng.choice(INNER_LINES)):
        lines.insert(rng.randrange(len(lines) + 1), _clutter(pools, "line", rng))
    for _ in range(rng.choice(CLOSING_LINES)):
        lines.append(_clutter(pools, "footer", rng))
    return Text(host.site, host.title if rng.random() < TITLED_SHARE else "", host.host, tuple(lines), host.language, host.hard)


def _cropped(lines: list[Line], rng: random.Random) -> list[Line]:
    """A few lines of a text, as they are or as one paragraph."""
    size = rng.randint(*CROPPED_LINES)
    at = rng.randrange(max(1, len(lines) - size))
    few = lines[at : at + size]
    if rng.random() < JOINED_SHARE and not any(line.foreign or line.heading for line in few):
        return [Line(" ".join(line.text for line in few))]
    return few


def _any(ours: Sequence[Promo], pools: Pools, rng: random.Random) -> Promo:
    if pools.mined and rng.random() < MINED_SHARE:
        return Promo(rng.choice(pools.mined), style="mined")
    return rng.choice(ours)


def _written_for_it(lines: list[Line], hosted: Sequence[Promo], rng: random.Random) -> None:
    """Plant the promos that were written for this text where they were written for, or near there: the last one first, so that places stay right."""
    for promo in sorted(hosted, key=lambda promo: -promo.after):
        at = min(max(promo.after + rng.choice((0, 0, 0, 0, -1, 1)), 0), len(lines) - 1)
        _plant(lines, promo, at, rng)


def style_of(promo: Promo) -> str:
    """As tables have it: a promo of no style has one, too."""
    return promo.style or "promo"


def _plant(lines: list[Line], promo: Promo, at: int, rng: random.Random) -> None:
    """A promo behind a line, or run into it."""
    short = len(promo.text.split()) <= RUN_IN_WORDS
    prose = not lines[at].foreign and not lines[at].heading and len(lines[at].text) >= PROSE
    own_line = promo.style == PLUG and rng.random() < RUN_IN_SHARE
    if prose and not own_line and (promo.inline or (short and not promo.page and rng.random() < RUN_IN_SHARE)):
        lines[at] = _run_in(lines[at], promo, rng)
    else:
        lines.insert(at + 1 if lines else 0, Line(promo.text, _links(promo, 0, rng), foreign=True, style=style_of(promo), trade=promo.trade, writer=promo.writer, label="ad"))


def _run_in(line: Line, promo: Promo, rng: random.Random) -> Line:
    """A line with a promo between two of its sentences, mostly behind the last, or as a part of it."""
    ends = [end for _, end in sentences(line.text)]
    cut = len(line.text) if promo.page or rng.random() < LAST_SHARE else rng.choice([0, *ends[:-1]])
    before, after = line.text[:cut].rstrip(), line.text[cut:].lstrip()
    glue, text, closing = " " if before else "", promo.text, ""
    if before and promo.text[0].isalnum() and len(promo.text.split()) <= GLUED_WORDS and rng.random() < GLUED_SHARE:
        glue, text, closing = _glued(promo.text, rng)
        before = before.rstrip(".")
    start = len(before) + len(glue)
    end = start + len(text)
    whole = f"{before}{glue}{text}{closing}" + (f" {after}" if after else "")
    moved = len(whole) - len(line.text)
    links = [link._replace(end=min(link.end, len(before))) if link.start < len(before) else link._replace(start=link.start + moved, end=link.end + moved) for link in line.links]
    stretches = [one._replace(end=min(one.end, len(before))) if one.start < len(before) else one._replace(start=one.start + moved, end=one.end + moved) for one in line.stretches]
    new = Stretch(start, end, style_of(promo))
    return replace(line, text=whole, links=(*links, *_links(promo, start, rng)), stretches=(*stretches, new), writer=promo.writer)


def _glued(promo: str, rng: random.Random) -> tuple[str, str, str]:
    """A promo as a part of the sentence before it: what stands before it, its text, what stands behind."""
    glue, closing = rng.choice(GLUE)
    first = promo.split(maxsplit=1)[0]
    if glue not in (" ", "...") and first.lower() in FUNCTION_WORDS and first != "I":
        promo = first.lower() + promo[len(first) :]
    return (glue, promo.rstrip(".") + closing, ".") if closing else (glue, promo, "")


def _links(promo: Promo, start: int, rng: random.Random) -> tuple[Link, ...]:
    """The link that a planted promo carries, if it carries one."""
    if rng.random() >= LINKED_SHARE:
        return ()
    at = max(promo.text.find(promo.anchor), 0) if promo.anchor else 0
    size = len(promo.anchor) if promo.anchor else min(len(promo.text), 14)
    return (Link(start + at, start + at + size, f"https://shop-{rng.randrange(10**6)}.example/", rng.random() < PAID_SHARE),)


def _clutter(pools: Pools, style: str, rng: random.Random) -> Line:
    text, label = rng.choice(pools.lines)
    return Line(text, foreign=True, style=style, label=label)
