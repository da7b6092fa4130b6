"""Who, what, when, how many stars: what a page says of itself, in JSON-LD, meta tags and microdata, in this order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from reviewclean.data import About
from reviewclean.reading.roles import CANONICAL, JSON_LD, SAYING_TAGS, TELLING_PROPERTIES, TELLING_TAGS

compiled: ModuleType | None
try:
    from reviewclean.reading import walk as compiled
except ImportError:  # installed without a C compiler, or the parser's own functions cannot be found
    compiled = None

TYPES = frozenset(["Review", "CriticReview", "UserReview", "EmployerReview", "Article", "NewsArticle", "BlogPosting", "ReviewNewsArticle", "WebPage", "TechArticle", "Recipe", "Product"])
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][0-9:.+Zz-]+)?")
BYLINE = re.compile(r"^\s*(?:(?:written|reviewed|posted|published)\s+)?by[:\s]+", re.IGNORECASE)
SEPARATORS = (" | ", " – ", " — ", " - ", " :: ", " » ", " « ", " • ", " · ")
TELLING = ", ".join((*sorted(TELLING_TAGS), *(f'[itemprop="{name}"]' for name in sorted(TELLING_PROPERTIES))))
MAX_JSON = 1 << 20  # characters of JSON-LD that are read; real ones stay below a tenth of it
MAX_NODES = 2000  # of a JSON-LD graph


def about_of(page: LexborHTMLParser) -> About:
    """What the page's own metadata says; fields that it does not give are empty."""
    found = _Found(page)
    meta, told = found.meta, _json_ld(found.scripts)
    site = _first(meta.get("og:site_name"), told.get("site"), meta.get("application-name"))
    title = _first(told.get("title"), meta.get("og:title"), meta.get("twitter:title"), found.first.get("title"), found.first.get("h1"))
    return About(
        title=_without_site(title, site),
        author=BYLINE.sub("", _first(told.get("author"), _name(meta.get("author")), _name(meta.get("article:author")), found.first.get("author"))),
        date=_date(told.get("date"), meta.get("article:published_time"), meta.get("date"), meta.get("dc.date"), meta.get("pubdate"), found.first.get("time")),
        site=site,
        language=_first(found.first.get("html"), meta.get("og:locale"), meta.get("content-language"))[:2].lower(),
        rating=_first(told.get("rating"), found.first.get("ratingValue")),
        description=_first(meta.get("description"), meta.get("og:description")),
        url=_first(found.first.get("link"), meta.get("og:url")),
    )


def _first(*values: str | None) -> str:
    return next((" ".join(value.split()) for value in values if value and value.strip()), "")


class _Found:
    """What the elements say that tell something."""

    def __init__(self, page: LexborHTMLParser) -> None:
        self.meta: dict[str, str] = {}  # by lower-case name; the first of a name wins
        self.scripts: list[str] = []  # JSON-LD
        self.first: dict[str, str] = {}  # what the first element of a tag or microdata property says
        for tag, attributes, text in _telling(page):
            self._take(tag, attributes, text)

    def _take(self, tag: str, attributes: dict[str, str | None], text: str) -> None:
        name = attributes.get("itemprop")
        if name in TELLING_PROPERTIES and name not in self.first:
            self.first[name] = attributes.get("content") or " ".join(text.split())[:200]
        if tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv")
            content = attributes.get("content")
            if name and content:
                self.meta.setdefault(name.lower(), content)
        elif tag == "script" and JSON_LD in (attributes.get("type") or "").lower():
            self.scripts.append(text)
        elif tag == "html":
            self.first.setdefault("html", attributes.get("lang") or attributes.get("xml:lang") or "")
        elif tag == "link" and attributes.get("rel") == CANONICAL:
            self.first.setdefault("link", attributes.get("href") or "")
        elif tag == "time":
            self.first.setdefault("time", attributes.get("datetime") or "")
        elif tag in ("title", "h1") and tag not in self.first:
            self.first[tag] = " ".join(text.split())


def _telling(page: LexborHTMLParser) -> Iterable[tuple[str, dict[str, str | None], str]]:
    """The elements that may tell something: tag, attributes, text."""
    if compiled is None or page.root is None:
        return _asked(page)
    found: list[tuple[str, dict[str, str | None], str]] = compiled.telling(page.root.mem_id)
    return found


def _asked(page: LexborHTMLParser) -> Iterator[tuple[str, dict[str, str | None], str]]:
    """`walk.telling` without a compiler. Texts are taken of scripts, and of others of the first of a kind: these may stand in one another, and a page be all of them."""
    heard: set[str | None] = set()
    for node in page.css(TELLING):
        tag, attributes = node.tag or "", node.attributes
        name = attributes.get("itemprop")
        script = tag == "script" and JSON_LD in (attributes.get("type") or "").lower()
        speaks = script or (tag in SAYING_TAGS and tag not in heard) or (name in TELLING_PROPERTIES and name not in heard)
        heard |= {tag, name}
        yield tag, attributes, node.text() if speaks else ""


def _json_ld(scripts: list[str]) -> dict[str, str]:
    told: dict[str, str] = {}
    for script in scripts:
        if len(script) <= MAX_JSON:
            try:
                data = json.loads(script, strict=False)
            except (ValueError, RecursionError):
                continue
            for node in _nodes(data):
                for key, value in _facts(node).items():
                    told.setdefault(key, value)
    return {key: value for key, value in told.items() if value}


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Nodes of a JSON-LD graph that are an article or a review, outermost first."""
    queue, seen = [data], 0
    while queue and seen < MAX_NODES:
        seen += 1
        node = queue.pop(0)
        if isinstance(node, list):
            queue.extend(node)
        elif isinstance(node, dict):
            kinds = node.get("@type")
            if TYPES & set(map(str, kinds if isinstance(kinds, list) else [kinds])):
                yield node
            queue.extend(value for value in node.values() if isinstance(value, (dict, list)))


def _facts(node: dict[str, Any]) -> dict[str, str]:
    rating = node.get("reviewRating")
    stars = ""
    if isinstance(rating, dict) and rating.get("ratingValue") is not None:
        best = rating.get("bestRating")
        stars = f"{rating['ratingValue']}/{best}" if best else str(rating["ratingValue"])
    publisher = node.get("publisher")
    facts = {
        "title": _name(node.get("headline")) or (_name(node.get("name")) if node.get("@type") != "Product" else ""),
        "author": _name(node.get("author")),
        "date": _name(node.get("datePublished")),
        "site": _name(publisher) if isinstance(publisher, dict) else "",
        "rating": stars,
    }
    return {key: value for key, value in facts.items() if value}


def _name(value: Any) -> str:
    """The readable name in what JSON-LD allows: a string, an object with a name, or a list of these. Addresses are no names."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_name, value[:5])))
    if isinstance(value, dict):
        value = value.get("name")
    if not isinstance(value, str) or value.startswith(("http://", "https://")):
        return ""
    return value if "&" not in value else _unescaped(value)


def _unescaped(value: str) -> str:
    from html import unescape

    return unescape(value)


def _date(*values: str | None) -> str:
    return next((found[0] for value in values if value and (found := DATE.search(value))), "")


def _without_site(title: str, site: str) -> str:
    """The title without " | Site name" at its end or beginning."""
    for separator in SEPARATORS if site else ():
        head, _, tail = title.rpartition(separator)
        if head and tail.strip().lower() == site.lower():
            return head.strip()
        first, _, rest = title.partition(separator)
        if rest and first.strip().lower() == site.lower():
            return rest.strip()
    return title
