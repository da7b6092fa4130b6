"""The nouns: what the parts of reviewclean hand to each other. Frozen, whole when made, free of behaviour that needs a library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from msgspec import Struct

WORD = re.compile(r"\w+")


class Label(StrEnum):
    """What a block is. REVIEW is kept; every other label is a reason to leave the block out."""

    REVIEW = "review"
    AD = "ad"  # a promo, a third-party advert, a call to action that does not belong here
    LINKS = "links"  # titles of other posts, read-next lines
    SHARE = "share"  # share, follow, subscribe, donate
    DISCLOSURE = "disclosure"  # affiliate, sponsorship and review-sample notices
    CREDIT = "credit"  # photo credits, source lines
    AUTHOR = "author"  # author boxes
    COMMENTS = "comments"
    NOTICE = "notice"  # legal, copyright, cookies
    CHROME = "chrome"  # menus, breadcrumbs, search, contents lists, widgets
    SHOP = "shop"  # price and buy lines, product cards
    META = "meta"  # headline, byline, dates, tags


Kind = Literal["paragraph", "heading", "item", "row", "quote", "caption", "code"]
Decider = str  # "model" | "opinion" | "rule:<name>" | "user"


class Step(Struct, frozen=True, gc=False):
    """One element on the way from the body down to a block."""

    tag: str
    tokens: str  # class, id, role and itemprop of the element, as written, separated by spaces
    number: int  # of the element in document order: two blocks below one element share its number
    parent: int  # number of the element around it; 0 stands for what is above the page
    depth: int  # elements from the top of the page down to it, itself included


class Mark(Struct, frozen=True, gc=False):
    """Inline markup of a block: `text[start:end]` is a link, strong or emphasised."""

    start: int
    end: int
    kind: Literal["link", "strong", "em"]
    target: str = ""
    paid: bool = False  # a link that the page itself marks as paid or not vouched for: rel=sponsored, rel=nofollow


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read, before anything was made of it.

    `kind` is "html", "text", or "auto" (looked at: what begins like markup is html).
    """

    body: bytes | str
    id: str = ""
    url: str | None = None
    kind: Literal["auto", "html", "text"] = "auto"
    charset: str | None = None  # as the server's header declared it


class Block(Struct, frozen=True, gc=False):
    """One paragraph, heading, list item, table row or caption, in reading order."""

    text: str
    kind: Kind = "paragraph"
    level: int = 0  # of a heading (1-6) or of a list item (nesting, 1 is outermost)
    path: tuple[Step, ...] = ()  # empty in plain text
    inner: str = ""  # class tokens of inline elements inside the block
    marks: tuple[Mark, ...] = ()
    hidden: bool = False

    @property
    def links(self) -> tuple[Mark, ...]:
        return tuple(mark for mark in self.marks if mark.kind == "link")


class Span(Struct, frozen=True, gc=False):
    """A stretch of a kept block that is not review: `text[start:end]`."""

    start: int
    end: int
    label: Label
    score: float  # how sure, 0-1


class Verdict(Struct, frozen=True, gc=False):
    """What was decided about one block, how sure (0-1), and by whom."""

    label: Label
    score: float
    by: Decider = "model"
    cuts: tuple[Span, ...] = ()
    kept: bool = True  # False where the block is left out


@dataclass(frozen=True, slots=True)
class About:
    """Who, what, when: what the page says of itself. Empty strings where it says nothing."""

    title: str = ""
    author: str = ""
    date: str = ""  # ISO 8601, as far as the page gives it
    site: str = ""
    language: str = ""  # two letters, declared or guessed from function words
    rating: str = ""  # as written, "4/5"
    description: str = ""
    url: str = ""  # the address that the page gives as its own


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing that was left out: a whole block, or a span of a kept one."""

    text: str
    label: Label
    score: float
    by: Decider
    block: int  # index into Cleaned.blocks


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A page with its verdicts. Text, kept, removed and confidence follow from blocks and verdicts."""

    blocks: tuple[Block, ...]
    verdicts: tuple[Verdict, ...]
    id: str = ""
    url: str | None = None
    about: About = field(default_factory=About)
    note: str = ""  # why the page needs a second look: nothing found, language unknown …

    @property
    def title(self) -> str:
        return self.about.title

    @property
    def kept(self) -> tuple[Block, ...]:
        """The blocks of the review as they stand in the page, uncut."""
        return tuple(b for b, v in zip(self.blocks, self.verdicts, strict=True) if v.kept)

    @property
    def removed(self) -> tuple[Removed, ...]:
        return tuple(self._removed())

    def _removed(self) -> Iterator[Removed]:
        for i, (block, verdict) in enumerate(zip(self.blocks, self.verdicts, strict=True)):
            if not verdict.kept:
                yield Removed(block.text, verdict.label, verdict.score, verdict.by, i)
            for cut in verdict.cuts if verdict.kept else ():
                yield Removed(block.text[cut.start : cut.end], cut.label, cut.score, verdict.by, i)

    @property
    def text(self) -> str:
        """The review as plain text: paragraphs apart by a blank line, items and rows by a line break."""
        from reviewclean.writing.render import as_text  # the nouns know no writer until somebody reads

        return as_text(self)

    @property
    def markdown(self) -> str:
        from reviewclean.writing.render import as_markdown

        return as_markdown(self)

    @property
    def confidence(self) -> float:
        """0-1: how sure the verdicts are, by length of text; 0.0 where nothing was kept."""
        pairs = [(v.score, len(b.text)) for b, v in zip(self.blocks, self.verdicts, strict=True) if v.kept]
        size = sum(n for _, n in pairs)
        return sum(score * n for score, n in pairs) / size if size else 0.0


def words(text: str) -> list[str]:
    """Lower-case words of a text: what every measure of the project counts."""
    return WORD.findall(text.lower())
