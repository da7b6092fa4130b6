"""A block while it is gathered: its pieces with marks among them, and the text, kind and inline markup that come of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from selectolax.lexbor import LexborNode

from reviewclean.data import Block, Kind, Mark, Step
from reviewclean.reading.lines import SENTENCE_END

HEADINGS = {f"h{n}": n for n in range(1, 7)}
KINDS: dict[str, Kind] = {
    **dict.fromkeys(HEADINGS, "heading"), "li": "item", "dt": "item", "dd": "item", "tr": "row", "blockquote": "quote", "figcaption": "caption", "caption": "caption", "pre": "code",
}  # fmt: skip
ENDS_KIND = frozenset(("td", "article", "section", "main"))  # what stands above these says nothing of what stands below
LISTS = frozenset(("ul", "ol", "menu", "dir"))
KIND_STEPS = 4  # elements above a block that may say of which kind it is
LONG_LINE = 80  # characters: a line that ends in a full stop and is longer than this is a paragraph, even if one <br> ends it
INVISIBLE = re.compile("[\xad\u200b\ufeff]")

# Marks that stand among the pieces of a block while it is gathered; no page holds these characters
LINK, STRONG, EM, CLOSE, BREAK, CELL = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"
EMPHASIS = {"b": STRONG, "strong": STRONG, "i": EM, "em": EM, "cite": EM}
NAMED: dict[str, Literal["link", "strong", "em"]] = {LINK: "link", STRONG: "strong", EM: "em"}
MARKS = re.compile("([\x01-\x06])")


Target = tuple[str, bool]  # address of a link, and whether it is marked as paid
NOWHERE: Target = ("", False)
PAID = re.compile(r"sponsored|nofollow|ugc", re.IGNORECASE)


class Draft:
    """The block that is being gathered; a finished block never changes."""

    def __init__(self) -> None:
        self.pieces: list[str] = []  # text as it stands in the page, and the marks above
        self.marked = False  # there are marks among the pieces
        self.targets: list[Target] = []  # of the links among the pieces
        self.inner: list[str] = []  # class names of inline elements
        self.open: list[tuple[str, Target]] = []  # inline markup that is not closed yet, each mark with its target

    def open_mark(self, node: LexborNode, tag: str) -> bool:
        """Begin inline markup; whether it leaves a mark."""
        attributes = node.attributes
        tokens = attributes.get("class") if attributes else None
        if tokens:
            self.inner.append(tokens)
        href = attributes.get("href") if tag == "a" else None
        mark = LINK if href is not None else EMPHASIS.get(tag)
        if mark is None:
            return False
        target = NOWHERE
        if href is not None:
            rel = attributes.get("rel")
            target = (href, rel is not None and paid(rel))
            self.targets.append(target)
        self.open.append((mark, target))
        self.pieces.append(mark)
        self.marked = True
        return True

    def finish(self, blocks: list[Block], path: tuple[Step, ...], hidden: bool) -> None:
        """The end of a block."""
        marks: tuple[Mark, ...] = ()
        if self.marked:
            text, marks = _marked("".join(self.pieces), self.targets)
        else:
            text = " ".join(_visible("".join(self.pieces)).split()).strip("| ")
        if text:
            kind, level = kind_of(path)
            blocks.append(Block(text, kind, level, path, " ".join(self.inner), marks, hidden))
        self.begin()

    def begin(self) -> None:
        """The next block: markup that is still open goes on in it."""
        self.pieces.clear()
        if self.marked:
            self.marked = bool(self.open)
            self.pieces += [mark for mark, _ in self.open]
            self.targets = [target for mark, target in self.open if mark == LINK]
        if self.inner:
            self.inner = []


@lru_cache(maxsize=1 << 10)
def paid(rel: str) -> bool:
    return PAID.search(rel) is not None


def _visible(text: str) -> str:
    """Text without soft hyphens and the like: written as entities, these pass decoding."""
    return text if text.isascii() or not INVISIBLE.search(text) else INVISIBLE.sub("", text)


def is_paragraph(line: str) -> bool:
    line = " ".join(MARKS.sub("", line).split())
    return len(line) >= LONG_LINE and line.endswith(SENTENCE_END)


def _marked(gathered: str, targets: list[Target]) -> tuple[str, tuple[Mark, ...]]:
    """The text of a block and its inline markup, out of text with marks in it."""
    words: list[str] = []
    size = 0  # characters so far
    marks: list[Mark] = []
    opened: list[tuple[Literal["link", "strong", "em"], Target]] = []
    starts: list[int] = []  # where each open mark begins; a mark before its first word has no start yet
    target = iter(targets)
    space = False  # a space is due before the next word
    fresh = True  # at the beginning of a line or cell
    after_link = False  # a link was closed just before
    for piece in MARKS.split(gathered):
        if not piece:
            continue
        if piece == CLOSE:
            kind, told = opened.pop()
            after_link = kind == "link" and len(starts) > len(opened)
            if len(starts) > len(opened):
                marks.append(Mark(starts.pop(), size, kind, *told))
        elif piece in NAMED:
            space = space or (after_link and piece == LINK)  # menus set link against link; the reader sees them apart
            opened.append((NAMED[piece], next(target) if piece == LINK else NOWHERE))
        elif piece in (BREAK, CELL):
            words.append("\n" if piece == BREAK else " | ")
            size += len(words[-1])
            space, fresh, after_link = False, True, False
        else:
            word = " ".join(_visible(piece).split())
            if not size:
                word = word.lstrip("| ")
            if word:
                # a link set as a button: "Play now" + "New customers only"
                if not fresh and (space or piece[0].isspace() or (after_link and word[0].isupper() and words[-1][-1].islower())):
                    words.append(" ")
                    size += 1
                if len(starts) < len(opened):
                    starts += [size] * (len(opened) - len(starts))
                words.append(word)
                size += len(word)
                fresh = False
                space = piece[-1].isspace()
            else:
                space = True
            after_link = False
    while opened:  # markup that goes on in the next block
        kind, told = opened.pop()
        if len(starts) > len(opened):
            marks.append(Mark(starts.pop(), size, kind, *told))
    text = "".join(words).rstrip(" |\n")
    if len(text) < size:
        marks = [Mark(mark.start, min(mark.end, len(text)), mark.kind, mark.target, mark.paid) for mark in marks if mark.start < len(text)]
    if len(marks) > 1:
        marks.sort(key=lambda mark: (mark.start, -mark.end))
    return text, tuple(marks)


def kind_of(path: tuple[Step, ...]) -> tuple[Kind, int]:
    """What the nearest telling element says that the block is, with the level of a heading or list item."""
    for step in path[: -KIND_STEPS - 1 : -1]:
        tag = step.tag
        if tag in KINDS:
            kind = KINDS[tag]
            if kind == "heading":
                return kind, HEADINGS[tag]
            return kind, max(1, len([1 for s in path if s.tag in LISTS])) if kind == "item" else 0
        if tag in ENDS_KIND:
            break
    return "paragraph", 0
