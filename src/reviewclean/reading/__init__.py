"""A page becomes blocks: `read` is the one way in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from reviewclean.data import About, Block, Page
from reviewclean.reading.decode import utf8

if TYPE_CHECKING:
    from reviewclean.reading.segment import Elements

compiled: ModuleType | None
try:
    from reviewclean.reading import scan as compiled
except ImportError:  # installed without a C compiler
    compiled = None

MARKUP = re.compile(rb"\s*(?:<!doctype|<html|<\?xml|<!--|<(?:head|body|div|p|table|article|section|main|h[1-6]|ul|ol|meta|title|script|span|a|br|center|font)\b)", re.IGNORECASE)
HOST = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@]*@)?(\[[0-9a-f:.]*\]|[^/?#:\s]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, read: its blocks in order, the elements around them, and what it says of itself."""

    page: Page
    blocks: tuple[Block, ...]
    about: About
    elements: Elements | None = None  # None in plain text

    @property
    def html(self) -> bool:
        return self.elements is not None

    @property
    def host(self) -> str:
        """The site that the page stands on, as far as anybody says."""
        return host_of(self.page.url or self.about.url)


def read(page: Page) -> Reading:
    """Decode and segment one page. Never fails on content: what holds nothing has no blocks."""
    text = utf8(page.body, page.charset)
    if is_html(page, text):
        from reviewclean.reading.metadata import about_of
        from reviewclean.reading.segment import cut, parse

        tree = parse(text)
        (blocks, elements), about = cut(tree), about_of(tree)
    else:
        from reviewclean.reading.lines import blocks_of_text

        blocks, elements, about = blocks_of_text(text.decode()), None, About()
    return Reading(page, blocks, about, elements)


def is_html(page: Page, text: bytes) -> bool:
    """Whether a page is read as markup: as `page.kind` says, or by how it begins."""
    return page.kind == "html" or (page.kind == "auto" and (MARKUP.match(text) is not None or b"</p>" in text or b"<br" in text))


def host_of(url: str) -> str:
    """The host of an address, in small letters and without "www."; "" where it has none."""
    quick: str | None = None if compiled is None else compiled.host(url)
    if quick is not None:
        return quick
    found = HOST.match(url)  # not urlsplit: a page has sixty links, and it took a tenth of the time of the whole page
    return found[1].lower().removeprefix("www.") if found else ""
