"""What was learnt of single words and of class names: one number a hashed bucket, and what the names of elements tell outright."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from types import ModuleType
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from reviewclean.data import Step
from reviewclean.judging.parts import GRAM, Parts
from reviewclean.judging.wording import Numbers

compiled: ModuleType | None
try:
    from reviewclean.judging import nesting as compiled
except ImportError:  # installed without a C compiler
    compiled = None

Floats = npt.NDArray[np.float32]

BUCKET_BITS = 15
BUCKETS = 1 << BUCKET_BITS
BUCKET_SHIFT = 64 - BUCKET_BITS  # of a word's number, to its bucket
DISTANCES = 4  # element tokens are weighed apart: own element, parent, grandparent, further up
NAMES_READ = 12  # class names of an element that are looked at: the first ones name it, the rest are layout
REMEMBERED = 200_000  # elements, names: a crawl brings ever new ones; memory stays

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

PIECES = re.compile(r"[a-z]+|\n")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
DIGITS = re.compile(r"\d+")


class Kinds(NamedTuple):
    """What is known of some elements, by tag and names."""

    fields: npt.NDArray[np.bool_]  # (elements, FIELDS)
    own: npt.NDArray[np.bool_]  # (elements, OWN_TAGS)
    weights: Floats  # (elements, DISTANCES)
    tag: npt.NDArray[np.int64]  # (elements,): equal tags have equal numbers

    def take(self, at: npt.NDArray[np.intp]) -> Kinds:
        """The same of some of the elements, or of some of them again and again."""
        return Kinds(self.fields[at], self.own[at], self.weights[at], self.tag[at])


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
        self._forget()

    def _forget(self) -> None:
        self._index: defaultdict[str, dict[str, int]] = defaultdict(dict)  # tag -> names -> which element it is; no pair as a key, since making one took half of the time
        self._names: dict[str, Name] = {}
        self._tags: dict[str, int] = {}
        self._met = 0  # elements in the index
        self._known = 0  # of them, those that differ by more than digits
        self._kinds = unknown(1024)

    def of_words(self, words: Numbers) -> Floats:
        """The weight of each word."""
        return self.word_weights[buckets(words)]

    def of_steps(self, steps: list[Step]) -> Kinds:
        """What is known of each element."""
        if self._met > REMEMBERED:
            self._forget()
        index = self._index
        at = np.empty(len(steps), np.intp)
        if compiled is None:
            at[:] = [index[step.tag].get(step.tokens, -1) for step in steps]
        else:
            compiled.places(steps, index, at)
        new = np.flatnonzero(at < 0)
        if len(new):
            met = [(steps[i].tag, steps[i].tokens) for i in new.tolist()]
            different = dict.fromkeys(met)
            self._met += len(different)
            plain = DIGITS.sub("0", "\0".join([tokens for _, tokens in different])).split("\0")  # numbers teach nothing, and every list of posts brings new ones
            known = [(tag, tokens) for (tag, _), tokens in zip(different, plain, strict=True)]
            self._learn([(tag, tokens) for tag, tokens in dict.fromkeys(known) if tokens not in index[tag]])
            for (tag, tokens), (_, same) in zip(different, known, strict=True):
                index[tag][tokens] = index[tag][same]
            at[new] = [index[tag][tokens] for tag, tokens in met]
        return self._kinds.take(at)

    def _learn(self, elements: list[tuple[str, str]]) -> None:
        """Take elements into the memory, all at once."""
        start, self._known = self._known, self._known + len(elements)
        while self._known > len(self._kinds.own):
            met, room = self._kinds, unknown(len(self._kinds.own))
            self._kinds = Kinds(
                np.concatenate((met.fields, room.fields)), np.concatenate((met.own, room.own)), np.concatenate((met.weights, room.weights)), np.concatenate((met.tag, room.tag))
            )
        fields, own, weights, numbers = self._kinds
        names = [(tag, tokens.split()[:NAMES_READ]) for tag, tokens in elements]
        self._names.update(named([name for name in dict.fromkeys(chain.from_iterable(each for _, each in names)) if name not in self._names]))
        at: list[int] = []
        told: list[int] = []
        owner: list[int] = []
        token_buckets: list[int] = []
        for place, ((_, written), (tag, each)) in enumerate(zip(elements, names, strict=True), start):
            self._index[tag][written] = place
            numbers[place] = self._tags.setdefault(tag, len(self._tags))
            if tag in OWN_INDEX:
                own[place, OWN_INDEX[tag]] = True
            tokens = {f"<{tag}>": _of_tag(tag)}
            here = [TAG_FIELDS[tag]] if tag in TAG_FIELDS else []
            for name in each:
                known = self._names[name]
                tokens |= known.tokens
                if tag not in ("body", "html"):  # a body says of the whole page what it has: "has-sidebar comments-open"
                    here += known.fields
            at += [place] * len(here)
            told += here
            owner += [place - start] * len(tokens)
            token_buckets += tokens.values()
        fields[at, told] = True
        of, places = np.array(owner, np.intp), np.array(token_buckets, np.intp)
        for k in range(DISTANCES):
            weights[start : self._known, k] = np.bincount(of, self.token_weights[k, places], minlength=len(elements))

    def of_inner(self, inner: str) -> float:
        """Weight of the inline elements inside a block."""
        found = self._inner.get(inner)
        if found is None:
            if len(self._inner) > REMEMBERED:
                self._inner = {"": 0.0}
            found = self._inner[inner] = float(sum(self.token_weights[DISTANCES, bucket(token)] for token in tokens_of(inner)))
        return found


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
