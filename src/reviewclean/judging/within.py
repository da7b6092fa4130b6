"""Sentences of paragraphs to numbers: what the sentence model sees of a sentence inside a unit.

Most sentences of a review bring nothing that a promo would need: no name that is new, no address, no offer, nobody spoken to. They are passed
over by a look at their words; the others are measured against their own paragraph and against the rest of the text.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging import context, telling
from reviewclean.judging import letters as sign
from reviewclean.judging.context import Columns, shares
from reviewclean.judging.stems import blend, cosines
from reviewclean.judging.telling import Flags, Floats, Told, tell, whole
from reviewclean.judging.units import Units
from reviewclean.judging.wording import Ints, paired, ranges

SPOKEN = ("you", "we", "me", "offer", "service", "acts")  # how a sentence speaks, against its paragraph and the rest of the text
UNIT_NAMES = ("words", "sentences", "names", "you", "rest", "rest_z", "title", "known", "known_last", "new_names", "new_hosts", "links", "heading", "position", "from_end", "units", "page_words", "page_rest", "worded_z", *(f"page_{name}" for name in SPOKEN[:5]))  # fmt: skip
OWN_NAMES = (
    "index", "from_last", "many", "share_of_unit", "rest", "rest_less", "own", "title", "topic_rest", "topic_own", "topic_title", "known", "known_own", "known_first", "known_last", "new_names", "new_names_share",
    "new_again", "new_name_at", "new_people", "new_placed", "new_acting", "new_told_of", "new_works", "seldom_names", "new_camel", "new_numbers", "new_domains", "name_earlier", "name_later", "links", "linked", "outside", "paid",
    "worded", "relative_worded", "apart_worded",
    *(f"relative_{name}" for name in SPOKEN), *(f"apart_{name}" for name in SPOKEN),
)  # fmt: skip
AROUND = {name: i for i, name in enumerate(context.NAMES)}  # of a name that stands there twice, the second: what the unit is in its text, not which phrases it has
NAMES = (*telling.NAMES, *(f"unit {name}" for name in UNIT_NAMES), "unit odds", *OWN_NAMES)


UNLIKELY = -4.5  # log-odds of a unit from which on it is as unlikely as can be: the context model does not ask further
FEW_WORDS = 2  # a sentence of no more says nothing, unless it is an address


class Sentences(NamedTuple):
    """Sentences that are worth asking about."""

    unit: Ints  # (sentences,): the unit each stands in
    starts: Ints  # (sentences,): in characters of all texts
    ends: Ints
    rank: Ints  # (sentences,): how many stand before it in its unit
    many: Ints  # (sentences,): how many its unit has

    def take(self, chosen: npt.NDArray[Any]) -> Sentences:
        """Some of them."""
        return Sentences(*(column[chosen] for column in self))


def cues(units: Units) -> Ints:
    """Where something stands that a promo would need, in characters of all texts, ascending: a name that is new, an address, an offer, a link to another site, somebody spoken to."""
    text, words, named = units.told.text, units.told.words, units.named
    of = units.sentences[0].of_word
    opening = np.zeros(len(of), np.bool_)
    opening[1:] = of[1:] != of[:-1]
    opening[:1] = True
    sells = (units.column("self") + units.column("offer") + units.column("service") + units.column("reader") + units.column("shop")) > 0
    found = words.told.is_a("words/urls") | (named.new & named.name & ~named.person) | named.seldom | words.domain | words.camel & named.new | words.told.is_a("words/acts") & opening | words.told.is_a("words/you") & sells[words.of]
    links = units.links
    return np.sort(np.concatenate((text.word_start[found], np.flatnonzero(text.kind == sign.AT), (text.starts[links.unit] + links.start)[links.outside])))


def suspects(units: Units, cues: Ints) -> Sentences:
    """The sentences that bring something new, or speak to somebody."""
    parts, unit = units.sentences
    count = len(unit)
    words = units.told.words
    of = parts.of_word
    told = np.bincount(np.searchsorted(parts.starts, cues, side="right") - 1, minlength=count) > 0
    told &= (np.bincount(of, minlength=count) > FEW_WORDS) | (np.bincount(of[words.domain], minlength=count) > 0)
    first = np.searchsorted(unit, np.arange(units.count))
    many = np.diff(np.append(first, count))
    at = np.flatnonzero(told)
    return Sentences(unit[at], parts.starts[at], parts.ends[at], at - first[unit[at]], many[unit[at]])


def measure(units: Units, rows: Floats, odds: npt.NDArray[np.float64], chosen: Sentences) -> Floats:
    """Numbers of some sentences, shape (sentences, len(NAMES)). `rows`, `odds`: of the units, as `context.measure` and the context model give them."""
    out = np.empty((len(chosen.unit), len(NAMES)), np.float32)
    if not len(out):
        return out
    cut, at = units.told.text.cut(chosen.starts, chosen.ends)
    words = units.told.words.take(at, cut.word_text)
    told = Told(cut, words, tell(cut, whole(cut), words))

    def around(name: str) -> npt.NDArray[np.float64]:
        """What its unit tells."""
        found: npt.NDArray[np.float64] = rows[chosen.unit, AROUND[name]].astype(np.float64)
        return found

    columns: Columns = {"index": np.minimum(chosen.rank, 20), "from_last": np.minimum(chosen.many - 1 - chosen.rank, 20), "many": np.minimum(chosen.many, 30)}
    columns["share_of_unit"] = told.column("words") / np.maximum(around("words"), 1)
    columns |= _coherence(units, chosen, told, at)
    columns["rest_less"] = columns["rest"] - around("rest")
    columns |= _novelty(units, chosen, told, at)
    columns |= _links(units, chosen)
    columns["worded"] = units.worded.of(*(np.searchsorted(units.told.text.word_start, ends) for ends in (chosen.starts, chosen.ends)))
    columns["relative_worded"], columns["apart_worded"] = columns["worded"] - around("page_worded"), columns["worded"] - around("worded")
    own, unit = shares(lambda name: told.column(name).astype(np.float64)), shares(around)
    for name in SPOKEN:
        columns[f"apart_{name}"] = own[name] - unit[name]
        columns[f"relative_{name}"] = own[name] - (unit[name] - around(f"relative_{name}"))
    size = len(telling.NAMES)
    out[:, :size] = told.rows
    for i, name in enumerate(UNIT_NAMES, size):
        out[:, i] = around(name)
    size += len(UNIT_NAMES)
    out[:, size] = np.maximum(odds[chosen.unit], UNLIKELY)
    for i, name in enumerate(OWN_NAMES, size + 1):
        out[:, i] = columns[name]
    return out


def _coherence(units: Units, chosen: Sentences, told: Told, at: Ints) -> Columns:
    """How a sentence goes with the rest of its paragraph, with the rest of the text, and with the title."""
    stems, count = units.stems, len(chosen.unit)
    place = np.full(len(units.told.text.word), -1)
    place[stems.word] = np.arange(len(stems.word))
    content = place[at] >= 0
    of, stem = told.words.of[content], stems.stem_of_word[place[at][content]]
    sentence, stem_of_pair, many, _ = paired(of, stem)
    rarity = stems.rarity[stem_of_pair]
    weight = np.sqrt(many) * rarity
    in_unit = stems.find(chosen.unit[sentence], stem_of_pair)
    left = stems.many[in_unit] - many  # times that the stem stands in the rest of the paragraph

    def by_sentence(values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        return np.asarray(np.bincount(sentence, values, minlength=count), np.float64)

    square = by_sentence(weight**2)
    norm = np.sqrt(square)
    own_norm = np.sqrt(np.maximum(stems.norm[chosen.unit] ** 2 - square, 1e-9))
    elsewhere = stems.spread[stem_of_pair] > 1
    known = stems.spread[stem] > 1
    size = np.bincount(of, minlength=count)
    rank = np.arange(len(of)) - (np.cumsum(size) - size)[of]
    second = rank >= size[of] // 2
    halves = [np.bincount(of[half], known[half], minlength=count) / np.maximum(np.bincount(of[half], minlength=count), 1) for half in (~second, second)]
    title, title_norm, title_topics = units.title
    topics, others = blend(sentence, stem_of_pair, weight, stems.topics, count), units.topics
    return {
        "rest": by_sentence(weight * (stems.total[stem_of_pair] - stems.weight[in_unit])) / np.maximum(norm * stems.rest_norm[chosen.unit], 1e-6),
        "own": by_sentence(weight * np.sqrt(left) * rarity) / np.maximum(norm * own_norm, 1e-6),
        "title": by_sentence(weight * title[stem_of_pair]) / np.maximum(norm * title_norm[units.of[chosen.unit]], 1e-6),
        "topic_rest": cosines(topics, others[1][chosen.unit]), "topic_own": cosines(topics, others[0][chosen.unit] - topics), "topic_title": cosines(topics, title_topics[units.of[chosen.unit]]),
        "known": by_sentence(elsewhere) / np.maximum(by_sentence(np.ones(len(sentence))), 1),
        "known_own": by_sentence(elsewhere | (left > 0)) / np.maximum(by_sentence(np.ones(len(sentence))), 1), "known_first": halves[0], "known_last": halves[1],
    }  # fmt: skip


def _novelty(units: Units, chosen: Sentences, told: Told, at: Ints) -> Columns:
    """Names, numbers and domains of a sentence that stand in no other unit of the text."""
    named, words, count = units.named, told.words, len(chosen.unit)
    name, new, person = named.name[at], named.new[at], named.person[at]

    def tally(flags: Flags) -> Ints:
        return np.bincount(words.of[flags], minlength=count)

    fresh = name & new & ~person
    times = np.bincount(named.number[units.named.new], minlength=int(named.number.max(initial=0)) + 1)  # a new word stands in one unit alone
    of, number, many, _ = paired(words.of[fresh], named.number[at][fresh])
    where = np.ones(count)
    places = np.flatnonzero(fresh)[::-1]
    size = np.maximum(np.diff(told.text.first), 1)
    where[words.of[places]] = (places - told.text.first[words.of[places]]) / size[words.of[places]]
    return {
        "new_names": tally(fresh), "new_names_share": tally(fresh) / np.maximum(tally(name), 1), "new_again": np.bincount(of[times[number] > many], minlength=count),
        "new_name_at": where, "new_people": tally(name & new & person), "new_placed": tally(named.placed[at]),
        "new_acting": tally(named.acting[at]), "new_told_of": tally(named.told_of[at]), "new_works": tally(named.work[at]), "seldom_names": tally(named.seldom[at]), "new_camel": tally(words.camel & new),
        "new_numbers": tally(words.number & new), "new_domains": tally(words.domain & new), "name_earlier": tally(name & named.earlier[at]), "name_later": tally(name & named.later[at]),
    }  # fmt: skip


def _links(units: Units, chosen: Sentences) -> Columns:
    """The links of a sentence: how many, how much of it, how many that lead to another site, how many that are marked as paid."""
    links, count = units.links, len(chosen.unit)
    begin, end = units.told.text.starts[links.unit] + links.start, units.told.text.starts[links.unit] + links.end
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], end[order]
    first = np.searchsorted(np.maximum.accumulate(end), chosen.starts, side="right")
    many = np.maximum(np.searchsorted(begin, chosen.ends, side="left") - first, 0)  # links that touch a sentence
    of = np.repeat(np.arange(count), many)
    which = ranges(first, many)
    size = np.minimum(end[which], chosen.ends[of]) - np.maximum(begin[which], chosen.starts[of])
    outside, paid = links.outside[order][which], links.paid[order][which]
    return {
        "links": many, "linked": np.bincount(of, size, minlength=count) / np.maximum(chosen.ends - chosen.starts, 1),
        "outside": np.bincount(of[outside], minlength=count), "paid": np.bincount(of[paid], minlength=count),
    }  # fmt: skip
