"""HTML to blocks, in reading order: one parse (lexbor) and one walk without recursion.

lexbor parses as browsers do (WHATWG), 2.5 times faster than lxml, and walking its nodes costs half (docs/performance.md has both). It keeps
its place in a stack that it searches for every tag, so its cost grows with the depth of a page squared: too deep a page is flattened first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from reviewclean.data import Block, Kind, Mark, Step
from reviewclean.reading.lines import SENTENCE_END
from reviewclean.reading.rescue import flatten, too_deep

SKIP = frozenset(
    ["head", "script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "object", "embed", "canvas", "audio", "video", "map", "datalist", "math", "amp-iframe", "applet"]
)
INLINE_TAGS = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source", "amp-img", "input"]
)
CELLS = frozenset(("td", "th"))
HEADINGS = {f"h{n}": n for n in range(1, 7)}
KINDS: dict[str, Kind] = {
    **dict.fromkeys(HEADINGS, "heading"), "li": "item", "dt": "item", "dd": "item", "tr": "row", "blockquote": "quote", "figcaption": "caption", "caption": "caption", "pre": "code",
}  # fmt: skip
ENDS_KIND = frozenset(("td", "article", "section", "main"))  # what stands above these says nothing of what stands below
LISTS = frozenset(("ul", "ol", "menu", "dir"))
HTML_TAGS = 1000  # the parser numbers the tags that HTML knows below this
DEEPEST = 200  # levels of nesting that a path records; real pages stay below 100
SIMPLE_ROW = 60  # elements: a row that holds more is layout, not a row of facts
ROW_TEXT = 1500  # characters: layout rows hold whole articles between <br>s
LONG_LINE = 80  # characters: a line that ends in a full stop and is longer than this is a paragraph, even if one <br> ends it
INVISIBLE = re.compile("[\xad\u200b\ufeff]")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN_TOKEN = re.compile(r"(?:^|\s)(?:screen-reader-text|sr-only|visually-?hidden|hidden|hide|d-none|assistive-text)(?:\s|$)", re.IGNORECASE)
# References to control characters: a parser takes them at their word, and ours are the marks below
CONTROLS = re.compile(r"&#(?:0*(?:[1-8]|1[14-9]|2\d|3[01]|127)(?!\d)|x0*(?:[1-8bcef]|1[0-9a-f]|7f)(?![0-9a-f]));?", re.IGNORECASE)

# Marks that stand among the pieces of a block while it is gathered; no page holds these characters
LINK, STRONG, EM, CLOSE, BREAK, CELL = "\x01", "\x02", "\x03", "\x04", "\x05", "\x06"
EMPHASIS = {"b": STRONG, "strong": STRONG, "i": EM, "em": EM, "cite": EM}
NAMED: dict[str, Literal["link", "strong", "em"]] = {LINK: "link", STRONG: "strong", EM: "em"}
MARKS = re.compile("[\x01-\x06]")


Target = tuple[str, bool]  # address of a link, and whether it is marked as paid
NOWHERE: Target = ("", False)
PAID = re.compile(r"sponsored|nofollow|ugc", re.IGNORECASE)

# What an element is to the walk
TEXT, BLOCK, INLINE, LINE, NOTHING = range(5)
ROLES: dict[str, int] = {**dict.fromkeys(SKIP, NOTHING), **dict.fromkeys(INLINE_TAGS, INLINE), "br": LINE, "-text": TEXT, "-comment": NOTHING, "!doctype": NOTHING, "": NOTHING}


class Elements(NamedTuple):
    """The elements around the blocks of a page, in document order; the first stands for what is above the page."""

    steps: Sequence[Step]
    begins: Sequence[int]  # of each, the first block below it
    ends: Sequence[int]  # of each, the first block after it


class Cut(NamedTuple):
    """A page cut into blocks, with the elements around them."""

    blocks: tuple[Block, ...]
    elements: Elements


def parse(html: str) -> LexborHTMLParser:
    """The page's tree. What is nested too deep for the parser is flattened first."""
    html = CONTROLS.sub("", html)
    if too_deep(html):
        html = flatten(html)
    return LexborHTMLParser(html)


def cut(page: LexborHTMLParser) -> Cut:
    """All blocks of a parsed page, hidden ones included and known as hidden."""
    blocks: list[Block] = []
    steps, begins, ends = [Step("", "", 0, 0, 0)], [0], [0]
    if page.root is not None:
        _walk(page.root, blocks, steps, begins, ends)
    ends[0] = len(blocks)
    return Cut(tuple(blocks), Elements(steps, begins, ends))


def _walk(root: LexborNode, blocks: list[Block], steps: list[Step], begins: list[int], ends: list[int]) -> None:
    """One pass over the tree. It is one function because a page has two thousand nodes, and a call for each would double its cost."""
    node: LexborNode | None = root
    path: tuple[Step, ...] = ()
    hidden = row = said = False  # in a hidden element; in a simple table row; the block has text
    breaks = line = 0  # <br> since the last text; index of the piece that the current line begins with
    above: list[tuple[LexborNode, tuple[tuple[Step, ...], bool, bool, int] | bool]] = []  # open elements, each with what to go back to when it ends
    draft = _Draft()
    pieces = draft.pieces
    add = pieces.append
    known = _known_tags.get
    while node is not None:
        role, tag = known(node.tag_id) or _learnt(node)
        child = None
        if role == TEXT:
            text = "" if node.is_empty_text_node else node.text_content
            if text and not text.isspace():
                if breaks:
                    if said and (breaks > 1 or _paragraph("".join(pieces[line:]))):
                        draft.finish(blocks, path, hidden)
                        line = 0
                    elif said:
                        add(BREAK)
                        draft.marked = True
                        line = len(pieces)
                    breaks = 0
                add(text)
                said = True
            elif said:
                add(" ")
        elif role == BLOCK and not (row and tag in CELLS):
            if said:
                draft.finish(blocks, path, hidden)
                said = False
            elif pieces:
                draft.begin()
            breaks = line = 0
            child = node.first_child
            if child is not None:
                number, depth = len(steps), len(path)
                above.append((node, (path, hidden, row, number)))
                attributes = node.attributes
                tokens = ""
                if attributes:
                    tokens, unseen = _named(attributes)
                    hidden = hidden or unseen
                step = Step(tag, tokens, number, path[-1].number if depth else 0, depth + 1)
                steps.append(step)
                begins.append(len(blocks))
                ends.append(0)
                if depth < DEEPEST:
                    path = (*path, step)
                if tag == "tr" and not row:
                    row = _simple(node)
        elif role in (INLINE, BLOCK):
            if role == BLOCK and said:
                add(CELL)
                draft.marked = True
            child = node.first_child
            if child is not None:
                above.append((node, role == INLINE and draft.open_mark(node, tag)))
        elif role == LINE:
            breaks += 1
        if child is not None:
            node = child
            continue
        node = node.next
        while node is None and above:
            last, before = above.pop()
            if before is True:
                draft.open.pop()
                add(CLOSE)
            elif before:
                if said:
                    draft.finish(blocks, path, hidden)
                    said = False
                elif pieces:
                    draft.begin()
                breaks = line = 0
                path, hidden, row, number = before
                ends[number] = len(blocks)
            node = last.next
    if said:
        draft.finish(blocks, path, hidden)


_known_tags: dict[int, tuple[int, str]] = {}  # number of a tag -> its role and name


def _learnt(node: LexborNode) -> tuple[int, str]:
    """Role and name of a node whose tag has not been met. Numbers of tags that HTML does not know are the page's own, and not remembered."""
    tag = node.tag or ""
    found = (ROLES.get(tag, BLOCK), tag)
    if node.tag_id < HTML_TAGS:
        _known_tags[node.tag_id] = found
    return found


def _named(attributes: dict[str, str | None]) -> tuple[str, bool]:
    """Class, id, role and itemprop of an element as one string, and whether it is hidden."""
    get = attributes.get
    tokens = get("class") or ""
    if len(attributes) == 1 and tokens:
        return tokens, _hidden_token(tokens)
    tokens = " ".join([value for value in (tokens, get("id"), get("role"), get("itemprop")) if value])
    style = get("style")
    unseen = "hidden" in attributes or get("aria-hidden") == "true" or (style is not None and HIDDEN_STYLE.search(style) is not None)
    return tokens, unseen or (bool(tokens) and _hidden_token(tokens))


@lru_cache(maxsize=1 << 16)
def _hidden_token(tokens: str) -> bool:
    return HIDDEN_TOKEN.search(tokens) is not None


class _Draft:
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
            target = (href, rel is not None and PAID.search(rel) is not None)
            self.targets.append(target)
        self.open.append((mark, target))
        self.pieces.append(mark)
        self.marked = True
        return True

    def finish(self, blocks: list[Block], path: tuple[Step, ...], hidden: bool) -> None:
        """The end of a block."""
        pieces = self.pieces
        marks: tuple[Mark, ...] = ()
        if not self.marked:
            text = " ".join(_visible("".join(pieces)).split()).strip("| ")
        elif 3 <= len(pieces) <= 4 and pieces[0] == LINK and pieces[2] == CLOSE and pieces[-1] in (CLOSE, " "):  # all of it is one link, as a menu's items are
            text = " ".join(_visible(pieces[1]).split()).strip("| ")
            marks = (Mark(0, len(text), "link", *self.targets[0]),)
        else:
            text, marks = _marked(pieces, self.targets)
        if text:
            kind, level = _kind(path)
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


def _visible(text: str) -> str:
    """Text without soft hyphens and the like: written as entities, these pass decoding."""
    return text if text.isascii() or not INVISIBLE.search(text) else INVISIBLE.sub("", text)


def _paragraph(line: str) -> bool:
    line = " ".join(MARKS.sub("", line).split())
    return len(line) >= LONG_LINE and line.endswith(SENTENCE_END)


def _marked(pieces: list[str], targets: list[Target]) -> tuple[str, tuple[Mark, ...]]:
    """The text of a block and its inline markup, out of pieces with marks among them."""
    words: list[str] = []
    size = 0  # characters so far
    marks: list[Mark] = []
    opened: list[tuple[Literal["link", "strong", "em"], Target]] = []
    starts: list[int] = []  # where each open mark begins; a mark before its first word has no start yet
    target = iter(targets)
    space = False  # a space is due before the next word
    fresh = True  # at the beginning of a line or cell
    after_link = False  # a link was closed just before
    for piece in pieces:
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


def _kind(path: tuple[Step, ...]) -> tuple[Kind, int]:
    """What the nearest telling element says that the block is, with the level of a heading or list item."""
    for step in path[:-5:-1]:
        tag = step.tag
        if tag in KINDS:
            kind = KINDS[tag]
            if kind == "heading":
                return kind, HEADINGS[tag]
            return kind, max(1, len([1 for s in path if s.tag in LISTS])) if kind == "item" else 0
        if tag in ENDS_KIND:
            break
    return "paragraph", 0


def _simple(row: LexborNode) -> bool:
    """Whether a table row is facts in cells, not layout: nothing but inline elements inside its cells, and not much text."""
    elements = size = 0
    for node in row.traverse(include_text=True):
        tag = node.tag
        if tag == "-text":
            size += len(node.text_content or "")
        elif elements and tag not in INLINE_TAGS and tag not in CELLS and tag not in SKIP and tag != "br":
            return False
        else:
            elements += 1
        if elements > SIMPLE_ROW or size > ROW_TEXT:
            return False
    return True
