"""Blocks to numbers: what the structure model sees of a page. One row a block, float32; the columns are named in NAMES.

Everything is measured for a batch of pages at once. What compares a block with its page uses whole numbers and sums that stay inside the page,
so that a page gives the same numbers alone and among others.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from reviewclean.judging import addresses, elements, place, telling
from reviewclean.judging.addresses import ANCHOR, HERE, NETWORK, OUT, SHOP
from reviewclean.judging.batch import Batch
from reviewclean.judging.blocks import PROSE_WORDS, Pages, marks_of
from reviewclean.judging.telling import Flags, Floats
from reviewclean.judging.weights import BUCKET_SHIFT, Weights
from reviewclean.judging.wording import Ints, Numbers, wording

compiled: ModuleType | None
try:
    from reviewclean.judging import numbering as compiled
except ImportError:  # installed without a C compiler
    compiled = None

HEAD = 80  # words of a block that are weighed: a longer block is prose in any case
FINE = 4096.0  # weights are summed over windows as whole multiples of 1/FINE, so that sums are exact

LINK_NAMES = ("links", "link_share", "link_external", "link_internal", "link_anchor", "link_shop", "link_social", "strong_share")
BLOCK_NAMES = ("hidden", "level", "depth", "title_share", "title_cover", "repeats", "word_weight", "token_inner")
NEAR = ("words", "link_share", "word_weight", "token_sum", "prose", "function", "ends")
OFFSETS = (-3, -2, -1, 1, 2, 3)
WIDE = ("words", "link_share", "word_weight", "token_sum")
REACH = 5  # blocks on either side in a window
NEAR_NAMES = (*(f"{name} {offset:+d}" for offset in OFFSETS for name in NEAR), "same_parent -1", "same_parent +1", *(f"window {name}" for name in WIDE))
NAMES = (*telling.NAMES, *LINK_NAMES, *BLOCK_NAMES, *elements.NAMES, *place.NAMES, *NEAR_NAMES)


def measure(batch: Batch, weights: Weights) -> Floats:
    """Numbers of all blocks of some pages of HTML, shape (blocks, len(NAMES))."""
    pages = Pages(batch, weights)
    around = elements.measure(pages.elements, pages.kinds)
    pages.columns["token_sum"] = around[:, elements.NAMES.index("token_sum")]
    for step in (_links, _by_itself, place.measure):  # each needs what the ones before have found
        pages.columns |= step(pages)
    out = np.empty((len(pages.blocks), len(NAMES)), np.float32)
    at = 0
    for part in (batch.told.rows, (LINK_NAMES, BLOCK_NAMES), around, (place.NAMES,), _near(pages)):
        if isinstance(part, tuple):
            for name in chain.from_iterable(part):
                out[:, at] = pages.columns[name]
                at += 1
        else:
            out[:, at : at + part.shape[1]] = part
            at += part.shape[1]
    return out


# ---------------------------------------------------------------- by itself


def _links(pages: Pages) -> dict[str, npt.NDArray[Any]]:
    """What the links and the emphasis of each block tell."""
    count = len(pages.blocks)
    hosts = [reading.host for reading in pages.readings]
    at, sizes, targets, strong, strong_sizes = marks_of(pages.blocks)
    where = np.array(at, np.int64)
    own = [hosts[page] for page in pages.of[where].tolist()]
    flags = np.array([bits ^ (OUT | HERE) if host and host == here else bits for (bits, host), here in zip(addresses.told(targets), own, strict=True)], np.int64)
    links = np.bincount(where, minlength=count)
    size = pages["characters"]
    pages.columns["link_size"] = np.bincount(where, sizes, minlength=count).astype(np.int64)

    def share(bit: int) -> npt.NDArray[np.float64]:
        return np.bincount(where[(flags & bit) > 0], minlength=count) / np.maximum(links, 1)

    return {
        "links": links, "link_share": pages["link_size"] / size, "link_external": share(OUT), "link_internal": share(HERE), "link_anchor": share(ANCHOR),
        "link_shop": share(SHOP), "link_social": share(NETWORK), "strong_share": np.bincount(np.array(strong, np.int64), strong_sizes, minlength=count) / size,
    }  # fmt: skip


def _by_itself(pages: Pages) -> dict[str, npt.NDArray[Any]]:
    """What else each block tells by itself, and how its words go with the page's title."""
    blocks = pages.blocks
    many = np.minimum(np.diff(pages.told.text.first), HEAD)
    titles = wording([reading.about.title for reading in pages.readings])
    keys = np.unique(titles.word_text.astype(np.uint64) << np.uint64(48) | titles.word >> np.uint64(16))
    title_size = np.bincount((keys >> np.uint64(48)).astype(np.int64), minlength=len(pages.readings))
    weight, in_title = _heads(pages, keys) if compiled is None else _compiled(pages, keys, title_size)
    repeats: list[int] = []
    for reading in pages.readings:
        times = Counter([block.text for block in reading.blocks])
        repeats += [times[block.text] for block in reading.blocks]
    return {
        "hidden": _hidden(pages), "level": np.array([block.level for block in blocks]), "depth": pages.elements.depth[pages.elements.own],
        "title_share": in_title / np.clip(many, 1, 40), "title_cover": in_title / np.maximum(title_size, 1)[pages.of], "repeats": np.minimum(repeats, 9),
        "word_weight": weight / np.sqrt(many + 1.0), "token_inner": np.array([pages.weights.of_inner(block.inner) if block.inner else 0.0 for block in blocks]),
    }  # fmt: skip


def _compiled(pages: Pages, titles: Numbers, title_size: Ints) -> tuple[npt.NDArray[np.float64], Ints]:
    """As `_heads`."""
    assert compiled is not None
    count, text = len(pages.blocks), pages.told.text
    weight, in_title = np.empty(count), np.zeros(count, np.int64)
    bounds = np.concatenate(([0], np.cumsum(title_size)))
    compiled.heads(text.first, text.word, HEAD, pages.weights.word_weights, BUCKET_SHIFT, pages.of, titles, bounds, np.full(len(titles), -1), weight, in_title)
    return weight, in_title


def _heads(pages: Pages, titles: Numbers) -> tuple[npt.NDArray[np.float64], Ints]:
    """Of the first words of each block: the sum of their weights, and how many different ones stand in the page's title. `titles`: the words of titles, by page."""
    text, count = pages.told.text, len(pages.blocks)
    head = np.arange(len(text.word)) - text.first[text.word_text] < HEAD
    of, words = text.word_text[head], text.word[head]
    wanted = pages.of[of].astype(np.uint64) << np.uint64(48) | words >> np.uint64(16)
    possible = np.zeros(1 << 16, np.bool_)  # a quick no for most words: the lower bits of a key that is in a title
    possible[titles.astype(np.uint16)] = True
    maybe = np.flatnonzero(possible[wanted.astype(np.uint16)])
    found = np.searchsorted(titles, wanted[maybe])
    hit = np.flatnonzero((found < len(titles)) & (titles[np.minimum(found, len(titles) - 1)] == wanted[maybe])) if len(titles) else maybe[:0]
    each = np.unique(of[maybe[hit]] * max(len(titles), 1) + found[hit]) // max(len(titles), 1)
    return np.asarray(np.bincount(of, pages.weights.of_words(words), minlength=count), np.float64), np.bincount(each, minlength=count)


def _hidden(pages: Pages) -> Flags:
    """Which blocks are hidden. Where most of a page's prose is hidden, a script shows it to the reader: then hidden means nothing."""
    hidden = np.array([block.hidden for block in pages.blocks], np.bool_)
    prose = np.where((pages["words"] >= PROSE_WORDS) & (pages["link_share"] < 0.5), pages["characters"], 0)
    shown = pages.sums(np.where(hidden, 0, prose))
    hidden &= ~(pages.sums(np.where(hidden, prose, 0)) > 2 * shown)[pages.of]
    return hidden


# ---------------------------------------------------------------- its neighbours


def _near(pages: Pages) -> Floats:
    """What stands before and after each block, (blocks, len(NEAR_NAMES)). Beyond the page's ends: zeros."""
    count = len(pages.blocks)
    base = np.stack([np.asarray(pages[name], np.float32) for name in NEAR], axis=1)
    out = np.zeros((count, len(NEAR_NAMES)), np.float32)
    for k, offset in enumerate(OFFSETS):
        columns, size = slice(k * len(NEAR), (k + 1) * len(NEAR)), abs(offset)
        if offset < 0:
            out[size:, columns] = base[:-size]
        else:
            out[:-size, columns] = base[size:]
        edge = np.arange(size)  # blocks of a page that are so near its end that the other one is not in it
        beyond = (pages.start[:, None] + edge if offset < 0 else pages.end[:, None] - 1 - edge).ravel()
        out[beyond[(beyond >= 0) & (beyond < count)], columns] = 0
    at = len(OFFSETS) * len(NEAR)
    parent = pages.elements.parent[pages.elements.own]
    same = (parent[1:] == parent[:-1]) & (pages.of[1:] == pages.of[:-1])
    out[1:, at] = out[:-1, at + 1] = same
    fine = np.rint(base[:, [NEAR.index(name) for name in WIDE]] * FINE).astype(np.int64)
    sums = np.concatenate((np.zeros((1, len(WIDE)), np.int64), np.cumsum(fine, axis=0)))
    low, high = np.maximum(pages.index - REACH, pages.first), np.minimum(pages.index + REACH, pages.last) + 1
    out[:, at + 2 :] = (sums[high] - sums[low]) / (FINE * (2 * REACH + 1))
    return out
