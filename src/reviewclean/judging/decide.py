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
from reviewclean.judging import context, within
from reviewclean.judging.batch import Batch
from reviewclean.judging.language import readable
from reviewclean.judging.model import NEVER, Model, Point
from reviewclean.judging.rules import NO_RULES, Rules
from reviewclean.judging.telling import NAMES as TOLD
from reviewclean.judging.trees import sigmoid
from reviewclean.judging.units import Link, Running, Units
from reviewclean.judging.within import Sentences

Doubles = npt.NDArray[np.float64]

REPEATED_WORDS = 8  # words from which a block that stands word for word above is a repeat and not a refrain
REPEATED_BLOCKS = 3  # repeats from which a page holds its article twice (once for small screens, once for large); a deck may stand twice
CUT_WORDS = 12  # words: a review paragraph must keep so many when a sentence is cut from it
CUT_SHARE = 0.5  # of a paragraph: where more would go, the whole was to be judged, and was
FEW = 8  # units: a shorter text gives less to compare with, and has bounds of its own
MOSTLY = 0.6  # of a text: so much of it cannot be foreign to it
LARGE = 0.4  # of a text: nor can one block, or two, that hold so much
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
    return [tuple(found[k] for k in range(len(found))) for found in verdicts]


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
    seen: set[str] = set()
    again = []
    for k, i in enumerate(kept):
        if blocks[i].text in seen:
            again.append(k)
        seen.add(blocks[i].text)
    if sum(len(blocks[kept[k]].text.split()) >= REPEATED_WORDS for k in again) < REPEATED_BLOCKS:
        return {}
    repeated = set(again)

    def goes(k: int) -> bool:
        """A long repeat, or a short one that stands between repeats."""
        return len(blocks[kept[k]].text.split()) >= REPEATED_WORDS or ({k - 1, k + 1} & set(range(len(kept)))) <= repeated

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
                spans = cuts.get(at + k)
                verdicts[text.page][block] = Verdict(Label.REVIEW, 1.0 - share, cuts=_allowed(text.blocks[k].text, spans) if spans else ())
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
    size, whole = sum(len(blocks[k].text) for k in gone), sum(len(block.text) for block in blocks)
    return {} if size > (MOSTLY if len(gone) > 2 else LARGE) * whole else gone


def _cuts(units: Units, rows: npt.NDArray[np.float32], raw: Doubles, model: Model, point: Point, keep: Collection[Label]) -> dict[int, list[Span]]:
    """Sentences that do not belong, by unit; of units with more than one sentence."""
    chosen = within.suspects(units)
    chosen = Sentences(*(column[chosen.many > 1] for column in chosen))
    if not len(chosen.unit):
        return {}
    told = within.measure(units, rows, raw, chosen)
    few = np.bincount(units.of)[units.of[chosen.unit]] < FEW
    chance = sigmoid(model.sentence_odds(told) - np.where(few, point.short_span, 0.0))
    starts = units.told.text.starts
    found: dict[int, list[Span]] = {}
    for k in np.flatnonzero(chance >= point.span).tolist():
        label = _reason(told[k])
        if label not in keep:
            unit = int(chosen.unit[k])
            found.setdefault(unit, []).append(Span(int(chosen.starts[k] - starts[unit]), int(chosen.ends[k] - starts[unit]), label, float(chance[k])))
    return found


def _reason(row: npt.NDArray[np.float32]) -> Label:
    """Why a sentence goes: what most of its phrases are, if they are not the words of an advertisement."""
    weights = {family: float(row[TOLD.index(family)]) for family in CUT_REASONS}
    family = max(weights, key=weights.__getitem__)
    return CUT_REASONS[family] if weights[family] > row[TOLD.index("offer")] + row[TOLD.index("service")] else Label.AD


def _allowed(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The cuts that a paragraph can bear: enough of it must be left."""
    size = sum(span.end - span.start for span in spans)
    left = len(text.split()) - sum(len(text[span.start : span.end].split()) for span in spans)
    return tuple(spans) if size <= CUT_SHARE * len(text) and left >= CUT_WORDS else ()
