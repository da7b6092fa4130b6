"""Which page comes next. Every page is looked at once, and they are put in the order in which a person's time teaches most.

A page that is looked at is forgotten again but for what the order asks of it, and read anew when its turn comes: a thousand pages need the
memory of a few.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from reviewclean.cleaner import Cleaner
from reviewclean.data import Block, Cleaned, Label, Page, Verdict, words
from reviewclean.errors import InputError
from reviewclean.reading import host_of, is_html, read
from reviewclean.reading.decode import unpack, utf8
from reviewclean.teaching.samples import Sample, Told

Order = Literal["doubtful", "different", "given"]
ORDERS: tuple[Order, ...] = ("doubtful", "different", "given")
DOUBTFUL = 0.9  # a block of which the model is less sure is worth a look
DIGITS = re.compile(r"\d+")
KEY = 16  # hexadecimal digits of a hash: among a million pages, the chance that any two share one is below 1 in 10 million


class Source(Protocol):
    """Where a page can be read, and again later. `reviewclean.batch.sources.Item` is one."""

    @property
    def name(self) -> str: ...

    def page(self) -> Page:
        """Read it. Raises InputError where it is no page."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page that waits for its turn."""

    key: str  # of its content, so that it is known again wherever it lies
    source: Source
    title: str
    site: str
    words: int
    doubtful: int  # words of which the model is not sure
    traits: frozenset[str]  # class names of its elements, and its site


@dataclass(frozen=True, slots=True)
class Opened:
    """A page whose turn has come: read, cleaned, and as it will lie in its sample."""

    key: str
    name: str
    cleaned: Cleaned
    body: bytes
    html: bool

    @property
    def fresh(self) -> tuple[Told, ...]:
        """What the model says of each block, in a person's place. Nothing but review has spans."""
        return tuple(_told(block, verdict) for block, verdict in zip(self.cleaned.blocks, self.cleaned.verdicts, strict=True))

    def sample(self, told: tuple[Told, ...], writer: str, hard_negative: bool = False) -> Sample:
        """The page with what a person said of its blocks."""
        page = Page(self.body, id=self.name, url=self.cleaned.url, kind="html" if self.html else "text")
        return Sample(self.name, page, told, site=site_of(self.cleaned), language=self.cleaned.about.language, writer=writer, hard_negative=hard_negative)


# ---------------------------------------------------------------- looking at pages


def look(sources: Iterable[Source], cleaner: Cleaner, known: Callable[[str], bool] = lambda _: False, pass_over: Callable[[str], None] = lambda _: None) -> Iterator[Waiting]:
    """Look at every page once, but for those whose key is `known`. `pass_over` is told of what is no page, holds no text, or was here already."""
    under_way: deque[tuple[Source, str]] = deque()
    seen: dict[str, str] = {}  # key -> name

    def pages() -> Iterator[Page]:
        for source in sources:
            try:
                page = source.page()
            except InputError as error:
                pass_over(f"{source.name}: {error}")
                continue
            key = key_of(body_of(page)[0])
            if key in seen:
                pass_over(f"{source.name}: the same page as {seen[key]}")
            elif not known(key):
                seen[key] = source.name
                under_way.append((source, key))
                yield page

    for cleaned in cleaner.clean_many(pages()):
        source, key = under_way.popleft()
        if cleaned.blocks:
            yield _waiting(key, source, cleaned)
        else:
            pass_over(f"{source.name}: no text in it")


def _waiting(key: str, source: Source, cleaned: Cleaned) -> Waiting:
    sizes = [(len(words(block.text)), verdict) for block, verdict in zip(cleaned.blocks, cleaned.verdicts, strict=True) if not block.hidden]
    doubtful = sum(size for size, verdict in sizes if sureness(verdict) < DOUBTFUL)
    return Waiting(key, source, cleaned.title, site_of(cleaned), sum(size for size, _ in sizes), doubtful, traits_of(cleaned.blocks, site_of(cleaned)))


def open_page(waiting: Waiting, cleaner: Cleaner) -> Opened:
    """Read and clean a page that was looked at before. Raises InputError where it is gone, or has changed since."""
    page = waiting.source.page()
    body, html = body_of(page)
    if key_of(body) != waiting.key:
        raise InputError(f"{waiting.source.name} has changed since the labelling began: start it again")
    (cleaned,) = cleaner.clean_many([page])
    return Opened(waiting.key, waiting.source.name, cleaned, body, html)


def body_of(page: Page) -> tuple[bytes, bool]:
    """A page as its sample keeps it: as it was read, unpacked; and whether it is HTML."""
    text = utf8(page.body, page.charset)
    body = unpack(page.body) if isinstance(page.body, bytes) else page.body.encode("utf-8", "replace")
    if utf8(body) != text:  # its charset came beside it, in the header of a response, and a sample has no place for that
        body = text
    return body, is_html(page, text)


def key_of(body: bytes) -> str:
    """What a page is known by."""
    return sha256(body).hexdigest()[:KEY]


def site_of(cleaned: Cleaned) -> str:
    return host_of(cleaned.url or cleaned.about.url)


def sureness(verdict: Verdict) -> float:
    """How sure the model is of a block and of all that it cuts from it, 0-1."""
    return min(verdict.score, *(cut.score for cut in verdict.cuts)) if verdict.cuts else verdict.score


def _told(block: Block, verdict: Verdict) -> Told:
    cuts = verdict.cuts if verdict.label is Label.REVIEW else ()
    return Told(block.text, verdict.label, tuple((apart(block.text, cut.start, cut.end), cut.label) for cut in cuts))


def apart(text: str, start: int, end: int) -> str:
    """`text[start:end]` as a sample can tell it: by its words alone. Where these stand earlier in the text too, words before it are taken in."""
    while text.find(text[start:end]) != start:
        start = text.rfind(" ", 0, start - 1) + 1
    return text[start:end]


# ---------------------------------------------------------------- the order


def ordered(waiting: Sequence[Waiting], order: Order, known: Sequence[frozenset[str]] = ()) -> list[Waiting]:
    """The pages in one of ORDERS. `known`: the traits of pages that are labelled, which "different" keeps away from."""
    if order == "doubtful":
        return sorted(waiting, key=lambda one: -one.doubtful)
    return [waiting[i] for i in _farthest([one.traits for one in waiting], known)] if order == "different" else list(waiting)


def traits_of(blocks: Iterable[Block], site: str) -> frozenset[str]:
    """What pages of one making have in common: the class names of their elements, numbers left out, and their site."""
    steps = {step.number: step.tokens for block in blocks for step in block.path}
    return frozenset(DIGITS.sub("#", token.lower()) for tokens in steps.values() for token in tokens.split()) | {f"site {site}"}


def class_path(block: Block) -> str:
    """The elements around a block with their class names, numbers left out: blocks that were made by one line of a template share it."""
    return DIGITS.sub("#", " ".join(f"{step.tag}.{step.tokens}" for step in block.path))


def traits_of_samples(samples: Iterable[Sample]) -> list[frozenset[str]]:
    """The traits of pages that are labelled already."""
    readings = ((sample.site, read(sample.page)) for sample in samples)
    return [traits_of(reading.blocks, site) for site, reading in readings]


def _farthest(pages: Sequence[frozenset[str]], known: Sequence[frozenset[str]]) -> Iterator[int]:
    """Indices of pages, each the one that is least like all before it and all known ones (farthest-first traversal, Gonzalez 1985)."""
    near = np.zeros(len(pages))  # cosine of each with the most similar one so far
    postings: dict[str, list[int]] = defaultdict(list)
    for i, traits in enumerate(pages):
        for trait in traits:
            postings[trait].append(i)
    sizes = np.array([len(traits) for traits in pages], np.float64)

    def likeness(traits: frozenset[str]) -> npt.NDArray[np.float64]:
        """Cosine of a set with the set of each page."""
        shared = np.bincount([i for trait in traits for i in postings.get(trait, ())], minlength=len(pages))
        return shared / np.sqrt(np.maximum(sizes * len(traits), 1.0))

    for traits in known:
        near = np.maximum(near, likeness(traits))
    for _ in pages:
        nearest = int(np.argmin(near))
        yield nearest
        near = np.maximum(near, likeness(pages[nearest]))
        near[nearest] = np.inf
