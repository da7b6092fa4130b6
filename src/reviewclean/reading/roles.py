"""What the elements of a page are to the walk that cuts it into blocks: by tag, and by what their names say of hiding."""

from __future__ import annotations

import re
from functools import lru_cache

SKIP = frozenset(
    ["head", "script", "style", "noscript", "template", "svg", "iframe", "select", "textarea", "object", "embed", "canvas", "audio", "video", "map", "datalist", "math", "amp-iframe", "applet"]
)
INLINE_TAGS = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture", "source", "amp-img", "input"]
)
CELLS = frozenset(("td", "th"))
IN_ROW = INLINE_TAGS | CELLS | SKIP | {"br"}  # what a row of facts in cells holds
# What may say what the page is: elements of these tags, some by their text; of scripts and links those with this type and relation; and these properties
TELLING_TAGS, SAYING_TAGS = frozenset(("html", "meta", "title", "h1", "time", "script", "link")), frozenset(("title", "h1"))
JSON_LD, CANONICAL, TELLING_PROPERTIES = "ld+json", "canonical", frozenset(("author", "ratingValue"))
HTML_TAGS = 1000  # the parser numbers the tags that HTML knows below this
DEEPEST = 200  # levels of nesting that a path records; real pages stay below 100
SIMPLE_ROW = 60  # elements: a row that holds more is layout, not a row of facts
ROW_TEXT = 1500  # characters: layout rows hold whole articles between <br>s
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
HIDDEN_TOKENS = frozenset(("screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden", "hidden", "hide", "d-none", "assistive-text"))

# What an element is to the walk
TEXT, BLOCK, INLINE, LINE, NOTHING = range(5)
ROLES: dict[str, int] = {**dict.fromkeys(SKIP, NOTHING), **dict.fromkeys(INLINE_TAGS, INLINE), "br": LINE, "-text": TEXT, "-comment": NOTHING, "!doctype": NOTHING, "": NOTHING}


@lru_cache(maxsize=1 << 16)
def hidden_token(tokens: str) -> bool:
    """Whether the names of an element say that it is hidden."""
    return not HIDDEN_TOKENS.isdisjoint(tokens.lower().split())


@lru_cache(maxsize=1 << 14)
def hidden_style(style: str) -> bool:
    """Whether the style of an element hides it."""
    return HIDDEN_STYLE.search(style) is not None
