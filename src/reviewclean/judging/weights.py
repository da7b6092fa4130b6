"""What was learnt of single words and of class names: one number a hashed bucket, and what the names of elements tell outright."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, groupby
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from reviewclean.judging.parts import GRAM, Parts
from reviewclean.judging.wording import Numbers
from reviewclean.reading.register import Register
from reviewclean.reading.segment import Elements

compiled: ModuleType | None
try:
    from reviewclean.judging import naming as compiled
except ImportError:  # installed without a C compiler
    compiled = None

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

BUCKET_BITS = 15
BUCKETS = 1 << BUCKET_BITS
BUCKET_SHIFT = 64 - BUCKET_BITS  # of a word's number, to its bucket
DISTANCES = 4  # element tokens are weighed apart: own element, parent, grandparent, further up
NAMES_READ = 12  # class names of an element that are looked at: the first ones name it, the rest are layout
REMEMBERED = 200_000  # names of inline elements: a crawl brings ever new ones; memory stays

# What class, id and role names of an element tell about everything inside it: field -> parts of names; "=x" is a whole word, "^x" a word's beginning.
NAMED: dict[str, tuple[str, ...]] = {
    name: tuple(told.split())
    for name, told in {
        "nav": "^nav menu breadcrumb pagination pager =toc =tab =tabs skip drawer hamburger",
        "head": "header masthead banner topbar top-bar branding logo",
        "foot": "footer colophon bottom copyright legal",
        "side": "sidebar side-bar aside =side =rail complementary widget blogroll gadget",
        "comment": "comment disqus respond reply discussion pingback trackback",
        "share": "share sharing social follow addthis pinterest twitter facebook",
        "related": "relat recommend more- read-next readnext read-more readmore =also popular trending latest recent outbrain taboola teaser card =promo carousel recirc similar =next prev archive",
        "ad": "=ad =ads advert sponsor =dfp adsense affiliate disclosure disclaimer",
        "author": "author =bio byline writer contributor vcard",
        "meta": "meta byline date ^time =tag =tags categor posted published =info entry-footer entry-utility kicker eyebrow label",
        "news": "newsletter subscri signup sign-up email optin opt-in mailchimp paywall donat membership",
        "notice": "cookie consent gdpr privacy modal popup overlay dialog notice alert toast",
        "shop": "^buy price product shop =cart deal offer =cta button btn coupon",
        "media": "caption image photo figure gallery video player credit slideshow media embed",
        "body": "article-body articlebody article_body article__body entry-content entrycontent post-content postcontent post_content post-body postbody story-body storybody "
        "reviewbody review-body main-content maincontent content-body contentbody body-text bodytext body-copy bodycopy richtext rich-text text-content single-content prose",
        "text": "article ^post entry story content ^main review text copy body blog",
        "fact": "^spec rating score =pros =cons verdict summary fact detail table",
        "form": "form input search login field select filter",
    }.items()
}  # fmt: skip
TAGS = ("nav", "header", "footer", "aside", "article", "main", "section", "form", "ul", "table", "figure", "blockquote", "div", "button", "details", "address")
FIELDS = (*NAMED, *(f"<{tag}>" for tag in TAGS))
OWN_TAGS = ("p", "li", "div", "td", "tr", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "section", "article", "dd", "dt", "button", "pre", "address", "header", "footer", "aside", "body")
INSIDE = Parts((part, i) for i, told in enumerate(NAMED.values()) for part in told if part[0] not in "^=")
BEGINNING: dict[str, list[tuple[str, int]]] = {}  # the first letters of a word's beginning -> the beginnings, each with its field
for _i, _told in enumerate(NAMED.values()):
    for _part in _told:
        if _part[0] == "^":
            BEGINNING.setdefault(_part[1 : 1 + GRAM], []).append((_part[1:], _i))
WHOLE = {word: tuple(i for i, told in enumerate(NAMED.values()) if f"={word}" in told) for told in NAMED.values() for word in (part[1:] for part in told if part[0] == "=")}
TAG_FIELDS = {tag: len(NAMED) + i for i, tag in enumerate(TAGS)}
OWN_INDEX = {tag: i for i, tag in enumerate(OWN_TAGS)}
WHOLE_PAGE = ("body", "html")  # they say of the whole page what it has: "has-sidebar comments-open"

PIECES = re.compile(r"[a-z]+|\n")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
DIGITS = re.compile(r"\d+")


class Kinds(NamedTuple):
    """What is known of some elements, by tag and names."""

    fields: npt.NDArray[np.bool_]  # (elements, FIELDS)
    own: npt.NDArray[np.bool_]  # (elements, OWN_TAGS)
    weights: Floats  # (elements, DISTANCES)
    tag: npt.NDArray[np.int64]  # (elements,): equal tags have equal numbers

    def take(self, at: npt.NDArray[np.int64] | slice) -> Kinds:
        """The same of some of the elements, or of some of them again and again."""
        return Kinds(self.fields[at], self.own[at], self.weights[at], self.tag[at])


def joined(parts: Sequence[Kinds]) -> Kinds:
    """What is known of some elements, and of others behind them."""
    return Kinds(
        np.concatenate([part.fields for part in parts]), np.concatenate([part.own for part in parts]), np.concatenate([part.weights for part in parts]), np.concatenate([part.tag for part in parts])
    )


def unknown(count: int) -> Kinds:
    """Room for so many elements of which nothing is known yet."""
    return Kinds(np.zeros((count, len(FIELDS)), np.bool_), np.zeros((count, len(OWN_TAGS)), np.bool_), np.zeros((count, DISTANCES), np.float32), np.zeros(count, np.int64))


class Name(NamedTuple):
    """What is known of a class name."""

    fields: tuple[int, ...]  # indices into FIELDS
    tokens: dict[str, int]  # its words and itself -> their buckets


class Weights:
    """Learnt weights of hashed words and element tokens, and a memory of the elements met so far."""

    def __init__(self, word_weights: Floats, token_weights: Floats) -> None:
        self.word_weights = word_weights  # (BUCKETS,)
        self.token_weights = token_weights  # (DISTANCES + 1, BUCKETS): by distance up the tree, last: of inline elements inside
        self._inner: dict[str, float] = {"": 0.0}
        self._tags: dict[str, int] = {}
        self._lock = Lock()
        self._follow(None)

    def _follow(self, register: Register | None) -> None:
        """Go by a register from now on."""
        self._register = register
        self._names: dict[str, Name] = {}
        self._met = 0  # kinds of the register that are known
        self._kinds = unknown(1024)

    def of_words(self, words: Numbers) -> Floats:
        """The weight of each word."""
        return self.word_weights[buckets(words)]

    def of_elements(self, around: Sequence[Elements]) -> Kinds:
        """What is known of each element of some pages."""
        found = []
        with self._lock:
            for register, pages in groupby(around, lambda each: each.register):
                if register is not self._register:
                    self._follow(register)
                self._learn(register)
                found.append(self._kinds.take(np.frombuffer(b"".join([each.kinds for each in pages]), np.int64)))
        return found[0] if len(found) == 1 else joined(found)

    def _learn(self, register: Register) -> None:
        """Take what is new in the register into the memory, all at once."""
        start, end = self._met, len(register)
        if start == end:
            return
        while end > len(self._kinds.own):
            self._kinds = joined((self._kinds, unknown(len(self._kinds.own))))
        tags, names = register.tags[start:end], register.names[start:end]
        fields, own, weights, numbers = self._kinds.take(slice(start, end))
        numbers[:] = [self._tags.setdefault(tag, len(self._tags)) for tag in tags]
        at = [(place, OWN_INDEX[tag]) for place, tag in enumerate(tags) if tag in OWN_INDEX]
        own[tuple(np.array(at, np.intp).reshape(-1, 2).T)] = True
        if compiled is None:
            self._told(tags, names, fields, weights)
        else:
            self._read(tags, names, fields, weights)
        self._met = end

    def _read(self, tags: list[str], names: list[str], fields: Flags, weights: Floats) -> None:
        """As `_told`."""
        at = [(place, TAG_FIELDS[tag]) for place, tag in enumerate(tags) if tag in TAG_FIELDS]
        fields[tuple(np.array(at, np.intp).reshape(-1, 2).T)] = True
        of_tags = {tag: (_of_tag(tag), tag not in WHOLE_PAGE) for tag in set(tags)}
        left = _reader().tell(tags, names, of_tags, self.token_weights, fields.view(np.uint8), weights)
        if left:
            these = fields[left], weights[left]
            self._told([tags[place] for place in left], [names[place] for place in left], *these)
            fields[left], weights[left] = these

    def _told(self, tags: list[str], names: list[str], fields: Flags, weights: Floats) -> None:
        """Write what tags and names tell."""
        each = [told.split()[:NAMES_READ] for told in names]
        self._names.update(named([name for name in dict.fromkeys(chain.from_iterable(each)) if name not in self._names]))
        at: list[int] = []
        told: list[int] = []
        owner: list[int] = []
        token_buckets: list[int] = []
        for place, (tag, mine) in enumerate(zip(tags, each, strict=True)):
            tokens = {f"<{tag}>": _of_tag(tag)}
            here = [TAG_FIELDS[tag]] if tag in TAG_FIELDS else []
            for name in mine:
                known = self._names[name]
                tokens |= known.tokens
                if tag not in WHOLE_PAGE:
                    here += known.fields
            at += [place] * len(here)
            told += here
            owner += [place] * len(tokens)
            token_buckets += tokens.values()
        fields[at, told] = True
        of, places = np.array(owner, np.intp), np.array(token_buckets, np.intp)
        for k in range(DISTANCES):
            weights[:, k] = np.bincount(of, self.token_weights[k, places], minlength=len(tags))

    def of_inner(self, inner: str) -> float:
        """Weight of the inline elements inside a block."""
        found = self._inner.get(inner)
        if found is None:
            if len(self._inner) > REMEMBERED:
                self._inner = {"": 0.0}
            told = None if compiled is None else _reader().weight(inner, self.token_weights[DISTANCES])
            if told is None:
                told = float(sum(self.token_weights[DISTANCES, bucket(token)] for token in tokens_of(inner)))
            found = self._inner[inner] = told
        return found


@cache
def _reader() -> Any:
    """What reads names in compiled code."""
    assert compiled is not None
    parts = [[(part.lstrip("^="), i) for i, told in enumerate(NAMED.values()) for part in told if (part[0] if part[0] in "^=" else "") == mark] for mark in ("", "^", "=")]
    return compiled.Reader(parts[0], parts[1], parts[2], NAMES_READ, BUCKETS)


def no_weights() -> Weights:
    """Weights that say nothing."""
    return Weights(np.zeros(BUCKETS, np.float32), np.zeros((DISTANCES + 1, BUCKETS), np.float32))


def buckets(words: Numbers) -> npt.NDArray[np.intp]:
    """The bucket of each word."""
    return (words >> np.uint64(BUCKET_SHIFT)).astype(np.intp)


def bucket(token: str) -> int:
    """The bucket of a class name."""
    return crc32(token.encode("utf-8", "replace")) % BUCKETS


def tokens_of(names: str) -> tuple[str, ...]:
    """Words of class and id names: "entry-content postBody" -> entry, content, entry-content, post, body, postbody. Digits teach nothing."""
    found: dict[str, None] = {}
    for parts in _parts(names.split()[:NAMES_READ]):
        found.update(dict.fromkeys(parts))
    return tuple(found)


def _parts(names: list[str]) -> Iterator[list[str]]:
    """The words of each name, and the name itself, in order."""
    pieces = iter(PIECES.findall(CAMEL.sub("-", "\n".join(names)).lower() + "\n"))  # of all names at once: a call for each took twice as long
    for name in names:
        parts = [piece for piece in iter(pieces.__next__, "\n") if 1 < len(piece) < 20]
        if len(name) < 40 and not DIGITS.search(name):
            parts.append(name.lower())
        yield parts


def step_tokens(tag: str, tokens: str) -> tuple[str, ...]:
    """The tokens of an element: its tag and the words of its names."""
    return (f"<{tag}>", *tokens_of(tokens)) if tokens else (f"<{tag}>",)


def named(names: list[str]) -> dict[str, Name]:
    """What each class name tells."""
    if not names:
        return {}
    found = {}
    for name, of, parts in zip(names, INSIDE.inside([name.lower() for name in names]), _parts(names), strict=True):
        tokens: dict[str, int] = {}
        for word in parts:
            told, tokens[word] = _word(word)
            if told:
                of.update(told)
        found[name] = Name(tuple(of), tokens)
    return found


@lru_cache(maxsize=1 << 10)
def _of_tag(tag: str) -> int:
    """The bucket of a tag."""
    return bucket(f"<{tag}>")


@lru_cache(maxsize=1 << 16)
def _word(word: str) -> tuple[tuple[int, ...], int]:
    """The fields that a word of a class name tells, and its bucket: names are new, their words seldom."""
    told = [field for part, field in BEGINNING.get(word[:GRAM], ()) if word.startswith(part)]
    return (*WHOLE.get(word, ()), *told), bucket(word)
