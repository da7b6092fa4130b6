"""Pages that are nested deeper than the parser can take: BeautifulSoup reads them, and they are flattened."""

from __future__ import annotations

import html as entities
import re
from types import ModuleType

compiled: ModuleType | None
try:
    from reviewclean.reading import scan as compiled
except ImportError:  # installed without a C compiler
    compiled = None

DEEP = 5000  # levels: the parser takes .03 s for so many, and a hundred times as long for ten times as many
FEW = 4 * DEEP  # opening brackets: with fewer, no page is so deep that it matters
LEVELS = 150  # of nesting that are passed on
TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
CLOSED = frozenset(  # one ends the last of its kind by itself, or drawings that hold nothing
    ["a", "p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "optgroup", "path", "rect", "circle", "use", "line", "polygon", "polyline", "ellipse", "stop"]
)
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
RAW = frozenset(("script", "style"))


def too_deep(html: bytes) -> bool:
    """Whether a page is nested deeper than DEEP, as far as its tags tell."""
    if (html.count(b"<") if compiled is None else compiled.brackets(html)) <= FEW:
        return False
    depth = 0
    for match in TAG.finditer(html):
        name = match[2].lower().decode()
        if name in VOID or name in CLOSED:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > DEEP:
            return True
    return False


def flatten(html: str) -> str:
    """The same page with no element deeper than LEVELS: deeper ones lose their tags, never their text."""
    from bs4 import BeautifulSoup  # slow to import, and rarely needed
    from bs4.element import NavigableString, PreformattedString, Tag

    soup = BeautifulSoup(html, "html.parser")
    out: list[str] = []
    open_tags: list[tuple[Tag, bool]] = []  # (element, whether it was passed on)
    for element in soup.descendants:
        while open_tags and open_tags[-1][0] is not element.parent:
            tag, written = open_tags.pop()
            out.append(f"</{tag.name}>" if written else " ")
        if isinstance(element, Tag):
            written = len(open_tags) < LEVELS
            if written:
                out.append(_start(element))
            if element.name in VOID:
                pass
            elif element.contents:
                open_tags.append((element, written))
            elif written:
                out.append(f"</{element.name}>")
        elif isinstance(element, NavigableString) and not isinstance(element, PreformattedString):
            raw = element.parent is not None and element.parent.name in RAW
            out.append(str(element) if raw else entities.escape(str(element), quote=False))
    out.extend(f"</{tag.name}>" for tag, written in reversed(open_tags) if written)
    return "".join(out)


def _start(tag: object) -> str:
    attributes = "".join(
        f' {name}="{entities.escape(" ".join(value) if isinstance(value, list) else str(value or ""))}"'
        for name, value in tag.attrs.items()  # type: ignore[attr-defined]
    )
    return f"<{tag.name}{attributes}>"  # type: ignore[attr-defined]
