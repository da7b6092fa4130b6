"""Str to blocks, in reading order: from HTML by one lxml parse and one walk without recursion, or from plain text by lines."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from lxml import etree

from reviewclean.data import Block, Kind, Mark, Step
from reviewclean.reading.rescue import flatten

SKIP = frozenset(
    ["head", "script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "object", "embed", "canvas", "audio", "video", "map", "datalist", "math", "amp-iframe", "applet"]
)
INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source", "amp-img", "input"]
)
STRONG, EMPHASIS = frozenset(["b", "strong"]), frozenset(["i", "em", "cite"])
CELLS = frozenset(("td", "th"))
HEADINGS = {f"h{n}": n for n in range(1, 7)}
KINDS: dict[str, Kind] = {
    **dict.fromkeys(HEADINGS, "heading"), "li": "item", "dt": "item", "dd": "item", "tr": "row", "blockquote": "quote", "figcaption": "caption", "caption": "caption", "pre": "code",
}  # fmt: skip
ENDS_KIND = frozenset(("td", "article", "section", "main"))  # what stands above these says nothing of what stands below
LISTS = frozenset(("ul", "ol", "menu", "dir"))
DEEPEST = 200  # levels of nesting that a path records; real pages stay below 100
SIMPLE_ROW = 60  # elements: a row that holds more is layout, not a row of facts
LONG_LINE = 80  # characters: a line that ends in a full stop and is longer than this is a paragraph, even if one <br> ends it
INVISIBLE = re.compile("[\xad\u200b\ufeff]")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN_TOKEN = re.compile(r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|hidden|hide|d-none|assistive-text)(?:\s|$)", re.IGNORECASE)
SENTENCE_END = (".", "!", "?", "…", '."', ".”", "!”", "?”", ".)", "»")


def parse(html: str) -> etree._Element | None:
    """The root of the page's tree, or None where there is no element in it. What lxml reads in part only is flattened first."""
    root, whole = _parse(html)
    if not whole:
        root, _ = _parse(flatten(html))
    return root


def _parse(html: str) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # no element at all
        return None, not html.strip()
    limited = any(entry.type_name in ("ERR_RESOURCE_LIMIT", "ERR_INTERNAL_ERROR") for entry in parser.error_log)
    return root, not limited


def blocks_of(root: etree._Element | None) -> tuple[Block, ...]:
    """All blocks of a parsed page, hidden ones included and known as hidden."""
    if root is None:
        return ()
    return _Walk().run(root)


@lru_cache(maxsize=1 << 16)
def _hidden_token(tokens: str) -> bool:
    return HIDDEN_TOKEN.search(tokens) is not None


class _Walk:
    """One pass over a tree. Its state is the block that is being gathered; a finished block never changes."""

    def __init__(self) -> None:
        self.done: list[Block] = []
        self.pieces: list[str] = []
        self.size = 0  # characters in pieces
        self.line = 0  # where the current line of the block begins
        self.space = False  # a space is due before the next word
        self.breaks = 0  # <br> since the last word
        self.inner: list[str] = []
        self.marks: list[Mark] = []
        self.open: list[tuple[etree._Element, int, str, str]] = []  # inline markup that is not closed yet
        self.path: tuple[Step, ...] = ()
        self.hidden = False

    def run(self, root: etree._Element) -> tuple[Block, ...]:
        above: list[tuple[etree._Element, tuple[Step, ...], bool]] = []  # what to go back to when the element ends
        skipping: etree._Element | None = None
        row: etree._Element | None = None  # the simple table row that we are in
        number = 0
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if skipping is not None:
                if event == "end" and element is skipping:
                    skipping = None
                    self._add(element.tail)
                continue
            if event == "start":
                if tag in SKIP:
                    skipping = element
                    walk.skip_subtree()
                elif tag == "br":
                    self.breaks += 1
                elif tag == "hr":
                    self._flush()
                elif tag in INLINE:
                    self._open(element, tag)
                elif tag in CELLS and row is not None:
                    if self.size:
                        self._raw(" | ")
                    self._add(element.text)
                else:
                    self._flush()
                    number += 1
                    above.append((element, self.path, self.hidden))
                    attributes = element.attrib
                    tokens = ""
                    if attributes:
                        get = attributes.get
                        tokens = " ".join(filter(None, (get("class"), get("id"), get("role"), get("itemprop"))))
                        style = get("style")
                        self.hidden = (
                            self.hidden
                            or "hidden" in attributes
                            or get("aria-hidden") == "true"
                            or (style is not None and HIDDEN_STYLE.search(style) is not None)
                            or (bool(tokens) and _hidden_token(tokens))
                        )
                    if len(self.path) < DEEPEST:
                        self.path = (*self.path, Step(tag if isinstance(tag, str) else "", tokens, number))
                    if tag == "tr" and row is None and _simple(element):
                        row = element
                    self._add(element.text)
                continue
            # the end of an element
            if tag in INLINE:
                self._close(element)
                tail = element.tail
                if tag == "a" and tail and tail[0].isupper() and self.pieces and self.pieces[-1][-1:].islower():
                    self.space = True  # a link set as a button: "Play now" + "New customers only"
            elif above and above[-1][0] is element:
                self._flush()
                _, self.path, self.hidden = above.pop()
                if element is row:
                    row = None
            self._add(element.tail)
        self._flush()
        return tuple(self.done)

    def _open(self, element: etree._Element, tag: str) -> None:
        attributes = element.attrib
        tokens = attributes.get("class") if attributes else None
        if tokens:
            self.inner.append(tokens)
        if tag == "a":
            href = attributes.get("href")
            if href is not None:
                if self.marks and self.marks[-1].end == self.size and self.marks[-1].kind == "link":
                    self.space = True  # menus set link against link; the reader sees them apart
                self.open.append((element, self.size, "link", href))
        elif tag in STRONG:
            self.open.append((element, self.size, "strong", ""))
        elif tag in EMPHASIS:
            self.open.append((element, self.size, "em", ""))
        self._add(element.text)

    def _close(self, element: etree._Element) -> None:
        for i in range(len(self.open) - 1, -1, -1):
            if self.open[i][0] is element:
                _, start, kind, target = self.open.pop(i)
                if self.size > start:
                    self.marks.append(Mark(start, self.size, kind, target))  # type: ignore[arg-type]
                break

    def _add(self, text: str | None) -> None:
        if not text:
            return
        if not text.isascii() and INVISIBLE.search(text):
            text = INVISIBLE.sub("", text)  # written as entities, these pass decoding
        found = text.split()
        if not found:
            self.space = self.space or bool(text)
            return
        if self.breaks:
            if self.breaks > 1 or self._line_is_paragraph():
                self._flush()
            elif self.size:
                self._raw("\n")
                self.line = self.size
            self.breaks = 0
        piece = " ".join(found)
        if self.size and (self.space or text[0].isspace()) and self.size > self.line:
            piece = " " + piece
        self._raw(piece)
        self.space = text[-1].isspace()

    def _raw(self, piece: str) -> None:
        self.pieces.append(piece)
        self.size += len(piece)
        self.space = False

    def _line_is_paragraph(self) -> bool:
        return self.size - self.line >= LONG_LINE and "".join(self.pieces).endswith(SENTENCE_END)

    def _flush(self) -> None:
        self.space, self.breaks = False, 0
        if self.inner:
            inner, self.inner = " ".join(self.inner), []
        else:
            inner = ""
        if not self.size:
            return
        self._finish(inner)
        self.pieces, self.size, self.line, self.marks = [], 0, 0, []
        if self.open:  # a link around several blocks goes on in the next one
            self.open = [(element, 0, kind, target) for element, _, kind, target in self.open]

    def _finish(self, inner: str) -> None:
        raw = "".join(self.pieces)
        text = raw.strip(" \n|") if raw[0] in " |" or raw[-1] in " |\n" else raw
        if not text:
            return
        shift = raw.index(text[0])
        marks = [*self.marks, *(Mark(start, self.size, kind, target) for _, start, kind, target in self.open)]  # type: ignore[arg-type]
        kind, level = _kind(self.path)
        self.done.append(
            Block(text, kind, level, self.path, inner, tuple(_placed(marks, text, shift)) if marks else (), self.hidden)
        )


def _placed(marks: list[Mark], text: str, shift: int) -> list[Mark]:
    """Marks in the stripped text, without the spaces at their edges."""
    placed = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        start, end = max(mark.start - shift, 0), min(mark.end - shift, len(text))
        while start < end and text[start] in " \n":
            start += 1
        while end > start and text[end - 1] in " \n":
            end -= 1
        if start < end:
            placed.append(Mark(start, end, mark.kind, mark.target))
    return placed


def _kind(path: tuple[Step, ...]) -> tuple[Kind, int]:
    """What the nearest telling element says that the block is, with the level of a heading or list item."""
    for step in path[:-5:-1]:
        tag = step.tag
        kind = KINDS.get(tag)
        if kind is not None:
            if kind == "heading":
                return kind, HEADINGS[tag]
            return kind, max(1, len([1 for s in path if s.tag in LISTS])) if kind == "item" else 0
        if tag in ENDS_KIND:
            break
    return "paragraph", 0


def _simple(row: etree._Element) -> bool:
    """Whether a table row is facts in cells, not layout: nothing but inline elements inside its cells."""
    for count, element in enumerate(row.iter()):
        if count > SIMPLE_ROW:
            return False
        if element is not row and element.tag not in INLINE and element.tag not in CELLS and element.tag != "br":
            return False
    return sum(len(text) for text in row.itertext()) < 1500  # layout rows hold whole articles between <br>s


# ---------------------------------------------------------------- plain text

BULLET = re.compile(r"^\s*(?:[-*•▪◦‣·–]\s|\(?\d{1,2}[.)]\s|#{1,6}\s|>\s)")
WRAP_WIDTH = (40, 110)  # characters: a hard-wrapped text has its lines between these


def blocks_of_text(text: str) -> tuple[Block, ...]:
    """The blocks of a text that somebody else extracted: one a line; the lines of a hard-wrapped paragraph are joined."""
    lines = [line.strip() for line in text.splitlines()]
    if _wrapped(lines):
        lines = _joined(lines)
    return tuple(Block(" ".join(line.split()), _text_kind(line)) for line in lines if line)


def _text_kind(line: str) -> Literal["item", "paragraph"]:
    return "item" if BULLET.match(line) else "paragraph"


def _wrapped(lines: list[str]) -> bool:
    """Whether the lines were broken at a fixed width: inner lines of paragraphs end anywhere, just short of one common width."""
    inner = [a for a, b in pairwise(lines) if a and b and not BULLET.match(b)]
    if len(inner) < 4:
        return False
    width = sorted(map(len, inner))[int(len(inner) * 0.95)]
    if not WRAP_WIDTH[0] <= width <= WRAP_WIDTH[1] or max(map(len, lines)) > width * 1.4 + 10:
        return False
    full = sum(width - 18 <= len(line) for line in inner)
    open_end = sum(not line.endswith(SENTENCE_END) for line in inner)
    return full >= 0.7 * len(inner) and open_end >= 0.6 * len(inner)


def _joined(lines: list[str]) -> list[str]:
    width = sorted(len(line) for line in lines if line)[int(0.9 * sum(map(bool, lines)))]
    joined: list[str] = []
    begin = True
    for line in lines:
        if not line:
            begin = True
            continue
        if begin or BULLET.match(line):
            joined.append(line)
        elif joined[-1].endswith("-") and line[:1].islower() and joined[-1][-2:-1].isalpha():
            joined[-1] = joined[-1][:-1] + line  # a word that was divided at the edge
        else:
            joined[-1] += " " + line
        begin = len(line) < width * 0.6  # a short line ends its paragraph, with or without a blank line
    return joined
