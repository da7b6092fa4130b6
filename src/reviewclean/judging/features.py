"""Blocks to numbers: what the structure model sees of a page. One row a block, float32; the columns are named in NAMES.

Cost matters here: one Python pass takes from each block what only its text can tell, and all that compares a block with its page is vectorised.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from reviewclean.data import About, Block, Step, words
from reviewclean.judging.patterns import DATE, DIGITS, FUNCTION, SEPARATORS, host_of
from reviewclean.judging.phrases import FAMILIES, phrases
from reviewclean.reading.language import KNOWN

Floats = npt.NDArray[np.float32]

BUCKETS = 1 << 15  # of the hashed word and token weights
DISTANCES = 4  # element tokens are weighed apart: own element, parent, grandparent, further up
PROSE_WORDS = 10  # a block is prose from this many words on, if it is not mostly link
FAR = 30.0  # blocks: the cap on distances along the page
UP = 9  # levels: from this distance up the tree on, an element is as good as absent
HEAD = 80  # words of a block that are looked up one by one: a longer block is prose in any case
LOOKED = 400  # characters of a block in which digits and capitals are counted

TIME = re.compile(r"\b\d{1,2}:\d\d\b")
MONEY = re.compile(r"[$€£¥]\s?\d|\d\s?(?:€|£|zł|usd|eur|gbp|dollars|euros?|pounds)\b", re.IGNORECASE)
SCORE = re.compile(r"\b\d{1,3}(?:[.,]\d)?\s?(?:/|out of)\s?(?:5|10|100|20|6)\b|[★☆⭐]|\b\d{1,3}\s?%", re.IGNORECASE)
ENDS = (".", "!", "?", "…", ".”", '."', "!”", "?”", ".)")
SENTENCES = re.compile(r"[.!?…。](?:\s|[\"”’»)]|$)")

SHOPS = re.compile(
    r"amazon\.|amzn\.|ebay\.|awin|shareasale|linksynergy|skimlinks|go\.redirectingat|anrdoezrs|jdoqocy|tkqlhce|prf\.hn|bookshop\.org|"
    r"walmart\.|bestbuy\.|target\.com|etsy\.com|/go/|/out/|/recommends?/|/visit/|[?&](?:tag|aff|affid|aff_id|ref|clickid|partner)="
)
SOCIAL = re.compile(r"facebook\.com|twitter\.com|//x\.com|pinterest\.|instagram\.com|linkedin\.com|reddit\.com|tumblr\.com|whatsapp|t\.me/|youtube\.com|mailto:|feeds?\.|/feed|tiktok\.com|bsky\.app")

# What class, id and role names of an element tell about everything inside it: field -> parts of names; "=x" is a whole word, "^x" a word's beginning.
# Plain substrings, not regular expressions: every page brings hundreds of new names, and with these a page is measured in half the time.
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
OWN_TAGS = ("p", "li", "div", "td", "tr", "h1", "h2", "h3", "h4", "figcaption", "blockquote", "section", "article", "dd", "dt", "button", "pre", "address", "header", "footer", "aside", "body")
INSIDE = tuple((i, part) for i, told in enumerate(NAMED.values()) for part in told if part[0] not in "=^")
BEGINNING = tuple((i, part[1:]) for i, told in enumerate(NAMED.values()) for part in told if part[0] == "^")
WHOLE = {word: tuple(i for i, told in enumerate(NAMED.values()) if f"={word}" in told) for told in NAMED.values() for word in (part[1:] for part in told if part[0] == "=")}
TAG_FIELDS = {tag: len(NAMED) + i for i, tag in enumerate(TAGS)}
NAMES_READ = 12  # class names of an element that are looked at: the first ones name it, the rest are layout
FIELDS = (*NAMED, *(f"<{tag}>" for tag in TAGS))

OWN_INDEX = {tag: i for i, tag in enumerate(OWN_TAGS)}

TEXT_NAMES = (
    "characters", "words", "lines", "commas", "sentences", "ends_sentence", "ends_colon", "starts_upper", "digits", "all_capitals", "capitalised",
    "word_length", "function_words", "separators", "questions", "exclaims", "quotes", "copyright", "money", "date", "time", "score", "address",
    "links", "link_share", "link_external", "link_internal", "link_anchor", "link_shop", "link_social", "strong_share", "hidden", "level", "depth",
    "title_share", "title_cover", "repeats", *FAMILIES, "word_weight",
)  # fmt: skip
PLACE_NAMES = (*(f"own {tag}" for tag in OWN_TAGS), *(f"up {name}" for name in FIELDS), "token_own", "token_parent", "token_grand", "token_sum", "token_low", "token_high", "token_inner")  # fmt: skip
CARRIED = ("share", "links", "comments", "notice", "shop", "author", "chrome", "review", "offer")  # families of the heading above that matter
PAGE_NAMES = (
    "position", "from_end", "index", "text_before", "prose_before", "prose_after", "to_last_prose", "to_next_prose", "from_first_long", "to_last_long",
    "from_title", "parent_prose", "grand_prose", "great_prose", "greater_prose", "parent_links", "grand_links", "great_links", "inside_main", "levels_out",
    "depth_in_main", "main_share", "siblings", "sibling_words", "sibling_links", "sibling_index", "heading_distance", "heading_level", "heading_words", "heading_weight",
    *(f"heading {family}" for family in CARRIED), "page_blocks", "page_prose", "page_prose_share", "page_main", "page_article", "page_known_language", "prose",
)  # fmt: skip
NEAR = ("words", "link_share", "word_weight", "token_sum", "prose", "function_words", "ends_sentence")
OFFSETS = (-3, -2, -1, 1, 2, 3)
NEAR_NAMES = (*(f"{name} {offset:+d}" for offset in OFFSETS for name in NEAR), "same_parent -1", "same_parent +1", "window_words", "window_links", "window_weight", "window_token")  # fmt: skip
NAMES = (*TEXT_NAMES, *PLACE_NAMES, *PAGE_NAMES, *NEAR_NAMES)


# ---------------------------------------------------------------- hashed weights


class Weights:
    """Learned weights of hashed words and element tokens, one float a bucket, and what else is known of a word: all at one dictionary look-up."""

    def __init__(self, word_weights: Floats, token_weights: Floats) -> None:
        self.word_weights = word_weights  # (BUCKETS,)
        self.token_weights = token_weights  # (DISTANCES + 1, BUCKETS): by distance up the tree, last: of inline elements inside
        self._words: dict[str, tuple[float, bool, tuple[tuple[tuple[str, ...], int], ...]]] = {}
        self._steps: dict[tuple[str, str], tuple[float, ...]] = {}
        self._tokens: dict[str, tuple[float, ...]] = {}

    def read(self, head: Sequence[str]) -> tuple[float, int, list[int]]:
        """(weight of the words, damped for short texts; function words; words in phrases of each family) of a block's first words."""
        cache, total, function, counts = self._words, 0.0, 0, [0] * len(FAMILIES)
        for i, word in enumerate(head):
            known = cache.get(word)
            if known is None:
                known = self._learn(word)
            total += known[0]
            function += known[1]
            for rest, family in known[2]:
                if not rest or tuple(head[i + 1 : i + 1 + len(rest)]) == rest:
                    counts[family] += 1 + len(rest)
        return total / math.sqrt(len(head) + 1.0), function, counts

    def _learn(self, word: str) -> tuple[float, bool, tuple[tuple[tuple[str, ...], int], ...]]:
        if len(self._words) > 200_000:
            self._words.clear()  # a crawl brings ever new words; memory stays
        known = self._words[word] = (float(self.word_weights[bucket(word)]), word in FUNCTION, phrases().get(word, ()))
        return known

    def of_step(self, step: Step) -> tuple[float, ...]:
        """Weight of an element at each distance."""
        key = (step.tag, step.tokens)
        found = self._steps.get(key)
        if found is None:
            if len(self._steps) > 200_000:
                self._steps.clear()
            each = [self._of_token(token) for token in step_tokens(step.tag, step.tokens)]
            found = self._steps[key] = tuple(map(sum, zip(*each, strict=True)))
        return found

    def _of_token(self, token: str) -> tuple[float, ...]:
        """Weight of a token at each distance, and inside a block."""
        found = self._tokens.get(token)
        if found is None:
            if len(self._tokens) > 200_000:
                self._tokens.clear()
            found = self._tokens[token] = tuple(self.token_weights[:, bucket(token)].tolist())
        return found

    def of_inner(self, inner: str) -> float:
        return sum(self._of_token(token)[DISTANCES] for token in tokens_of(inner))


NO_WEIGHTS = Weights(np.zeros(BUCKETS, np.float32), np.zeros((DISTANCES + 1, BUCKETS), np.float32))


def bucket(token: str) -> int:
    return crc32(token.encode("utf-8", "replace")) % BUCKETS


SPLIT = re.compile(r"[^a-z]+")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def tokens_of(names: str) -> tuple[str, ...]:
    """Words of class and id names: "entry-content postBody" -> entry, content, entry-content, post, body, postbody. Digits teach nothing."""
    found: dict[str, None] = {}
    for name in names.split()[:NAMES_READ]:
        found.update(_parts(name))
    return tuple(found)


@lru_cache(maxsize=1 << 17)
def _parts(name: str) -> dict[str, None]:
    """The words of one name, and the name itself, in order; remembered by name, for sites share names more than they share lists of them."""
    parts = dict.fromkeys(part for part in SPLIT.split(CAMEL.sub("-", name).lower()) if 1 < len(part) < 20)
    if len(name) < 40 and not DIGITS.search(name):
        parts[name.lower()] = None
    return parts


@lru_cache(maxsize=1 << 16)
def step_tokens(tag: str, tokens: str) -> tuple[str, ...]:
    return (f"<{tag}>", *tokens_of(tokens)) if tokens else (f"<{tag}>",)


@lru_cache(maxsize=1 << 16)
def _fields(tag: str, tokens: str) -> tuple[int, ...]:
    """Indices into FIELDS of what one element is, by tag and by name."""
    found = {TAG_FIELDS[tag]} if tag in TAG_FIELDS else set()
    if tokens and tag not in ("body", "html"):  # a body says of the whole page what it has: "has-sidebar comments-open"
        for name in tokens.split()[:NAMES_READ]:
            found.update(_named(name))
    return tuple(found)


@lru_cache(maxsize=1 << 17)
def _named(name: str) -> tuple[int, ...]:
    """Indices into FIELDS of what one class name tells."""
    low = name.lower()
    parts = list(_parts(name))
    found = {i for i, substring in INSIDE if substring in low}
    found.update(i for i, prefix in BEGINNING for part in parts if part.startswith(prefix))
    found.update(i for part in parts for i in WHOLE.get(part, ()))
    return tuple(found)


# ---------------------------------------------------------------- one row a block


def measure(blocks: Sequence[Block], about: About, url: str | None, weights: Weights) -> Floats:
    """Numbers of all blocks of one page, shape (blocks, len(NAMES))."""
    if not blocks:
        return np.zeros((0, len(NAMES)), np.float32)
    found = [words(block.text) for block in blocks]
    text = _text(blocks, found, about, url, weights)
    _unhide(text)
    tree = _Tree(blocks)
    place = _place(blocks, tree, weights)
    page = _page(blocks, tree, text, found, about)
    near = _near(blocks, text, place, page)
    return np.concatenate((text, place, page, near), axis=1)


class _Tree:
    """The elements above the blocks of a page, each once, parents before their children."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.steps: list[Step] = [Step("", "", 0)]  # the root stands for "nothing above"
        self.parents: list[int] = [0]
        self.own: list[int] = []  # of each block, the index of its element
        index: dict[int, int] = {}
        for block in blocks:
            path = block.path
            depth = len(path)
            while depth and path[depth - 1].number not in index:
                depth -= 1
            at = index[path[depth - 1].number] if depth else 0
            for step in path[depth:]:
                index[step.number] = len(self.steps)
                self.steps.append(step)
                self.parents.append(at)
                at = len(self.steps) - 1
            self.own.append(at)
        self.depths = [0] * len(self.steps)
        for i in range(1, len(self.steps)):
            self.depths[i] = self.depths[self.parents[i]] + 1

    def gather(self, values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Sums of the blocks' values, (blocks, k), below each element, (elements, k)."""
        sums = np.zeros((len(self.steps), values.shape[1]))
        np.add.at(sums, self.own, values)
        rows = sums.tolist()
        parents = self.parents
        for i in range(len(rows) - 1, 0, -1):
            row, up = rows[i], rows[parents[i]]
            for k, value in enumerate(row):
                up[k] += value
        return np.array(rows)

    def above(self, levels: int) -> npt.NDArray[np.intp]:
        """The element `levels` above each block's own; the root where there is none."""
        parents = np.array(self.parents)
        at = np.array(self.own)
        for _ in range(levels):
            at = parents[at]
        return at


def _unhide(text: Floats) -> None:
    """Where most of a page's prose is hidden, a script shows it to the reader: then hidden means nothing."""
    hidden, size = text[:, TEXT_NAMES.index("hidden")], text[:, TEXT_NAMES.index("characters")]
    prose = (text[:, TEXT_NAMES.index("words")] >= PROSE_WORDS) & (text[:, TEXT_NAMES.index("link_share")] < 0.5)
    if size[prose & (hidden > 0)].sum() > 2 * size[prose & (hidden == 0)].sum():
        hidden[:] = 0


def _text(blocks: Sequence[Block], found: list[list[str]], about: About, url: str | None, weights: Weights) -> Floats:
    """What the words and links of each block tell, (blocks, len(TEXT_NAMES))."""
    title = set(words(about.title))
    host = host_of(url) if url else ""
    times = Counter(block.text for block in blocks)
    rows = []
    for block, ws in zip(blocks, found, strict=True):
        text = block.text
        size, count = len(text), len(ws)
        links = block.links if block.marks else ()
        link_size = sum(mark.end - mark.start for mark in links)
        external, internal, anchor, shop, social = _targets(tuple(mark.target for mark in links[:8]), host) if links else (0, 0, 0, 0, 0)
        strong = sum(mark.end - mark.start for mark in block.marks if mark.kind == "strong") if block.marks else 0
        looked = text[:LOOKED]
        digits = len(DIGITS.findall(looked))
        raw = looked.split()
        head = ws[:HEAD]
        weight, function, families = weights.read(head)
        in_title = len(title.intersection(head)) if title else 0
        rows.append((
            size, count, text.count("\n"), text.count(","), len(SENTENCES.findall(looked)), text.endswith(ENDS), text.endswith(":"),
            text[0].isupper(), digits / len(looked), looked.isupper(),
            len([1 for w in raw if w[0].isupper()]) / max(len(raw), 1), size / max(count, 1), function / max(len(head), 1), len(SEPARATORS.findall(looked)) / max(count, 1),
            text.count("?"), text.count("!"), text.count('"') + text.count("“"), "©" in text, digits and MONEY.search(looked) is not None,
            digits and DATE.search(looked) is not None, digits and TIME.search(looked) is not None, (digits or "★" in looked or "☆" in looked or "⭐" in looked) and SCORE.search(looked) is not None,
            "@" in looked or "http" in looked or "www." in looked or ".com" in looked or ".org" in looked or ".net" in looked,
            len(links), link_size / size, external, internal, anchor, shop, social, strong / size, block.hidden, block.level, len(block.path),
            in_title / max(min(len(set(head)), 40), 1), in_title / max(len(title), 1), min(times[text], 9), *families, weight,
        ))  # fmt: skip
    return np.array(rows, np.float32)


@lru_cache(maxsize=1 << 14)
def _targets(targets: tuple[str, ...], host: str) -> tuple[float, float, float, float, float]:
    """Shares of links that lead out, stay on the site, stay on the page, go to a shop, go to a social network."""
    external = internal = anchor = shop = social = 0
    for target in targets:
        if target.startswith("#"):
            anchor += 1
        elif target.startswith(("http:", "https:", "//")):
            at_home = bool(host) and host_of(target if target[0] != "/" else "https:" + target) == host
            internal, external = internal + at_home, external + (not at_home)
        else:
            internal += 1
        shop += SHOPS.search(target) is not None
        social += SOCIAL.search(target) is not None
    n = len(targets)
    return external / n, internal / n, anchor / n, shop / n, social / n


def _place(blocks: Sequence[Block], tree: _Tree, weights: Weights) -> Floats:
    """What the elements around each block tell, (blocks, len(PLACE_NAMES))."""
    count = len(tree.steps)
    up = np.full((count, len(FIELDS)), UP, np.float32)  # levels up to the nearest element of each field, from each element
    tokens = np.zeros((count, 6), np.float32)
    far = [(0.0, 0.0, 0.0)] * count  # (sum, least, most) of the far weights of an element and all above it
    near = [(0.0,) * DISTANCES] * count
    _levels_up(tree, up)
    for i in range(1, count):
        step, parent = tree.steps[i], tree.parents[i]
        weight = near[i] = weights.of_step(step)
        total, low, high = far[parent]
        last = weight[DISTANCES - 1]
        far[i] = (total + last, min(low, last), max(high, last))
        grand = tree.parents[parent]
        a, b, c = weight[0], near[parent][1], near[grand][2]
        total, low, high = far[tree.parents[grand]] if grand else (0.0, 0.0, 0.0)
        tokens[i] = (a, b, c, a + b + c + total, min(a, b, c, low, 0.0), max(a, b, c, high, 0.0))
    own = np.zeros((count, len(OWN_TAGS)), np.float32)
    for i, step in enumerate(tree.steps):
        k = OWN_INDEX.get(step.tag)
        if k is not None:
            own[i, k] = 1.0
    at = np.array(tree.own)
    inner = np.array([[weights.of_inner(block.inner) if block.inner else 0.0] for block in blocks], np.float32)
    return np.concatenate((own[at], up[at], tokens[at], inner), axis=1)


def _levels_up(tree: _Tree, up: Floats) -> None:
    """Fill in the levels up to the nearest element of each field: a generation of elements at a time, each one further than its parent."""
    depths, parents = np.array(tree.depths), np.array(tree.parents)
    at: list[int] = []
    field: list[int] = []
    for i, step in enumerate(tree.steps):
        found = _fields(step.tag, step.tokens) if i else ()
        at += [i] * len(found)
        field += found
    own = np.zeros(up.shape, np.bool_)
    own[at, field] = True
    for depth in range(1, int(depths.max()) + 1):
        these = np.flatnonzero(depths == depth)
        up[these] = np.where(own[these], 0, np.minimum(up[parents[these]] + 1, UP))


def _page(blocks: Sequence[Block], tree: _Tree, text: Floats, found: list[list[str]], about: About) -> Floats:
    """How each block stands in its page, (blocks, len(PAGE_NAMES))."""
    n = len(blocks)
    column = {name: text[:, i] for i, name in enumerate(TEXT_NAMES)}
    size, count, link_share = column["characters"], column["words"], column["link_share"]
    prose = (count >= PROSE_WORDS) & (link_share < 0.5) & (column["hidden"] == 0) & ((column["sentences"] > 0) | (column["function_words"] > 0.2))
    long_prose = prose & (count >= 25)
    prose_size = np.where(prose, size, 0.0)
    total, total_prose = float(size.sum()) or 1.0, float(prose_size.sum()) or 1.0
    below = tree.gather(np.stack((prose_size, size, size * link_share), axis=1))
    main, on_main = _main(tree, below[:, 0], total_prose)

    index = np.arange(n)
    prose_cum = np.cumsum(prose_size)
    at = np.flatnonzero(long_prose)
    rows: dict[str, npt.NDArray[Any]] = {
        "position": index / max(n - 1, 1), "from_end": np.minimum(n - 1 - index, 100), "index": np.minimum(index, 200),
        "text_before": (np.cumsum(size) - size) / total, "prose_before": (prose_cum - prose_size) / total_prose, "prose_after": (total_prose - prose_cum) / total_prose,
        "to_last_prose": _since(prose), "to_next_prose": _since(prose[::-1])[::-1],
        "from_first_long": np.clip(index - (at[0] if len(at) else 0), -FAR, FAR), "to_last_long": np.clip((at[-1] if len(at) else n) - index, -FAR, FAR),
        "from_title": np.clip(index - _title_at(blocks, column, about), -FAR, FAR),
    }  # fmt: skip
    for level, name in enumerate(("parent", "grand", "great", "greater"), 1):
        element = tree.above(level)
        inside = element > 0
        rows[f"{name}_prose"] = np.where(inside, below[element, 0], 0.0) / total_prose
        if name != "greater":
            rows[f"{name}_links"] = np.where(inside, below[element, 2] / np.maximum(below[element, 1], 1.0), 0.0)
    depths, main_depth = np.array(tree.depths), tree.depths[main]
    own = np.array(tree.own)
    common = on_main[own]
    rows["inside_main"], rows["levels_out"], rows["depth_in_main"] = common == main_depth, main_depth - common, depths[own] - common
    rows["main_share"] = np.full(n, below[main, 0] / total_prose)
    _siblings(tree, count, link_share, rows)
    _headings(blocks, found, column, rows)
    tags = {step.tag for step in tree.steps}
    for name, value in (
        ("page_blocks", min(n, 2000)), ("page_prose", min(total_prose, 50_000.0)), ("page_prose_share", total_prose / total), ("page_main", "main" in tags),
        ("page_article", "article" in tags), ("page_known_language", about.language in KNOWN),
    ):  # fmt: skip
        rows[name] = np.full(n, value)
    rows["prose"] = prose
    return np.stack([rows[name] for name in PAGE_NAMES], axis=1).astype(np.float32)


def _main(tree: _Tree, prose_below: npt.NDArray[np.float64], total: float) -> tuple[int, npt.NDArray[np.intp]]:
    """The deepest element that holds most of the page's prose, and how many levels each element's path shares with the path down to it."""
    best = 0
    for i in range(1, len(tree.steps)):
        if prose_below[i] >= 0.6 * total and tree.parents[i] == best:
            best = i
    chain = set()
    at = best
    while at:
        chain.add(at)
        at = tree.parents[at]
    shared = np.zeros(len(tree.steps), np.intp)
    for i in range(1, len(tree.steps)):
        shared[i] = tree.depths[i] if i in chain else shared[tree.parents[i]]
    return best, shared


def _siblings(tree: _Tree, count: Floats, link_share: Floats, rows: dict[str, npt.NDArray[Any]]) -> None:
    """How many blocks stand side by side in elements of one tag below one parent, and how alike they are."""
    groups: dict[tuple[int, str], int] = {}
    group: list[int] = []
    order: list[int] = []
    sizes: list[int] = []
    for at in tree.own:
        k = groups.setdefault((tree.parents[at], tree.steps[at].tag), len(groups))
        if k == len(sizes):
            sizes.append(0)
        group.append(k)
        order.append(sizes[k])
        sizes[k] += 1
    of, many = np.array(group), np.array(sizes)
    rows["siblings"] = np.minimum(many[of], 50)
    rows["sibling_words"] = np.minimum(np.bincount(of, count) / many, 200)[of]
    rows["sibling_links"] = (np.bincount(of, link_share) / many)[of]
    rows["sibling_index"] = np.minimum(order, 30)


def _since(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.floating]:
    """Blocks since the last flagged one before, capped at FAR."""
    index = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, index, -1000))
    previous = np.concatenate(([-1000], last[:-1]))
    return np.minimum(index - previous, FAR)


def _title_at(blocks: Sequence[Block], column: dict[str, Floats], about: About) -> int:
    """Index of the headline: the first top heading, or the block that shares most words with the page's title."""
    scores = column["title_cover"] + 0.5 * column["title_share"] if about.title else np.zeros(len(blocks), np.float32)
    bonus = np.array([1.0 if b.kind == "heading" and b.level == 1 else 0.3 if b.kind == "heading" else 0.0 for b in blocks], np.float32)
    best = scores + bonus - 0.5 * column["link_share"] - column["hidden"]
    return int(np.argmax(best))


def _headings(blocks: Sequence[Block], found: list[list[str]], column: dict[str, Floats], rows: dict[str, npt.NDArray[Any]]) -> None:
    """What the last heading before each block says."""
    n = len(blocks)
    at = [i for i, block in enumerate(blocks) if block.kind == "heading"]
    last = np.searchsorted(at, np.arange(n), side="left") - 1  # index into `at` of the heading before each block
    told = np.zeros((len(at) + 1, len(CARRIED) + 3), np.float32)  # the last row: no heading before
    for k, i in enumerate(at):
        size = max(len(found[i]), 1)
        told[k] = (*(column[family][i] / size for family in CARRIED), blocks[i].level, min(size, 30), column["word_weight"][i])
    seen = told[last]
    for k, name in enumerate((*(f"heading {family}" for family in CARRIED), "heading_level", "heading_words", "heading_weight")):
        rows[name] = seen[:, k]
    where = np.array([*at, -1000])[last]
    rows["heading_distance"] = np.minimum(np.arange(n) - where, FAR)


def _near(blocks: Sequence[Block], text: Floats, place: Floats, page: Floats) -> Floats:
    """What stands before and after each block, (blocks, len(NEAR_NAMES)). Beyond the page's ends: zeros."""
    n = len(blocks)
    named = {name: text[:, i] for i, name in enumerate(TEXT_NAMES)} | {"token_sum": place[:, PLACE_NAMES.index("token_sum")], "prose": page[:, PAGE_NAMES.index("prose")]}
    base = np.stack([named[name] for name in NEAR], axis=1)
    padded = np.zeros((n + 6, len(NEAR)), np.float32)
    padded[3 : n + 3] = base
    shifted = [padded[3 + offset : 3 + offset + n] for offset in OFFSETS]
    parents = np.array([b.path[-2].number if len(b.path) > 1 else -1 for b in blocks])
    same = np.zeros((n, 2), np.float32)
    if n > 1:
        same[1:, 0] = same[:-1, 1] = parents[1:] == parents[:-1]
    pick = [NEAR.index(name) for name in ("words", "link_share", "word_weight", "token_sum")]
    wide = np.zeros((n + 10, len(pick)), np.float32)
    wide[5 : n + 5] = base[:, pick]
    cumulative = np.concatenate((np.zeros((1, len(pick)), np.float32), np.cumsum(wide, axis=0, dtype=np.float64).astype(np.float32)))
    window = (cumulative[11 : 11 + n] - cumulative[:n]) / 11.0
    return np.concatenate((*shifted, same, window), axis=1)
