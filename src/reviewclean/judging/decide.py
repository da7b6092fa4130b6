"""Chances to verdicts: the whole policy of what goes, in one place.

A block of a page passes two gates. The structure model asks whether it is part of the article; what is not goes. What passed is read again
as running text, and the context model asks whether it belongs to this text; so is plain text, which has no first gate. The sentences of what
is left are asked a third time. Whoever is unsure keeps: a lost sentence of review is worse than a promo left in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.data import Block, Label, Span, Verdict
from reviewclean.judging import clauses, context, within
from reviewclean.judging.batch import Batch
from reviewclean.judging.language import readable
from reviewclean.judging.model import NEVER, Model, Point
from reviewclean.judging.rules import NO_RULES, Rules
from reviewclean.judging.telling import NAMES as TOLD
from reviewclean.judging.telling import Flags
from reviewclean.judging.trees import sigmoid
from reviewclean.judging.units import Link, Running, Units
from reviewclean.judging.within import Sentences
from reviewclean.judging.wording import Ints

Doubles = npt.NDArray[np.float64]

REPEATED_WORDS = 8  # words from which a block that stands word for word above is a repeat and not a refrain
REPEATED_BLOCKS = 3  # repeats from which a page holds its article twice (once for small screens, once for large); a deck may stand twice
CUT_WORDS = 12  # words: a review paragraph must keep so many when a sentence is cut from it
CUT_SHARE = 0.5  # of a paragraph: where more would go, the whole was to be judged, and was
LITTLE, LEFT = 0.1, 3  # of a text: so much may go of a paragraph that it leaves fewer words, if these are left
SURER = 1.5  # log-odds by which a piece must be surer than its sentence to go in place of it
AS_SURE = 1.0  # log-odds by which a longer piece may be less sure than a shorter one of the same sentence, and goes in its place
FEW = 8  # units: a shorter text gives less to compare with, and has bounds of its own
MOSTLY = 0.6  # of a text: so much of it cannot be foreign to it
LARGE = 0.4  # of a text: nor can one block, or two, that hold so much
WORDS = TOLD.index("words")
CUT_REASONS = {"comments": Label.COMMENTS, "disclosure": Label.DISCLOSURE, "share": Label.SHARE, "links": Label.LINKS, "credit": Label.CREDIT, "author": Label.AUTHOR}


def decide(batch: Batch, model: Model, mode: str, keep: Collection[Label] = (), rules: Rules = NO_RULES) -> list[tuple[Verdict, ...]]:
    """Verdicts for all blocks of each page. Rules come first, and what they decide stands; each model is asked once for all pages."""
    point = model.points[mode]
    verdicts = [rules.verdicts(reading) for reading in batch.readings]
    review_odds: list[Doubles | None] = [None for _ in batch.readings]
    pages = [i for i, reading in enumerate(batch.readings) if reading.html]
    if pages:
        _first_gate(batch, pages, model, point, keep, verdicts, review_odds)
    _second_gate(batch, model, point, keep, verdicts, review_odds)
    return [tuple(map(found.__getitem__, range(len(found)))) for found in verdicts]


def _first_gate(
    batch: Batch, pages: Sequence[int], model: Model, point: Point, keep: Collection[Label], verdicts: list[dict[int, Verdict]], review_odds: list[Doubles | None]
) -> None:
    """What is not part of the article goes."""
    chosen = batch.take(pages)
    rows = model.page_rows(chosen)
    odds = model.review_odds(rows)
    _add_habits(odds, chosen, model)
    chance = sigmoid(-odds)  # of not being review
    suspects = np.flatnonzero(chance >= min(point.structure.values()))
    labels = model.page_reasons.name(rows[suspects])
    sizes = chosen.sizes
    starts = np.cumsum(sizes) - sizes
    page_of = np.repeat(np.arange(len(pages)), sizes)[suspects]
    within_page = suspects - starts[page_of]
    for k, share, label, page in zip(within_page.tolist(), chance[suspects].tolist(), labels, page_of.tolist(), strict=True):
        if share >= point.structure[label]:
            verdicts[pages[page]].setdefault(k, Verdict(label, share, kept=label in keep))
    for page, start, size in zip(pages, starts.tolist(), sizes.tolist(), strict=True):
        review_odds[page] = odds[start : start + size]
        blocks, found = batch.readings[page].blocks, verdicts[page]
        found.update(_repeats(blocks, [k for k in range(size) if k not in found]))


def _add_habits(odds: Doubles, batch: Batch, model: Model) -> None:
    """Correct the log-odds of pages whose sites the model knows by themselves."""
    if model.habits.hosts:
        at = 0
        for reading in batch.readings:
            added = model.habits.of(reading)
            if added is not None:
                odds[at : at + len(added)] += added
            at += len(reading.blocks)


def _repeats(blocks: Sequence[Block], kept: Sequence[int]) -> dict[int, Verdict]:
    """Verdicts on blocks that stand above already, on pages that hold their article twice: no word of it is lost. `kept`: what passed the first gate."""
    texts = [blocks[i].text for i in kept]
    if len(set(texts)) > len(texts) - REPEATED_BLOCKS:
        return {}
    seen: set[str] = set()
    again = []
    for k, text in enumerate(texts):
        if text in seen:
            again.append(k)
        seen.add(text)
    if sum(len(texts[k].split()) >= REPEATED_WORDS for k in again) < REPEATED_BLOCKS:
        return {}
    repeated = set(again)

    def goes(k: int) -> bool:
        """A long repeat, or a short one that stands between repeats."""
        return len(texts[k].split()) >= REPEATED_WORDS or ({k - 1, k + 1} & set(range(len(kept)))) <= repeated

    return {kept[k]: Verdict(Label.CHROME, 1.0, "rule:repeated", kept=False) for k in again if goes(k)}


# ---------------------------------------------------------------- running text


def running_of(blocks: Sequence[Block], title: str, host: str) -> Running:
    """Blocks as the models of running text read them, beside their words."""
    return Running(title, host, [links_of(block) if block.marks else () for block in blocks], [block.kind == "heading" for block in blocks])


def links_of(block: Block) -> tuple[Link, ...]:
    """The links of a block as running text has them."""
    return tuple(Link(mark.start, mark.end, mark.target, mark.paid) for mark in block.marks if mark.kind == "link")


def _second_gate(batch: Batch, model: Model, point: Point, keep: Collection[Label], verdicts: list[dict[int, Verdict]], review_odds: list[Doubles | None]) -> None:
    """What does not belong to its text goes, and what is left is asked sentence by sentence."""
    texts = list(_texts(batch, verdicts, review_odds))
    if not texts:
        return
    starts = np.cumsum(batch.sizes) - batch.sizes
    units = model.units(
        batch.told.take(np.concatenate([starts[text.page] + np.array(text.inside) for text in texts])),
        [running_of(text.blocks, batch.readings[text.page].about.title, batch.readings[text.page].host) for text in texts],
    )
    rows = context.measure(units)
    raw = model.context_odds(rows)
    cuts = _cuts(units, rows, raw, model, point, keep) if point.span < NEVER else {}
    at = 0
    for text, (chance, gone) in zip(texts, _foreign(texts, rows, raw, model, point), strict=True):
        for k, (block, share) in enumerate(zip(text.inside, chance.tolist(), strict=True)):
            if k in gone:
                verdicts[text.page][block] = Verdict(gone[k], share, kept=gone[k] in keep)
            else:
                verdicts[text.page][block] = Verdict(Label.REVIEW, 1.0 - share, cuts=cuts.get(at + k, ()))
        at += len(text.inside)


class _Text(NamedTuple):
    """What of a page passed the first gate, as running text."""

    page: int
    inside: list[int]  # the blocks that passed
    blocks: list[Block]
    review_odds: Doubles | None  # of these, where they stood in a page


def _texts(batch: Batch, verdicts: list[dict[int, Verdict]], review_odds: list[Doubles | None]) -> Iterator[_Text]:
    """The texts that can be read. What is in a language that nobody here reads keeps what the first gate left of it."""
    for i, reading in enumerate(batch.readings):
        inside = [k for k in range(len(reading.blocks)) if k not in verdicts[i]]
        known = review_odds[i]
        odds = None if known is None else known[inside]
        if not readable(batch.languages[i]):
            scores = np.full(len(inside), 0.5) if odds is None else sigmoid(odds)
            verdicts[i].update({k: Verdict(Label.REVIEW, score) for k, score in zip(inside, scores.tolist(), strict=True)})
        elif inside:
            yield _Text(i, inside, [reading.blocks[k] for k in inside], odds)


def _foreign(texts: Sequence[_Text], rows: npt.NDArray[np.float32], raw: Doubles, model: Model, point: Point) -> Iterator[tuple[Doubles, dict[int, Label]]]:
    """Of each text: the chance of each unit that it does not belong, and which go, and why. The reasons of all texts are asked at once."""
    ends = np.cumsum([len(text.inside) for text in texts]).tolist()
    odds = [model.foreign_odds(raw[end - len(text.inside) : end], text.review_odds) for text, end in zip(texts, ends, strict=True)]
    chances = [sigmoid(one - (point.short if len(one) < FEW else 0.0)) for one in odds]
    bounds = [point.text if text.review_odds is None else point.context for text in texts]
    suspects = np.flatnonzero(np.concatenate([chance >= min(bound.values()) for chance, bound in zip(chances, bounds, strict=True)]))
    reasons = dict(zip(suspects.tolist(), model.text_reasons.name(rows[suspects]), strict=True))
    for text, end, chance, bound in zip(texts, ends, chances, bounds, strict=True):
        named = {k: reasons[at] for k, at in enumerate(range(end - len(chance), end)) if at in reasons}
        yield chance, _bearable(text.blocks, {k: label for k, label in named.items() if chance[k] >= bound[label]})


def _bearable(blocks: Sequence[Block], gone: dict[int, Label]) -> dict[int, Label]:
    """What goes, of the units that do not seem to belong: most of a text cannot be foreign to it."""
    if not gone:
        return gone
    size, whole = sum(len(blocks[k].text) for k in gone), sum(len(block.text) for block in blocks)
    return {} if size > (MOSTLY if len(gone) > 2 else LARGE) * whole else gone


def _cuts(units: Units, rows: npt.NDArray[np.float32], raw: Doubles, model: Model, point: Point, keep: Collection[Label]) -> dict[int, tuple[Span, ...]]:
    """Sentences that do not belong, and pieces of others, by unit."""
    cues = within.cues(units)
    chosen = within.suspects(units, cues)
    chosen = chosen.take(clauses.worth(units, chosen, raw))
    if not len(chosen.unit):
        return {}
    told = within.measure(units, rows, raw, chosen)
    odds = model.sentence_odds(told)
    few = (np.bincount(units.of)[units.of] < FEW)[chosen.unit]
    chance = sigmoid(odds - np.where(few, point.short_span, 0.0))
    goes = (chance >= point.span) & (chosen.many > 1)
    room = _Room(units.column("characters"), units.column("words"), np.asarray(np.bincount(units.of, units.column("characters")), np.float64)[units.of])
    borne = room.bears(chosen.unit, chosen.ends - chosen.starts, told[:, WORDS])
    found: dict[int, list[_Cut]] = {}
    taken = set()
    for k, cut, sure in _pieces(units, rows, raw, model, point, cues, chosen, odds, few) if point.clause < NEVER else ():
        if not (goes[k] and borne[k] and sure < odds[k] + SURER):
            found.setdefault(int(chosen.unit[k]), []).append(cut)
            taken.add(k)
    for k in np.flatnonzero(goes).tolist():
        if k not in taken:
            found.setdefault(int(chosen.unit[k]), []).append(_Cut(int(chosen.starts[k]), int(chosen.ends[k]), told[k], float(chance[k])))
    return {unit: tuple(_bearable_cuts(int(units.told.text.starts[unit]), unit, cuts, room, keep)) for unit, cuts in found.items()}


class _Room(NamedTuple):
    """How large units are, and their texts: once for all cuts, since a page may have a hundred thousand units."""

    characters: Doubles  # (units,)
    words: Doubles
    text: Doubles  # (units,): characters of the text that each stands in

    def bears(self, unit: Ints, size: Ints, words: npt.NDArray[np.floating]) -> Flags:
        """Whether units can bear it that so many characters and words of them go: enough of the unit must be left, or what goes be little of the text."""
        left = self.words[unit] - words
        found: Flags = (size <= CUT_SHARE * self.characters[unit]) & (left >= CUT_WORDS) | (size <= LITTLE * self.text[unit]) & (left >= LEFT)
        return found


def _bearable_cuts(start: int, unit: int, cuts: Sequence[_Cut], room: _Room, keep: Collection[Label]) -> Iterator[Span]:
    """The surest cuts of a unit, as many as it can bear, in their order. `start`: where it begins in all texts."""
    surest = sorted(cuts, key=lambda cut: -cut.chance)
    size, words = np.cumsum([cut.end - cut.start for cut in surest]), np.cumsum([cut.row[WORDS] for cut in surest])
    many = int(room.bears(np.full(len(cuts), unit), size, words).cumprod().sum())
    for cut in sorted(surest[:many], key=lambda cut: cut.start):
        label = _reason(cut.row)
        if label not in keep:
            yield Span(cut.start - start, cut.end - start, label, cut.chance)


class _Cut(NamedTuple):
    """A sentence that goes, or a piece of one."""

    start: int  # characters of all texts
    end: int
    row: npt.NDArray[np.float32]
    chance: float


def _pieces(
    units: Units, rows: npt.NDArray[np.float32], raw: Doubles, model: Model, point: Point, cues: Ints, chosen: Sentences, odds: Doubles, few: Flags
) -> Iterator[tuple[int, _Cut, float]]:
    """Of each sentence, the piece that belongs least, if it does not belong; with its log-odds."""
    asked = np.flatnonzero(odds >= clauses.ASKED)
    pieces = clauses.pieces(units, cues, chosen.take(asked))
    if not len(pieces.sentence):
        return
    told = clauses.measure(units, rows, raw, chosen.take(asked), odds[asked], pieces)
    of = asked[pieces.sentence]
    found = model.clause_odds(told)
    asked_more = found - np.where(few[of], point.short_clause, 0.0)
    chance = sigmoid(asked_more)
    best: dict[int, int] = {}
    for k in np.argsort(-asked_more, kind="stable").tolist():
        if chance[k] < point.clause:
            break
        other = best.setdefault(int(of[k]), k)
        if pieces.ends[k] - pieces.starts[k] > pieces.ends[other] - pieces.starts[other] and found[k] > found[other] - AS_SURE:
            best[int(of[k])] = k
    for sentence, k in best.items():
        yield sentence, _Cut(int(pieces.cut[k]), int(pieces.ends[k]), told[k], float(chance[k])), float(found[k])


def _reason(row: npt.NDArray[np.float32]) -> Label:
    """Why a sentence goes: what most of its phrases are, if they are not the words of an advertisement."""
    weights = {family: float(row[TOLD.index(family)]) for family in CUT_REASONS}
    family = max(weights, key=weights.__getitem__)
    return CUT_REASONS[family] if weights[family] > row[TOLD.index("offer")] + row[TOLD.index("service")] else Label.AD
