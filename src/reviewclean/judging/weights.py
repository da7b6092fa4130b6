"""What was learnt of single words and of class names: one number a hashed bucket, and what the names of elements tell outright."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from reviewclean.data import Step
from reviewclean.judging.wording import Numbers

Floats = npt.NDArray[np.float32]

BUCKET_BITS = 15
BUCKETS = 1 << BUCKET_BITS
DISTANCES = 4  # element tokens are weighed apart: own element, parent, grandparent, further up
NAMES_READ = 12  # class names of an element that are looked at: the first ones name it, the rest are layout
REMEMBERED = 200_000  # elements, names: a crawl brings ever new ones; memory stays

# What class, id and role names of an element tell about everything inside it: field -> parts of names; "=x" is a whole word, "^x" a word's beginning.
# Plain substrings, looked up by their first letters: every page brings a hundred new names, and a regular expression took ten times as long.
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
GRAM = 3  # letters: no part of a name that is looked for anywhere is shorter
INSIDE: dict[str, list[tuple[str, int]]] = {}  # the first letters of a part -> the parts that begin so, each with its field
BEGINNING: dict[str, list[tuple[str, int]]] = {}  # the same, for the beginnings of words
for _i, _told in enumerate(NAMED.values()):
    for _part in _told:
        if _part[0] == "^":
            BEGINNING.setdefault(_part[1 : 1 + GRAM], []).append((_part[1:], _i))
        elif _part[0] != "=":
            INSIDE.setdefault(_part[:GRAM], []).append((_part, _i))
WHOLE = {word: tuple(i for i, told in enumerate(NAMED.values()) if f"={word}" in told) for told in NAMED.values() for word in (part[1:] for part in told if part[0] == "=")}
TAG_FIELDS = {tag: len(NAMED) + i for i, tag in enumerate(TAGS)}
OWN_INDEX = {tag: i for i, tag in enumerate(OWN_TAGS)}

SPLIT = re.compile(r"[^a-z]+")
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
        self._index: dict[tuple[str, str], int] = {}
        self._names: dict[str, Name] = {}
        self._tags: dict[str, int] = {}
        self._known = 0
        self._kinds = unknown(1024)

    def of_words(self, words: Numbers) -> Floats:
        """The weight of each word."""
        return self.word_weights[buckets(words)]

    def of_steps(self, steps: list[Step]) -> Kinds:
        """What is known of each element."""
        if len(self._index) > REMEMBERED:
            self._forget()
        index = self._index
        found = [index.get((step.tag, step.tokens), -1) for step in steps]
        if -1 in found:
            met = dict.fromkeys([(step.tag, step.tokens) for step, place in zip(steps, found, strict=True) if place < 0])
            plain = {(tag, tokens): (tag, DIGITS.sub("0", tokens) if DIGITS.search(tokens) else tokens) for tag, tokens in met}  # numbers teach nothing, and every list of posts brings new ones
            self._learn([element for element in dict.fromkeys(plain.values()) if element not in index])
            for element, known in plain.items():
                index[element] = index[known]
            found = [index[step.tag, step.tokens] for step in steps]
        at = np.array(found, np.intp)
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
        for place, (element, (tag, each)) in enumerate(zip(elements, names, strict=True), start):
            self._index[element] = place
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
    return (words >> np.uint64(64 - BUCKET_BITS)).astype(np.intp)


def bucket(token: str) -> int:
    """The bucket of a class name."""
    return crc32(token.encode("utf-8", "replace")) % BUCKETS


def tokens_of(names: str) -> tuple[str, ...]:
    """Words of class and id names: "entry-content postBody" -> entry, content, entry-content, post, body, postbody. Digits teach nothing."""
    found: dict[str, None] = {}
    for name in names.split()[:NAMES_READ]:
        found.update(dict.fromkeys(_parts(name, name.lower())))
    return tuple(found)


def _parts(name: str, low: str) -> list[str]:
    """The words of one name, and the name itself, in order."""
    parts = [part for part in SPLIT.split(CAMEL.sub("-", name).lower() if low != name else name) if 1 < len(part) < 20]
    if len(name) < 40 and not DIGITS.search(name):
        parts.append(low)
    return parts


def step_tokens(tag: str, tokens: str) -> tuple[str, ...]:
    """The tokens of an element: its tag and the words of its names."""
    return (f"<{tag}>", *tokens_of(tokens)) if tokens else (f"<{tag}>",)


def named(names: list[str]) -> dict[str, Name]:
    """What each class name tells."""
    if not names:
        return {}
    lows = [name.lower() for name in names]
    fields: list[set[int]] = [set() for _ in names]
    big = "\n".join(lows)
    at = np.flatnonzero(_POSSIBLE[_grams(big)])  # where a part may begin: its first letters stand there
    ends = np.cumsum([len(low) + 1 for low in lows])
    for place, which in zip(at.tolist(), np.searchsorted(ends, at, side="right").tolist(), strict=True):
        for part, field in INSIDE.get(big[place : place + GRAM], ()):
            if big.startswith(part, place):
                fields[which].add(field)
    found = {}
    for name, low, of in zip(names, lows, fields, strict=True):
        tokens: dict[str, int] = {}
        for word in _parts(name, low):
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


def _grams(text: str) -> npt.NDArray[np.intp]:
    """A number for the GRAM characters at each place of a text; different ones may share it."""
    letters = np.frombuffer(text.encode("latin-1", "replace"), np.uint8).astype(np.intp)
    return (letters[:-2] * 961 + letters[1:-1] * 31 + letters[2:]) & 0xFFFF if len(letters) >= GRAM else letters[:0]


_POSSIBLE = np.zeros(1 << 16, np.bool_)
_POSSIBLE[np.concatenate([_grams(gram) for gram in INSIDE])] = True
