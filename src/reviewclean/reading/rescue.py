"""Pages that lxml reads only in part: thousands of levels deep, or badly broken. BeautifulSoup reads them whole."""

from __future__ import annotations

import html as entities

LEVELS = 150  # of nesting that are passed on: below the 256 at which every libxml2 gives up
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"])
RAW = frozenset(("script", "style"))


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
