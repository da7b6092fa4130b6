"""HTML to blocks, in reading order: one parse (lexbor) and one walk without recursion.

lexbor parses as browsers do (WHATWG), 2.5 times faster than lxml, and walking its nodes costs half (docs/performance.md has both). It keeps
its place in a stack that it searches for every tag, so its cost grows with the depth of a page squared: too deep a page is flattened first.
"""

from __future__ import annotations

import re
from array import array
from types import ModuleType
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from reviewclean.data import Block, Step
from reviewclean.reading.draft import BREAK, CELL, CLOSE, Draft, is_paragraph
from reviewclean.reading.register import Register, current
from reviewclean.reading.rescue import flatten, too_deep
from reviewclean.reading.roles import BLOCK, CELLS, DEEPEST, HTML_TAGS, IN_ROW, INLINE, LINE, ROLES, ROW_TEXT, SIMPLE_ROW, TEXT, hidden_style, hidden_token

compiled: ModuleType | None
scan: ModuleType | None
try:
    from reviewclean.reading import scan
except ImportError:  # installed without a C compiler
    scan = None
try:
    from reviewclean.reading import walk as compiled
except ImportError:  # or the parser's own functions cannot be found
    compiled = None

# References to control characters: a parser takes them at their word, and ours are the marks of `draft`
CONTROL = re.compile(rb"&#(?:0*(?:[1-8]|1[14-9]|2\d|3[01]|127)(?!\d)|[xX]0*(?:[1-8bcefBCEF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?")

class Elements(NamedTuple):
    """The elements around the blocks of a page, in document order; the first stands for what is above the page."""

    register: Register
    kinds: array[int]  # of each, its number in the register
    parents: array[int]  # of each, the number of the element around it
    depths: array[int]
    begins: array[int]  # of each, the first block below it
    ends: array[int]  # of each, the first block after it
    own: array[int]  # of each block, the element that it stands in


class Cut(NamedTuple):
    """A page cut into blocks, with the elements around them."""

    blocks: tuple[Block, ...]
    elements: Elements


def parse(html: bytes) -> LexborHTMLParser:
    """The tree of a page in UTF-8. What is nested too deep for the parser is flattened first."""
    if scan is None or scan.refers(html):
        html = CONTROL.sub("\u200b".encode(), html)  # not by nothing: what stands around one could become another
    if too_deep(html):
        html = flatten(html.decode()).encode()
    return LexborHTMLParser(html)


def cut(page: LexborHTMLParser) -> Cut:
    """All blocks of a parsed page, hidden ones included and known as hidden."""
    blocks: list[Block] = []
    elements = Elements(current(), array("q", [0]), array("q", [0]), array("q", [0]), array("q", [0]), array("q", [0]), array("q"))
    if page.root is not None:
        if compiled is None:
            _walk(page.root, blocks, elements)
        else:
            compiled.walk(page.root.mem_id, blocks, elements)
    elements.ends[0] = len(blocks)
    return Cut(tuple(blocks), elements)


def _walk(root: LexborNode, blocks: list[Block], elements: Elements) -> None:
    """One pass over the tree. It is one function because a page has two thousand nodes, and a call for each would double its cost."""
    node: LexborNode | None = root
    register, kinds, parents, depths, begins, ends, own = elements
    path: tuple[Step, ...] = ()
    hidden = row = said = False  # in a hidden element; in a simple table row; the block has text
    breaks = line = 0  # <br> since the last text; index of the piece that the current line begins with
    above: list[tuple[LexborNode, tuple[tuple[Step, ...], bool, bool, int] | bool]] = []  # open elements, each with what to go back to when it ends
    draft = Draft()
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
                    if said and (breaks > 1 or is_paragraph("".join(pieces[line:]))):
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
                number, depth = len(kinds), len(path)
                above.append((node, (path, hidden, row, number)))
                attributes = node.attributes
                tokens = ""
                if attributes:
                    tokens, unseen = _named(attributes)
                    hidden = hidden or unseen
                step = Step(tag, tokens, number, path[-1].number if depth else 0, depth + 1)
                kinds.append(register.number(tag, tokens))
                parents.append(step.parent)
                depths.append(step.depth)
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
    own.extend(block.path[-1].number if block.path else 0 for block in blocks)


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
        return tokens, hidden_token(tokens)
    tokens = " ".join([value for value in (tokens, get("id"), get("role"), get("itemprop")) if value])
    style = get("style")
    unseen = "hidden" in attributes or get("aria-hidden") == "true" or (style is not None and hidden_style(style))
    return tokens, unseen or (bool(tokens) and hidden_token(tokens))


def _simple(row: LexborNode) -> bool:
    """Whether a table row is facts in cells, not layout: nothing but inline elements inside its cells, and not much text."""
    elements = size = 0
    for node in row.traverse(include_text=True):
        tag = node.tag
        if tag == "-text":
            size += len(node.text_content or "")
        elif elements and tag not in IN_ROW:
            return False
        else:
            elements += 1
        if elements > SIMPLE_ROW or size > ROW_TEXT:
            return False
    return True
