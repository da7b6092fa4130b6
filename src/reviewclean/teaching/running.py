"""What the models of running text learn from: texts with promos and clutter planted into them, as units and as sentences."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging import clauses, context, within
from reviewclean.judging.sentences import split
from reviewclean.judging.stems import Lexis
from reviewclean.judging.telling import told
from reviewclean.judging.units import Units, units_of
from reviewclean.teaching.boost import Doubles, Flags, Floats, Ints, fold_of
from reviewclean.teaching.plant import Host, Line, Pools, Text, planted

RARE = 3  # times more often than English texts, others are planted: of them there are few
MEASURED = 64  # texts measured in one go
PROMO_WEIGHT = 6.0  # of a foreign unit in training, against the square root of a host unit's words
HARD_WEIGHT = 2.0  # of review in hard negatives, against that of texts as they come: it is what must not be mistaken
RUN_IN_WEIGHT = 8.0  # of a promo sentence inside a paragraph
WHOLE_WEIGHT = 1.0  # of a sentence of a paragraph that is all promo: found as a paragraph, mostly
MIXED = 0.5  # share of a line that is promo: with more, it is neither one nor the other, and teaches nothing
HALF = "half"  # the style of pieces that are promo where the rest of their sentence is not
SENTENCE_SHARE = 0.8  # of a sentence, or of a piece of one, that must be promo for it to be one


@dataclass(frozen=True, slots=True)
class UnitTable:
    """All units of all planted texts as rows."""

    rows: Floats  # (units, len(context.NAMES))
    foreign: Flags
    use: Flags  # may teach
    host: Flags  # belongs to its text, and wholly: what must not be lost
    sizes: Ints  # words, less those of promos run into it
    style: npt.NDArray[np.str_]  # of planted lines; "" for what stood there already
    trade: npt.NDArray[np.str_]  # of planted promos
    writer: npt.NDArray[np.str_]  # of planted promos
    language: npt.NDArray[np.str_]  # of its text
    fold: Ints
    count: Ints  # units in its text
    hard: Flags  # its text was written to provoke a wrong verdict

    @property
    def importance(self) -> Floats:
        return np.where(self.foreign, PROMO_WEIGHT, _of_review(self.sizes, self.hard)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class SentenceTable:
    """The sentences of all planted texts that are worth asking about, or pieces of sentences, as rows."""

    rows: Floats  # (sentences, len(within.NAMES)); of pieces, len(clauses.NAMES)
    foreign: Flags
    host: Flags  # belongs to its text, in a paragraph with others
    style: npt.NDArray[np.str_]  # of promos that were run into a paragraph; "" for all others
    use: Flags
    sizes: Ints  # words
    fold: Ints
    count: Ints  # units in its text
    hard: Flags  # its text was written to provoke a wrong verdict
    sentence: Ints  # the sentence itself, or the one that a piece is of
    run_in: dict[str, int]  # style -> sentences of promos run into paragraphs, asked about or not; of pieces, HALF -> sentences that are promo in part

    def take(self, chosen: Ints) -> SentenceTable:
        """Some of the rows."""
        return replace(self, **{one.name: getattr(self, one.name)[chosen] for one in fields(self) if one.name != "run_in"})

    @property
    def importance(self) -> Floats:
        return np.where(self.foreign, np.where(self.style != "", RUN_IN_WEIGHT, WHOLE_WEIGHT), _of_review(self.sizes, self.hard)).astype(np.float32)


def _of_review(sizes: Ints, hard: Flags) -> Doubles:
    """Importance of units and sentences of review: the root of their length, more of it where somebody is provoked to take them for promos."""
    return np.asarray(np.sqrt(sizes + 2.0) * np.where(hard, HARD_WEIGHT, 1.0))


def plant_all(hosts: Sequence[Host], pools: Pools, rounds: int, seed: int) -> list[Text]:
    """Every host, planted in every round; fold by fold. A promo is planted on sites of its own fold only, so that no promo is judged by what it taught."""
    rng = random.Random(seed)
    mine = {fold: _of_fold(pools, fold) for fold in {fold_of(host.site) for host in hosts}}
    hosts = sorted(hosts, key=lambda host: fold_of(host.site))
    return [planted(host, mine[fold_of(host.site)], rng) for host in hosts for _ in range(rounds) for _ in range(1 if host.language == "en" else RARE)]


def _of_fold(pools: Pools, fold: int) -> Pools:
    """What of the pools may be planted on sites of this fold. Promos that were written for a text are in its fold."""
    promos = [promo for promo in pools.promos if fold_of(promo.text) == fold]
    lines = [line for line in pools.lines if fold_of(line[0]) == fold]
    mined = [text for text in pools.mined if fold_of(text) == fold]
    plugs = [promo for promo in pools.plugs if fold_of(promo.text) == fold]
    return Pools(promos or pools.promos, pools.hosted, lines or pools.lines, mined or pools.mined, plugs or pools.plugs)


Lexes = Callable[[int, Sequence[Line]], Lexis]
"""What is known before texts of a fold are read, of which these are the lines."""


def _measured(texts: Sequence[Text], lexis: Lexes) -> Iterator[tuple[list[Line], Units, Floats]]:
    for fold, its in groupby(texts, lambda text: fold_of(text.site)):
        while some := list(islice(its, MEASURED)):
            lines = [line for text in some for line in text.lines]
            units = units_of(told([line.text for line in lines]), [text.running for text in some], lexis(fold, lines))
            yield lines, units, context.measure(units)


def unit_table(texts: Sequence[Text], lexis: Lexes) -> UnitTable:
    """Measure all units."""
    rows = np.concatenate([rows for _, _, rows in _measured(texts, lexis)])
    lines = [line for text in texts for line in text.lines]
    promo = np.array([sum(stretch.end - stretch.start for stretch in line.stretches) / max(len(line.text), 1) for line in lines])
    foreign, scored = np.array([line.foreign for line in lines]), np.array([line.scored for line in lines])
    words = rows[:, context.NAMES.index("words")]
    count = np.array([len(text.lines) for text in texts])
    return UnitTable(
        rows, foreign, scored & (promo <= MIXED), ~foreign & scored & (promo == 0), (words * (1 - promo)).astype(np.int64), np.array([line.style for line in lines]),
        np.array([trade_of(line.trade) for line in lines]), np.array([line.writer for line in lines]), np.repeat([text.language for text in texts], count),
        np.repeat([fold_of(text.site) for text in texts], count).astype(np.int64), np.repeat(count, count), np.repeat([text.hard for text in texts], count),
    )  # fmt: skip


def trade_of(name: str) -> str:
    """A trade, however it is spelt."""
    return name.lower().replace("-", " ")


def sentence_table(texts: Sequence[Text], lexis: Lexes, odds: Doubles) -> tuple[SentenceTable, SentenceTable]:
    """Measure the sentences worth asking about, and their pieces. `odds`: held-out log-odds of all units."""
    whole, parts = [], []
    at = asked = 0
    for lines, units, rows in _measured(texts, lexis):
        one, other = _sentences(lines, units, rows, odds[at : at + units.count])
        whole.append(one._replace(unit=one.unit + at, sentence=one.sentence + asked))
        parts.append(other._replace(unit=other.unit + at, sentence=other.sentence + asked))
        at += units.count
        asked += len(one.unit)
    return _table(texts, whole), _table(texts, parts)


class _Some(NamedTuple):
    """Some sentences, or pieces of them, as rows."""

    rows: Floats
    foreign: Flags
    host: Flags
    style: npt.NDArray[np.str_]
    use: Flags
    unit: Ints
    sentence: Ints
    run_in: dict[str, int]


def _table(texts: Sequence[Text], parts: Sequence[_Some]) -> SentenceTable:
    rows, foreign, host, style, use, unit, sentence = (np.concatenate(column) for column in list(zip(*parts, strict=True))[:-1])
    run_in: dict[str, int] = {}
    for part in parts:
        for name, times in part.run_in.items():
            run_in[name] = run_in.get(name, 0) + times
    count = np.array([len(text.lines) for text in texts])
    fold = np.repeat([fold_of(text.site) for text in texts], count).astype(np.int64)[unit]
    sizes = rows[:, within.NAMES.index("words")].astype(np.int64)
    return SentenceTable(rows, foreign, host, style, use, sizes, fold, np.repeat(count, count)[unit], np.repeat([text.hard for text in texts], count)[unit], sentence, run_in)


def _sentences(lines: list[Line], units: Units, rows: Floats, odds: Doubles) -> tuple[_Some, _Some]:
    cues = within.cues(units)
    chosen = within.suspects(units, cues)
    starts = units.told.text.starts

    def promo_of(unit: int, start: int, end: int) -> tuple[str, bool]:
        """The style of the promo that a sentence belongs to, where one was run into its line; and whether it has a promo in it at all."""
        a, b = start - int(starts[unit]), end - int(starts[unit])
        shares = [((min(s.end, b) - max(s.start, a)) / max(b - a, 1), s.style) for s in lines[unit].stretches]
        return next((style for share, style in shares if share >= SENTENCE_SHARE), ""), any(share > 0 for share, _ in shares)

    def labelled(unit: Ints, start: Ints, end: Ints) -> tuple[npt.NDArray[np.str_], Flags]:
        found = [promo_of(*one) for one in zip(unit.tolist(), start.tolist(), end.tolist(), strict=True)]
        return np.array([name for name, _ in found], np.str_), np.array([has for _, has in found], np.bool_)

    whole, scored = np.array([line.foreign for line in lines]), np.array([line.scored for line in lines])
    style, mixed = labelled(chosen.unit, chosen.starts, chosen.ends)
    promo = whole[chosen.unit] | (style != "")
    use = scored[chosen.unit] & (~mixed | (style != ""))  # half a sentence of promo is neither
    parts, of = split(units.told.text)
    run_in: dict[str, int] = {}
    halves: dict[str, int] = {}
    with_promos = np.isin(of, [i for i, line in enumerate(lines) if line.stretches])
    for k in np.flatnonzero(with_promos).tolist():
        name, has = promo_of(int(of[k]), int(parts.starts[k]), int(parts.ends[k]))
        if name:
            run_in[name] = run_in.get(name, 0) + 1
        elif has:
            halves[HALF] = halves.get(HALF, 0) + 1
    many = chosen.many > 1
    sentences = _Some(within.measure(units, rows, odds, chosen), promo, ~promo & use & many, np.where(many, style, ""), use, chosen.unit, np.arange(len(many)), run_in)
    prose = np.flatnonzero(clauses.worth(units, chosen, odds))
    some = chosen.take(prose)
    pieces = clauses.pieces(units, cues, some)
    told = clauses.measure(units, rows, odds, some, np.zeros(len(prose)), pieces)
    of = prose[pieces.sentence]
    inside, touched = labelled(chosen.unit[of], pieces.starts, pieces.ends)
    half = inside != ""
    open_to = scored[chosen.unit[of]] & ~promo[of]
    belongs = open_to & ~touched  # what is promo in part teaches that it is not the piece to be cut, but chooses no threshold
    return sentences, _Some(told, half, belongs, np.where(half & ~promo[of], HALF, ""), open_to, chosen.unit[of], of, halves)
