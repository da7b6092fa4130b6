"""Who, what, when, how many stars: what a page says of itself, in JSON-LD, meta tags and microdata, in this order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from reviewclean.data import About

TYPES = frozenset(["Review", "CriticReview", "UserReview", "EmployerReview", "Article", "NewsArticle", "BlogPosting", "ReviewNewsArticle", "WebPage", "TechArticle", "Recipe", "Product"])
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ][0-9:.+Zz-]+)?")
BYLINE = re.compile(r"^\s*(?:(?:written|reviewed|posted|published)\s+)?by[:\s]+", re.IGNORECASE)
SEPARATORS = (" | ", " – ", " — ", " - ", " :: ", " » ", " « ", " • ", " · ")
ITEMPROP = etree.XPath("(//*[@itemprop=$name])[1]")
MAX_JSON = 1 << 20  # characters of JSON-LD that are read; real ones stay below a tenth of it
MAX_NODES = 2000  # of a JSON-LD graph


def about_of(root: etree._Element | None) -> About:
    """What the page's own metadata says; fields that it does not give are empty."""
    if root is None:
        return About()
    meta, title_tag, head_language = _meta(root)
    told = _json_ld(root)
    site = _first(meta.get("og:site_name"), told.get("site"), meta.get("application-name"))
    title = _first(told.get("title"), meta.get("og:title"), meta.get("twitter:title"), title_tag, _text_of(root, "h1"))
    return About(
        title=_without_site(title, site),
        author=BYLINE.sub("", _first(told.get("author"), _name(meta.get("author")), _name(meta.get("article:author")), _prop(root, "author"))),
        date=_date(told.get("date"), meta.get("article:published_time"), meta.get("date"), meta.get("dc.date"), meta.get("pubdate"), _time(root)),
        site=site,
        language=_first(head_language, meta.get("og:locale"), meta.get("content-language"))[:2].lower(),
        rating=_first(told.get("rating"), _prop(root, "ratingValue")),
        description=_first(meta.get("description"), meta.get("og:description")),
    )


def _first(*values: str | None) -> str:
    return next((" ".join(value.split()) for value in values if value and value.strip()), "")


def _meta(root: etree._Element) -> tuple[dict[str, str], str, str]:
    """Meta tags by lower-case name (the first of a name wins), the title tag, the declared language."""
    meta: dict[str, str] = {}
    title = ""
    for element in root.iter("meta", "title"):
        if element.tag == "title":
            title = title or "".join(element.itertext())
            continue
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        content = element.get("content")
        if name and content:
            meta.setdefault(name.lower(), content)
    return meta, title, root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def _json_ld(root: etree._Element) -> dict[str, str]:
    told: dict[str, str] = {}
    for script in root.iter("script"):
        if (script.get("type") or "").lower().startswith("application/ld+json") and script.text and len(script.text) <= MAX_JSON:
            try:
                data = json.loads(script.text, strict=False)
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


def _time(root: etree._Element) -> str | None:
    found = next(root.iter("time"), None)
    return None if found is None else found.get("datetime")


def _prop(root: etree._Element, name: str) -> str:
    """The first microdata property of this name."""
    for element in ITEMPROP(root, name=name):
        return str(element.get("content") or " ".join("".join(element.itertext()).split())[:200])
    return ""


def _text_of(root: etree._Element, tag: str) -> str:
    found = next(root.iter(tag), None)
    return "" if found is None else "".join(found.itertext())


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
