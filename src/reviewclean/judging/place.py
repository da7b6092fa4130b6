"""How blocks stand in their page: how far from its title and its prose, beside which siblings, below which heading, in which elements."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from reviewclean.judging import elements
from reviewclean.judging.blocks import PROSE_WORDS, Pages
from reviewclean.judging.phrases import KNOWN
from reviewclean.judging.telling import Flags
from reviewclean.judging.weights import FIELDS
from reviewclean.judging.wording import Ints

LONG_WORDS = 25
FAR = 30  # blocks: the cap on distances along the page
CARRIED = ("share", "links", "comments", "notice", "shop", "author", "chrome", "review", "offer")  # families of the heading above that matter
NAMES = (
    "position", "from_end", "index", "text_before", "prose_before", "prose_after", "to_last_prose", "to_next_prose", "from_first_long", "to_last_long",
    "from_title", "parent_prose", "parent_links", "grand_prose", "grand_links", "great_prose", "great_links", "greater_prose", "inside_main", "levels_out",
    "depth_in_main", "main_share", "siblings", "sibling_words", "sibling_links", "sibling_index", "heading_distance", "heading_level", "heading_words", "heading_weight",
    *(f"heading {family}" for family in CARRIED), "page_blocks", "page_prose", "page_prose_share", "page_main", "page_article", "page_known_language", "prose",
)  # fmt: skip


def measure(pages: Pages) -> dict[str, npt.NDArray[Any]]:
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
    for name, values in (
        ("page_blocks", np.minimum(pages.end - pages.start, 2000)), ("page_prose", np.minimum(total_prose, 50_000)), ("page_prose_share", total_prose / total),
        ("page_main", _has(pages, "<main>")), ("page_article", _has(pages, "<article>")),
        ("page_known_language", [language in KNOWN for language in pages.batch.languages]),
    ):  # fmt: skip
        rows[name] = np.asarray(values)[of]
    return rows


def _has(pages: Pages, field: str) -> Flags:
    """Which pages have an element of this field."""
    has = np.zeros(len(pages.readings), np.bool_)
    has[pages.elements.pages[pages.kinds.fields[:, FIELDS.index(field)]]] = True
    return has


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
    tag = pages.kinds.tag
    _, of, many = np.unique((tree.parent * (int(tag.max(initial=0)) + 1) + tag)[tree.own], return_inverse=True, return_counts=True)
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
