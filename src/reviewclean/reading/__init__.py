"""A page becomes blocks: `read` is the one way in."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from reviewclean.data import About, Block, Page, words
from reviewclean.reading.decode import decode
from reviewclean.reading.language import language_of

if TYPE_CHECKING:
    from lxml import etree

MARKUP = re.compile(r"\s*(?:<!doctype|<html|<\?xml|<!--|<(?:head|body|div|p|table|article|section|main|h[1-6]|ul|ol|meta|title|script|span|a|br|center|font)\b)", re.IGNORECASE)
SAMPLE_WORDS = 2000  # enough to tell a language by


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, read: its blocks in order and what it says of itself."""

    page: Page
    blocks: tuple[Block, ...]
    about: About
    tree: etree._Element | None = None  # for whoever asks for a second opinion; None for plain text


def read(page: Page) -> Reading:
    """Decode and segment one page. Never fails on content: what holds nothing has no blocks."""
    text = decode(page.body, page.charset)
    if is_html(page, text):
        from reviewclean.reading.metadata import about_of
        from reviewclean.reading.segment import blocks_of, parse

        tree = parse(text)
        blocks, about = blocks_of(tree), about_of(tree)
    else:
        from reviewclean.reading.segment import blocks_of_text

        tree, blocks, about = None, blocks_of_text(text), About()
    long_ones = (words(block.text) for block in blocks if len(block.text) > 60)
    language = language_of(islice(chain.from_iterable(long_ones), SAMPLE_WORDS), about.language)
    return Reading(page, blocks, replace(about, language=language), tree)


def is_html(page: Page, text: str) -> bool:
    """Whether a page is read as markup: as `page.kind` says, or by how it begins."""
    return page.kind == "html" or (page.kind == "auto" and (MARKUP.match(text) is not None or "</p>" in text or "<br" in text))
