"""Units of a text to numbers: what the context model sees. A unit is a block that stands in running text.

Nothing here asks where a unit stood in the markup, so pages and plain text are judged alike. The question is not "does this sound like an
advertisement?" but "does this belong here?": words are weighed against the rest of the same text, and so are its wording and its names.
A page that talks of casinos from the first line to the last makes a casino ordinary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from reviewclean.judging import telling
from reviewclean.judging.stems import SHIFT, TEXT_BITS, ahead, cosines
from reviewclean.judging.telling import Flags, Floats
from reviewclean.judging.units import Units
from reviewclean.judging.wording import Ints, paired

Columns = dict[str, npt.NDArray[Any]]

HALF_WORDS = 4  # content words: a shorter unit has no halves to compare
PROSE_WORDS = 18
LONG_WORDS = 12
SENTENCE_WORDS = 5
WORDED_SPREAD = 0.3  # of how a text is worded: as much as is left of it where all its units are worded alike

PAGE_NAMES = (
    "topic_rest", "topic_z", "topic_rank", "topic_title", "topic_before", "topic_after", "topic_nearest",
    "rest", "title", "before", "after", "before3", "after3", "nearest", "gap", "rest_rank", "rest_z", "known", "known_weighted", "known_title", "known_first",
    "known_last", "turn", "first_rest", "last_rest", "fall", "lowest_rest", "span_rest", "first_new", "last_new", "new_sentences", "new_names", "new_names_share", "new_name_at", "new_people", "new_placed", "new_acting", "new_told_of", "new_works", "seldom_names", "new_camel", "new_numbers", "new_domains", "new_hosts", "outside",
    "paid", "name_repeats", "name_later", "name_earlier", "repeats", "shape_repeats", "position", "from_start", "from_end", "units", "page_words", "relative_length",
    "worded", "relative_worded", "worded_z", "worded_rank", "page_worded",
    *(f"relative_{name}" for name in ("you", "we", "me", "offer", "service", "acts")), *(f"page_{name}" for name in ("you", "we", "me", "offer", "service")), "page_rest",
    "prose_before", "prose_after", "before_words", "after_words", "before_heading", "after_heading", "before_rest", "after_rest", "before_ends", "links", "linked", "heading",
)  # fmt: skip
NAMES = (*telling.NAMES, *PAGE_NAMES)


def measure(units: Units) -> Floats:
    """Numbers of all units, shape (units, len(NAMES))."""
    rows: Columns = {}
    for step in (_coherence, _against_others, _topics, _known, _sentences, _novelty, _repeats, _links, _worded, _wording, _surroundings):
        rows |= step(units, rows)
    out = np.empty((units.count, len(NAMES)), np.float32)
    out[:, : len(telling.NAMES)] = units.told.rows
    for i, name in enumerate(PAGE_NAMES, len(telling.NAMES)):
        out[:, i] = rows[name]
    return out


# ---------------------------------------------------------------- what it is about


def _coherence(units: Units, _: Columns) -> Columns:
    """Cosines of TF-IDF rows with the rest of the text, its title and its neighbours."""
    n, index, first, last, stems = units.count, np.arange(units.count), units.first, units.last, units.stems
    with_rest = stems.by_unit(stems.weight * (stems.total[stems.stem] - stems.weight))
    rest = np.where(stems.norm > 0, with_rest / np.maximum(stems.norm * stems.rest_norm, 1e-6), 0.0)
    title, title_norm = units.title.weight, units.title.norm
    near = {offset: np.where(index + offset <= last, cosine, 0.0) for offset, cosine in ahead(stems, 3).items()}
    behind = {offset: np.where(index - offset >= first, np.concatenate((np.zeros(offset), values))[:n], 0.0) for offset, values in near.items()}
    before3, after3 = np.maximum.reduce(list(behind.values())), np.maximum.reduce(list(near.values()))
    over = np.where(index > first, np.concatenate(([0.0], near[2]))[:n], 0.0)  # how well the text reads across the unit, were it not there
    return {
        "rest": rest, "title": stems.by_unit(stems.weight * title[stems.stem]) / np.maximum(stems.norm * title_norm[units.of], 1e-6),
        "known_title": stems.by_unit(title[stems.stem] > 0), "before": behind[1], "after": near[1], "before3": before3, "after3": after3,
        "nearest": np.maximum(before3, after3), "gap": over - np.maximum(behind[1], near[1]),
    }  # fmt: skip


def _against_others(units: Units, rows: Columns) -> Columns:
    """How a unit's coherence compares with that of the longer units of its text."""
    of, texts, rest, index = units.of, units.texts, rows["rest"], np.arange(units.count)
    long = units.column("words") >= LONG_WORDS
    among = long | (np.bincount(of[long], minlength=texts) < 3)[of]
    many = np.maximum(np.bincount(of[among], minlength=texts), 1)
    mean = np.bincount(of[among], rest[among], minlength=texts) / many
    spread = np.sqrt(np.maximum(np.bincount(of[among], rest[among] ** 2, minlength=texts) / many - mean**2, 0.0))
    order = np.lexsort((rest, of))  # by text, then by coherence
    below: Ints = np.cumsum(among[order]) - among[order]
    rank = np.empty(len(of))
    rank[order] = below - below[units.first[order]]
    return {
        "page_rest": mean[of], "rest_z": (rest - mean[of]) / (spread[of] + 0.03), "rest_rank": rank / many[of],
        "before_rest": np.where(index > units.first, np.concatenate(([0.0], rest[:-1])), mean[of]),
        "after_rest": np.where(index < units.last, np.concatenate((rest[1:], [0.0])), mean[of]),
    }  # fmt: skip


def _topics(units: Units, _: Columns) -> Columns:
    """Whether a unit speaks of the topics of its text, in whatever words."""
    own, others = units.topics
    of, texts, count = units.of, units.texts, units.count
    rest = cosines(own, others)
    many = np.bincount(of, minlength=texts)
    mean = np.bincount(of, rest, minlength=texts) / many
    spread = np.sqrt(np.maximum(np.bincount(of, rest**2, minlength=texts) / many - mean**2, 0.0))
    index = np.arange(count)
    near = {offset: np.where(index + offset <= units.last, np.concatenate((cosines(own[:-offset], own[offset:]), np.zeros(min(offset, count)))), 0.0) for offset in (1, 2, 3)}
    behind = {offset: np.concatenate((np.zeros(offset), values))[:count] for offset, values in near.items()}  # of the unit before: 0 where that one ends its text
    return {
        "topic_rest": rest, "topic_z": (rest - mean[of]) / (spread[of] + 0.03), "topic_rank": _rank(units, rest), "topic_title": cosines(own, units.title.topics[of]),
        "topic_before": behind[1], "topic_after": near[1], "topic_nearest": np.maximum.reduce([*near.values(), *behind.values()]),
    }  # fmt: skip


def _known(units: Units, _: Columns) -> Columns:
    """Share of a unit's stems that the rest of the text has too; and whether it begins on the text's subject and ends elsewhere, as a topical bridge does."""
    stems, n = units.stems, units.count
    elsewhere = stems.spread[stems.stem] > 1
    rarity = stems.rarity[stems.stem]
    of = stems.of_word
    many = np.bincount(of, minlength=n)
    rank = np.arange(len(of)) - (np.cumsum(many) - many)[of]
    second = rank >= many[of] // 2
    taken_up = stems.spread[stems.stem_of_word] > 1
    first, last = (np.where(many >= HALF_WORDS, np.bincount(of[half], taken_up[half], minlength=n) / np.maximum(np.bincount(of[half], minlength=n), 1), 0.0) for half in (~second, second))
    return {
        "known": stems.by_unit(elsewhere) / np.maximum(stems.by_unit(np.ones(len(stems.unit))), 1),
        "known_weighted": stems.by_unit(elsewhere * rarity) / np.maximum(stems.by_unit(rarity), 1e-6), "known_first": first, "known_last": last, "turn": first - last,
    }  # fmt: skip


def _sentences(units: Units, rows: Columns) -> Columns:
    """How the sentences of a unit differ: a bridge stands on the text's subject with its first sentence, and on something else with its last."""
    n, stems = units.count, units.stems
    parts, unit = units.sentences
    many = np.bincount(unit, minlength=n)
    first = np.cumsum(many) - many
    of_word = parts.of_word
    sentence, stem, times, _ = paired(of_word[stems.word], stems.stem_of_word)
    in_unit = stems.find(unit[sentence], stem)
    weight = np.sqrt(times) * stems.rarity[stem]
    norm = np.sqrt(np.bincount(sentence, weight**2, minlength=len(unit)))
    rest = np.bincount(sentence, weight * (stems.total[stem] - stems.weight[in_unit]), minlength=len(unit)) / np.maximum(norm * stems.rest_norm[unit], 1e-6)
    named = units.named
    fresh = np.bincount(of_word[named.name & named.new & ~named.person], minlength=len(unit))
    last = first + many - 1
    long = np.bincount(of_word, minlength=len(unit)) >= SENTENCE_WORDS
    lowest, highest = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(lowest, unit[long], rest[long])
    np.maximum.at(highest, unit[long], rest[long])
    none = lowest > highest
    lowest[none] = highest[none] = rows["rest"][none]
    return {
        "first_rest": rest[first], "last_rest": rest[last], "fall": rest[first] - rest[last], "lowest_rest": lowest, "span_rest": highest - lowest,
        "first_new": fresh[first], "last_new": fresh[last], "new_sentences": np.bincount(unit, fresh > 0, minlength=n) / many,
    }  # fmt: skip


# ---------------------------------------------------------------- what is new in it


def _novelty(units: Units, _: Columns) -> Columns:
    """Names, numbers and domains that stand nowhere else in the text."""
    n, text, words, named = units.count, units.told.text, units.told.words, units.named

    def tally(flags: Flags) -> Ints:
        return np.bincount(words.of[flags], minlength=n)

    at = np.flatnonzero(named.name)
    names = paired(words.of[at], named.number[at])
    unit, times, at = names.of, names.times, at[names.first]
    new, person = named.new[at], named.person[at]
    repeats = np.zeros(n, np.int64)
    np.maximum.at(repeats, unit[new], times[new])
    new_names = np.bincount(unit[new & ~person], minlength=n)
    place = np.flatnonzero(named.name & named.new & ~named.person)[::-1]
    where = np.ones(n)
    size = np.maximum(np.diff(text.first), 1)
    where[words.of[place]] = (place - text.first[words.of[place]]) / size[words.of[place]]
    return {
        "new_names": new_names, "new_names_share": new_names / np.maximum(np.bincount(unit, minlength=n), 1), "new_name_at": where,
        "new_people": np.bincount(unit[new & person], minlength=n), "new_placed": tally(named.placed),
        "new_acting": tally(named.acting), "new_told_of": tally(named.told_of), "new_works": tally(named.work), "seldom_names": tally(named.seldom), "new_camel": tally(words.camel & named.new),
        "new_numbers": tally(words.number & named.new), "new_domains": tally(words.domain & named.new), "name_repeats": repeats,
        "name_later": np.bincount(unit[named.later[at]], minlength=n), "name_earlier": np.bincount(unit[named.earlier[at]], minlength=n),
    }  # fmt: skip


def _repeats(units: Units, _: Columns) -> Columns:
    """How often a unit stands in its text word for word; and, of short ones, how many begin with the same two words ("Check price at X")."""
    text = units.told.text
    many = np.diff(text.first)
    rank = (np.arange(len(text.word)) - text.first[units.told.words.of]).astype(np.uint64)
    spiced = text.word * (np.uint64(0x9E37_79B9_7F4A_7C15) * (rank + np.uint64(1)) | np.uint64(1))
    times = []
    for words in (spiced, np.where(rank < 2, spiced, np.uint64(0))):
        sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(words)))
        numbers = sums[text.first[1:]] - sums[text.first[:-1]]
        which, found = np.unique(units.of.astype(np.uint64) << TEXT_BITS | numbers >> SHIFT, return_inverse=True, return_counts=True)[1:]
        times.append(np.minimum(found[which], 9))
    return {"repeats": times[0], "shape_repeats": np.where((many <= 14) & (many > 0), times[1], 0)}


def _links(units: Units, _: Columns) -> Columns:
    """What the links of a unit tell: how much of it is link, which hosts the text links nowhere else."""
    n, links = units.count, units.links
    out = links.unit[links.outside]
    linking = np.unique((links.host[links.outside] * units.texts + units.of[out]) * n + out)  # a host of a text, and a unit that links it
    first, many = np.unique(linking // n, return_index=True, return_counts=True)[1:]
    return {
        "links": np.bincount(links.unit, minlength=n), "linked": np.bincount(links.unit, links.end - links.start, minlength=n) / np.maximum(units.column("characters"), 1),
        "paid": np.bincount(links.unit[links.paid], minlength=n), "outside": np.bincount(out, minlength=n), "new_hosts": np.bincount(linking[first[many == 1]] % n, minlength=n),
        "heading": np.fromiter((flag for running in units.running for flag in running.headings), np.bool_, n),
    }  # fmt: skip


# ---------------------------------------------------------------- how it speaks, where it stands


def _worded(units: Units, _: Columns) -> Columns:
    """Whether the words of a unit are those of promos, and whether they are so more than those of the rest of its text."""
    first = units.told.text.first
    own = units.worded.of(first[:-1], first[1:])
    mean, square = _means_of_rest(units, [own, own**2])
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    return {"worded": own, "relative_worded": own - mean, "worded_z": (own - mean) / (spread + WORDED_SPREAD), "worded_rank": _rank(units, own), "page_worded": mean}


def _rank(units: Units, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Share of its text's units that have a lower value."""
    rank = np.empty(units.count)
    rank[np.lexsort((values, units.of))] = np.arange(units.count)
    return (rank - units.first) / (units.last - units.first + 1)


def _means_of_rest(units: Units, columns: Iterable[npt.NDArray[np.float64]]) -> Iterator[npt.NDArray[np.float64]]:
    """Means of columns over the words of the other units of the text."""
    of, texts, count = units.of, units.texts, units.column("words")
    others = np.maximum(np.bincount(of, count, minlength=texts)[of] - count, 1)
    for values in columns:
        yield (np.bincount(of, values * count, minlength=texts)[of] - values * count) / others


def _wording(units: Units, _: Columns) -> Columns:
    """How a unit speaks, against how the rest of its text speaks."""
    rows: Columns = {}
    spoken = shares(units.column)
    for (name, values), mean in zip(spoken.items(), _means_of_rest(units, spoken.values()), strict=True):
        rows[f"relative_{name}"], rows[f"page_{name}"] = values - mean, mean
    return rows


def shares(column: Any) -> dict[str, npt.NDArray[np.float64]]:
    """How a stretch addresses its reader and what it offers, by word. `column`: name -> column of `telling`."""
    return {
        "you": column("you"), "we": column("we"), "me": column("me"), "offer": column("offer share") + column("shop share"), "service": column("service share"),
        "acts": column("acts") / np.maximum(column("words"), 1),
    }  # fmt: skip


def _surroundings(units: Units, rows: Columns) -> Columns:
    """Where a unit stands and what stands beside it."""
    n, of, first, last = units.count, units.of, units.first, units.last
    index, count = np.arange(n), units.column("words")
    size = last - first + 1
    prose = ((count >= PROSE_WORDS) & (units.column("sentences") > 0)).astype(np.int64)
    sums = np.cumsum(prose)
    before = sums - prose
    out: Columns = {
        "position": (index - first) / np.maximum(size - 1, 1), "from_start": np.minimum(index - first, 40), "from_end": np.minimum(last - index, 40),
        "units": np.minimum(size, 200), "page_words": np.minimum(np.bincount(of, count, minlength=units.texts)[of], 5000.0),
        "relative_length": count / _usual_length(units, count)[of], "prose_before": np.minimum(before - before[first], 30),
        "prose_after": np.minimum(sums[last] - sums, 30),
    }  # fmt: skip
    for name, values in (("words", count), ("heading", rows["heading"].astype(np.float64)), ("ends", units.column("ends"))):
        out[f"before_{name}"] = np.where(index > first, np.concatenate(([0.0], values[:-1])), 0.0)
        out[f"after_{name}"] = np.where(index < last, np.concatenate((values[1:], [0.0])), 0.0)
    return out


def _usual_length(units: Units, count: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The median length of the longer units of each text, in words."""
    long = np.flatnonzero(count >= LONG_WORDS)
    usual = np.full(units.texts, 40.0)
    order = long[np.lexsort((count[long], units.of[long]))]
    many = np.bincount(units.of[long], minlength=units.texts)
    start = np.cumsum(many) - many
    has = many > 0
    low, high = start[has] + (many[has] - 1) // 2, start[has] + many[has] // 2
    usual[has] = (count[order[low]] + count[order[high]]) / 2
    return usual
