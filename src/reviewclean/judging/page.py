"""Blocks to numbers: what the structure model sees of a page. One row a block, float32; the columns are named in NAMES.

Everything is measured for a batch of pages at once. What compares a block with its page uses whole numbers and sums that stay inside the page,
so that a page gives the same numbers alone and among others.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from reviewclean.data import Block
from reviewclean.judging import elements, telling
from reviewclean.judging.batch import Batch
from reviewclean.judging.elements import Elements
from reviewclean.judging.phrases import KNOWN
from reviewclean.judging.telling import Flags, Floats
from reviewclean.judging.weights import Weights
from reviewclean.judging.wording import Ints, wording
from reviewclean.reading import host_of

HEAD = 80  # words of a block that are weighed: a longer block is prose in any case
PROSE_WORDS = 10  # a block is prose from this many words on, if it is not mostly link
LONG_WORDS = 25
FAR = 30  # blocks: the cap on distances along the page
FINE = 4096.0  # weights are summed over windows as whole multiples of 1/FINE, so that sums are exact

SHOPS = re.compile(
    r"amazon\.|amzn\.|ebay\.|awin|shareasale|linksynergy|skimlinks|go\.redirectingat|anrdoezrs|jdoqocy|tkqlhce|prf\.hn|bookshop\.org|"
    r"walmart\.|bestbuy\.|target\.com|etsy\.com|/go/|/out/|/recommends?/|/visit/|[?&](?:tag|aff|affid|aff_id|ref|clickid|partner)="
)
SOCIAL = re.compile(r"facebook\.com|twitter\.com|//x\.com|pinterest\.|instagram\.com|linkedin\.com|reddit\.com|tumblr\.com|whatsapp|t\.me/|youtube\.com|mailto:|feeds?\.|/feed|tiktok\.com|bsky\.app")

LINK_NAMES = ("links", "link_share", "link_external", "link_internal", "link_anchor", "link_shop", "link_social", "strong_share")
BLOCK_NAMES = ("hidden", "level", "depth", "title_share", "title_cover", "repeats", "word_weight", "token_inner")
CARRIED = ("share", "links", "comments", "notice", "shop", "author", "chrome", "review", "offer")  # families of the heading above that matter
PLACE_NAMES = (
    "position", "from_end", "index", "text_before", "prose_before", "prose_after", "to_last_prose", "to_next_prose", "from_first_long", "to_last_long",
    "from_title", "parent_prose", "parent_links", "grand_prose", "grand_links", "great_prose", "great_links", "greater_prose", "inside_main", "levels_out",
    "depth_in_main", "main_share", "siblings", "sibling_words", "sibling_links", "sibling_index", "heading_distance", "heading_level", "heading_words", "heading_weight",
    *(f"heading {family}" for family in CARRIED), "page_blocks", "page_prose", "page_prose_share", "page_main", "page_article", "page_known_language", "prose",
)  # fmt: skip
NEAR = ("words", "link_share", "word_weight", "token_sum", "prose", "function", "ends")
OFFSETS = (-3, -2, -1, 1, 2, 3)
WIDE = ("words", "link_share", "word_weight", "token_sum")
REACH = 5  # blocks on either side in a window
NEAR_NAMES = (*(f"{name} {offset:+d}" for offset in OFFSETS for name in NEAR), "same_parent -1", "same_parent +1", *(f"window {name}" for name in WIDE))
NAMES = (*telling.NAMES, *LINK_NAMES, *BLOCK_NAMES, *elements.NAMES, *PLACE_NAMES, *NEAR_NAMES)


class Pages:
    """The blocks of some pages, one after another, and what is asked of them again and again."""

    def __init__(self, batch: Batch, weights: Weights) -> None:
        readings, told = batch.readings, batch.told
        self.batch = batch
        self.readings = readings
        self.told = told
        self.weights = weights
        self.blocks: list[Block] = [block for reading in readings for block in reading.blocks]
        sizes = np.array([len(reading.blocks) for reading in readings])
        self.end: Ints = np.cumsum(sizes)  # (pages,)
        self.start: Ints = self.end - sizes  # (pages,)
        self.of: Ints = np.repeat(np.arange(len(readings)), sizes)  # (blocks,): the page of each
        self.index: Ints = np.arange(len(self.blocks))
        self.first, self.last = self.start[self.of], self.end[self.of] - 1  # (blocks,): first and last block of its page
        self.elements = Elements(readings)
        self.columns: dict[str, npt.NDArray[Any]] = {name: told.rows[:, i] for i, name in enumerate(telling.NAMES)}
        self.heading: Flags = np.array([block.kind == "heading" for block in self.blocks], np.bool_)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.columns[name]

    def sums(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The sum over each page, (pages,)."""
        return np.bincount(self.of, values, minlength=len(self.readings))

    def before(self, values: Ints) -> Ints:
        """Of whole numbers: the sum over all blocks of the page that stand before each block."""
        sums = np.cumsum(values) - values
        before: Ints = sums - sums[self.first]
        return before


def measure(batch: Batch, weights: Weights) -> Floats:
    """Numbers of all blocks of some pages of HTML, shape (blocks, len(NAMES))."""
    pages = Pages(batch, weights)
    around = elements.measure(pages.elements, weights)
    pages.columns["token_sum"] = around[:, elements.NAMES.index("token_sum")]
    for step in (_links, _by_itself, _place):  # each needs what the ones before have found
        pages.columns |= step(pages)
    out = np.empty((len(pages.blocks), len(NAMES)), np.float32)
    at = 0
    for part in (batch.told.rows, (LINK_NAMES, BLOCK_NAMES), around, (PLACE_NAMES,), _near(pages)):
        if isinstance(part, tuple):
            for name in chain.from_iterable(part):
                out[:, at] = pages.columns[name]
                at += 1
        else:
            out[:, at : at + part.shape[1]] = part
            at += part.shape[1]
    return out


# ---------------------------------------------------------------- by itself

ANCHOR, HERE, OUT, SHOP, NETWORK = 1, 2, 4, 8, 16


@lru_cache(maxsize=1 << 17)
def _target(target: str) -> tuple[int, str]:
    """What a link's address tells, as bits, and its host."""
    host, found = "", HERE
    if target.startswith("#"):
        found = ANCHOR
    elif target.startswith(("http:", "https:", "//")):
        host, found = host_of(target), OUT
    return found | (SHOP if SHOPS.search(target) else 0) | (NETWORK if SOCIAL.search(target) else 0), host


def _links(pages: Pages) -> dict[str, npt.NDArray[Any]]:
    """What the links and the emphasis of each block tell."""
    count = len(pages.blocks)
    hosts = [reading.host for reading in pages.readings]
    of_page = pages.of.tolist()
    at: list[int] = []
    sizes: list[int] = []
    bits: list[int] = []
    strong: list[int] = []
    strong_size: list[int] = []
    for i, block in enumerate(pages.blocks):
        for mark in block.marks:
            if mark.kind == "link":
                found, host = _target(mark.target)
                at.append(i)
                sizes.append(mark.end - mark.start)
                bits.append(found ^ (OUT | HERE) if host and host == hosts[of_page[i]] else found)
            elif mark.kind == "strong":
                strong.append(i)
                strong_size.append(mark.end - mark.start)
    where, flags = np.array(at, np.int64), np.array(bits, np.int64)
    links = np.bincount(where, minlength=count)
    size = pages["characters"]
    pages.columns["link_size"] = np.bincount(where, sizes, minlength=count).astype(np.int64)

    def share(bit: int) -> npt.NDArray[np.float64]:
        return np.bincount(where[(flags & bit) > 0], minlength=count) / np.maximum(links, 1)

    return {
        "links": links, "link_share": pages["link_size"] / size, "link_external": share(OUT), "link_internal": share(HERE), "link_anchor": share(ANCHOR),
        "link_shop": share(SHOP), "link_social": share(NETWORK), "strong_share": np.bincount(np.array(strong, np.int64), strong_size, minlength=count) / size,
    }  # fmt: skip


def _by_itself(pages: Pages) -> dict[str, npt.NDArray[Any]]:
    """What else each block tells by itself, and how its words go with the page's title."""
    blocks, text, count = pages.blocks, pages.told.text, len(pages.blocks)
    head = np.arange(len(text.word)) - text.first[text.word_text] < HEAD
    of, words = text.word_text[head], text.word[head]
    weight = np.bincount(of, pages.weights.of_words(words), minlength=count)
    many = np.bincount(of, minlength=count)
    in_title, title_size = _titled(pages, of, words)
    repeats: list[int] = []
    for reading in pages.readings:
        times = Counter([block.text for block in reading.blocks])
        repeats += [times[block.text] for block in reading.blocks]
    return {
        "hidden": _hidden(pages), "level": np.array([block.level for block in blocks]), "depth": np.array([len(block.path) for block in blocks]),
        "title_share": in_title / np.clip(many, 1, 40), "title_cover": in_title / np.maximum(title_size, 1)[pages.of], "repeats": np.minimum(repeats, 9),
        "word_weight": weight / np.sqrt(many + 1.0), "token_inner": np.array([pages.weights.of_inner(block.inner) for block in blocks]),
    }  # fmt: skip


def _titled(pages: Pages, of: Ints, words: npt.NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """How many words of each block stand in the page's title, and how many different words each title has."""
    titles = wording([reading.about.title for reading in pages.readings])
    keys = np.unique((titles.word_text.astype(np.uint64) << np.uint64(48)) | (titles.word >> np.uint64(16)))
    wanted = (pages.of[of].astype(np.uint64) << np.uint64(48)) | (words >> np.uint64(16))
    possible = np.zeros(1 << 16, np.bool_)  # a quick no for most words: the lower bits of a key that is in a title
    possible[keys.astype(np.uint16)] = True
    maybe = np.flatnonzero(possible[wanted.astype(np.uint16)])
    found = np.searchsorted(keys, wanted[maybe])
    hit = maybe[(found < len(keys)) & (keys[np.minimum(found, len(keys) - 1)] == wanted[maybe])] if len(keys) else maybe[:0]
    each = np.unique(np.stack((of[hit], words[hit].astype(np.int64)), axis=1), axis=0)[:, 0] if len(hit) else of[:0]
    return np.bincount(each, minlength=len(pages.blocks)), np.bincount((keys >> np.uint64(48)).astype(np.int64), minlength=len(pages.readings))


def _hidden(pages: Pages) -> Flags:
    """Which blocks are hidden. Where most of a page's prose is hidden, a script shows it to the reader: then hidden means nothing."""
    hidden = np.array([block.hidden for block in pages.blocks], np.bool_)
    prose = np.where((pages["words"] >= PROSE_WORDS) & (pages["link_share"] < 0.5), pages["characters"], 0)
    shown = pages.sums(np.where(hidden, 0, prose))
    hidden &= ~(pages.sums(np.where(hidden, prose, 0)) > 2 * shown)[pages.of]
    return hidden


# ---------------------------------------------------------------- in its page


def _place(pages: Pages) -> dict[str, npt.NDArray[Any]]:
    """How each block stands in its page."""
    size, count, link_share = pages["characters"].astype(np.int64), pages["words"], pages["link_share"]
    of, index, first, last = pages.of, pages.index, pages.first, pages.last
    prose = (count >= PROSE_WORDS) & (link_share < 0.5) & ~pages["hidden"] & ((pages["sentences"] > 0) | (pages["function"] > 0.2))
    prose_size = np.where(prose, size, 0)
    total, total_prose = np.maximum(pages.sums(size), 1).astype(np.int64), np.maximum(pages.sums(prose_size), 1).astype(np.int64)
    held = pages.elements.held(prose_size)
    blocks = last - first + 1
    prose_before = pages.before(prose_size)
    rows: dict[str, npt.NDArray[Any]] = {
        "position": (index - first) / np.maximum(blocks - 1, 1), "from_end": np.minimum(last - index, 100), "index": np.minimum(index - first, 200),
        "text_before": pages.before(size) / total[of], "prose_before": prose_before / total_prose[of],
        "prose_after": (total_prose[of] - prose_before - prose_size) / total_prose[of],
        "to_last_prose": np.minimum(index - _before(pages, prose), FAR), "to_next_prose": np.minimum(_after(pages, prose) - index, FAR),
        "from_title": np.clip(index - _title_at(pages)[of], -FAR, FAR), "prose": prose,
    }  # fmt: skip
    long = np.flatnonzero(prose & (count >= LONG_WORDS))
    first_long, last_long = pages.start.copy(), pages.end.copy()
    first_long[of[long[::-1]]] = long[::-1]
    last_long[of[long]] = long
    rows["from_first_long"], rows["to_last_long"] = np.clip(index - first_long[of], -FAR, FAR), np.clip(last_long[of] - index, -FAR, FAR)
    _held(pages, held, size, total_prose, rows)
    main, shared = elements.main_of(pages.elements, held, total_prose)
    depth, main_depth = pages.elements.depth, pages.elements.depth[main][of]
    rows["inside_main"], rows["levels_out"], rows["depth_in_main"] = shared == main_depth, main_depth - shared, depth[pages.elements.own] - shared
    rows["main_share"] = (held[main] / total_prose)[of]
    _siblings(pages, rows)
    _headings(pages, rows)
    tags = [{step.tag for step in reading.elements.steps} if reading.elements else set() for reading in pages.readings]
    for name, values in (
        ("page_blocks", np.minimum(pages.end - pages.start, 2000)), ("page_prose", np.minimum(total_prose, 50_000)), ("page_prose_share", total_prose / total),
        ("page_main", ["main" in each for each in tags]), ("page_article", ["article" in each for each in tags]),
        ("page_known_language", [language in KNOWN for language in pages.batch.languages]),
    ):  # fmt: skip
        rows[name] = np.asarray(values)[of]
    return rows


def _before(pages: Pages, flags: Flags) -> Ints:
    """Of each block, the last flagged block of its page before it; far off where there is none."""
    last = np.maximum.accumulate(np.where(flags, pages.index, -1))
    previous = np.concatenate(([-1], last[:-1]))
    return np.where(previous >= pages.first, previous, pages.first - 1000)


def _after(pages: Pages, flags: Flags) -> Ints:
    """Of each block, the next flagged block of its page after it; far off where there is none."""
    count = len(flags)
    following = np.minimum.accumulate(np.where(flags, pages.index, count)[::-1])[::-1]
    following = np.concatenate((following[1:], [count]))
    return np.where(following <= pages.last, following, pages.last + 1000)


def _title_at(pages: Pages) -> Ints:
    """Of each page, the block that is its headline: the first top heading, or the block that shares most words with the page's title."""
    scores = pages["title_cover"] + 0.5 * pages["title_share"]
    bonus = np.where(pages.heading, np.where(pages["level"] == 1, 1.0, 0.3), 0.0)
    best = scores + bonus - 0.5 * pages["link_share"] - pages["hidden"]
    return np.array([start + int(best[start:end].argmax()) for start, end in zip(pages.start.tolist(), pages.end.tolist(), strict=True)])


def _held(pages: Pages, prose: Ints, size: Ints, total: Ints, rows: dict[str, npt.NDArray[Any]]) -> None:
    """What the elements above each block hold: how much of the page's prose, and how much of their text is links."""
    tree = pages.elements
    link_share = tree.held(pages["link_size"]) / np.maximum(tree.held(size), 1)
    prose_share = prose / total[tree.pages]
    at = tree.own
    for name in ("parent", "grand", "great", "greater"):
        at = tree.parent[at]
        inside = tree.depth[at] > 0
        rows[f"{name}_prose"] = np.where(inside, prose_share[at], 0.0)
        rows[f"{name}_links"] = np.where(inside, link_share[at], 0.0)


def _siblings(pages: Pages, rows: dict[str, npt.NDArray[Any]]) -> None:
    """How many blocks stand side by side in elements of one tag below one parent, and how alike they are."""
    tree = pages.elements
    tags: dict[str, int] = {}
    tag = np.array([tags.setdefault(block.path[-1].tag if block.path else "", len(tags)) for block in pages.blocks], np.int64)
    _, of, many = np.unique(tree.parent[tree.own] * max(len(tags), 1) + tag, return_inverse=True, return_counts=True)
    order = np.argsort(of, kind="stable")
    place = np.empty(len(of), np.int64)
    place[order] = np.arange(len(of)) - np.repeat(np.cumsum(many) - many, many)
    rows["siblings"] = np.minimum(many, 50)[of]
    rows["sibling_words"] = np.minimum(np.bincount(of, pages["words"]) / many, 200)[of]
    rows["sibling_links"] = (np.bincount(of, pages["link_share"]) / many)[of]
    rows["sibling_index"] = np.minimum(place, 30)


def _headings(pages: Pages, rows: dict[str, npt.NDArray[Any]]) -> None:
    """What the last heading before each block says."""
    above = _before(pages, pages.heading)
    there = above >= pages.first
    at = np.where(there, above, 0)
    for family in CARRIED:
        rows[f"heading {family}"] = np.where(there, pages[f"{family} share"][at], 0.0)
    rows["heading_level"] = np.where(there, pages["level"][at], 0)
    rows["heading_words"] = np.where(there, np.minimum(pages["words"][at], 30), 0)
    rows["heading_weight"] = np.where(there, pages["word_weight"][at], 0.0)
    rows["heading_distance"] = np.minimum(pages.index - above, FAR)


# ---------------------------------------------------------------- its neighbours


def _near(pages: Pages) -> Floats:
    """What stands before and after each block, (blocks, len(NEAR_NAMES)). Beyond the page's ends: zeros."""
    count = len(pages.blocks)
    base = np.stack([np.asarray(pages[name], np.float32) for name in NEAR], axis=1)
    out = np.zeros((count, len(NEAR_NAMES)), np.float32)
    for k, offset in enumerate(OFFSETS):
        other = pages.index + offset
        inside = (other >= pages.first) & (other <= pages.last)
        out[inside, k * len(NEAR) : (k + 1) * len(NEAR)] = base[other[inside]]
    at = len(OFFSETS) * len(NEAR)
    parent = pages.elements.parent[pages.elements.own]
    same = (parent[1:] == parent[:-1]) & (pages.of[1:] == pages.of[:-1])
    out[1:, at] = out[:-1, at + 1] = same
    fine = np.rint(base[:, [NEAR.index(name) for name in WIDE]] * FINE).astype(np.int64)
    sums = np.concatenate((np.zeros((1, len(WIDE)), np.int64), np.cumsum(fine, axis=0)))
    low, high = np.maximum(pages.index - REACH, pages.first), np.minimum(pages.index + REACH, pages.last) + 1
    out[:, at + 2 :] = (sums[high] - sums[low]) / (FINE * (2 * REACH + 1))
    return out
