"""Chances to verdicts: the whole policy of what goes, in one place.

A block of a page passes two gates. The structure model asks whether it is part of the article; what is not goes. What passed is read again
as running text, and the context model asks whether it belongs to this text; so is plain text, which has no first gate. Long paragraphs are
asked a third time, sentence by sentence. Whoever is unsure keeps: a lost sentence of review is worse than a promo left in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from reviewclean.data import Block, Label, Span, Verdict
from reviewclean.judging.context import Unit
from reviewclean.judging.model import NEVER, Model, Point
from reviewclean.judging.sentences import sentences
from reviewclean.judging.trees import sigmoid
from reviewclean.reading import Reading
from reviewclean.reading.language import KNOWN

REPEATED_WORDS = 8  # words from which a block that stands word for word above is a repeat and not a refrain
REPEATED_BLOCKS = 3  # repeats from which a page holds its article twice (once for small screens, once for large); a deck may stand twice
FEW = 8  # units: a shorter text gives little to compare with, so more is asked before anything goes
SHORT_PENALTY = 4.0  # log-odds that are asked more of a text without a unit, falling to none at FEW
CUT_WORDS = 12  # words: a review paragraph must keep so many when a sentence is cut from it
TWO_SENTENCES = 90  # characters: no shorter block is asked sentence by sentence
CUT_SHARE = 0.5  # of a paragraph: where more would go, the whole was to be judged, and was


def decide(readings: Sequence[Reading], model: Model, mode: str, keep: Collection[Label] = ()) -> list[tuple[Verdict, ...]]:
    """Verdicts for all blocks of each page. The structure model is asked once for all pages; the context model a page at a time."""
    point = model.points[mode]
    rows = [model.page_rows(r.blocks, r.about, r.page.url) for r in readings if r.tree is not None]
    odds = _split(model.review_odds(np.concatenate(rows)), [len(r) for r in rows]) if rows else []
    pages = iter(zip(rows, odds, strict=True))
    return [_page(reading, model, point, keep, *next(pages)) if reading.tree is not None else _text(reading, model, point, keep) for reading in readings]


def _split(values: npt.NDArray[np.float64], sizes: Sequence[int]) -> list[npt.NDArray[np.float64]]:
    return np.split(values, np.cumsum(sizes)[:-1]) if sizes else []


def units_of(blocks: Sequence[Block]) -> list[Unit]:
    """Blocks as the context model reads them."""
    return [
        Unit(b.text, tuple(m.target for m in b.links), sum(m.end - m.start for m in b.links), b.kind == "heading") if b.marks else Unit(b.text, heading=b.kind == "heading")
        for b in blocks
    ]


def sentence_units(block: Block) -> list[tuple[int, int, Unit]]:
    """(start, end, unit) of each sentence of a block; a short block is one."""
    text, links = block.text, block.links
    cut = sentences(text) if len(text) >= TWO_SENTENCES else [(0, len(text))]
    if not links:
        return [(a, b, Unit(text[a:b], heading=block.kind == "heading")) for a, b in cut]
    out = []
    for a, b in cut:
        inside = [m for m in links if m.start < b and m.end > a]
        out.append((a, b, Unit(text[a:b], tuple(m.target for m in inside), sum(min(m.end, b) - max(m.start, a) for m in inside), block.kind == "heading")))
    return out


def _page(reading: Reading, model: Model, point: Point, keep: Collection[Label], rows: npt.NDArray[np.float32], odds: npt.NDArray[np.float64]) -> tuple[Verdict, ...]:
    chance = sigmoid(-odds)  # of not being review
    floor = min(point.structure.values())
    suspects = np.flatnonzero(chance >= floor)
    verdicts: dict[int, Verdict] = {}
    for i, label in zip(suspects.tolist(), model.page_reasons.name(rows[suspects]), strict=True):
        if chance[i] >= point.structure[label]:
            verdicts[i] = Verdict(label, float(chance[i]), kept=label in keep)
    verdicts.update(_repeats(reading.blocks, [i for i in range(len(reading.blocks)) if i not in verdicts]))
    inside = [i for i in range(len(reading.blocks)) if i not in verdicts]
    blocks = [reading.blocks[i] for i in inside]
    if readable(reading):
        judged = _running(blocks, reading.about.title, model, point.context, point.span, keep, odds[inside])
    else:
        judged = [Verdict(Label.REVIEW, 1.0 - float(chance[i])) for i in inside]
    verdicts.update(zip(inside, judged, strict=True))
    return tuple(verdicts[i] for i in range(len(reading.blocks)))


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


def _text(reading: Reading, model: Model, point: Point, keep: Collection[Label]) -> tuple[Verdict, ...]:
    if not readable(reading):
        return tuple(Verdict(Label.REVIEW, 0.5) for _ in reading.blocks)
    return tuple(_running(reading.blocks, reading.about.title, model, point.text, point.span, keep, None))


def readable(reading: Reading) -> bool:
    """Whether the words of the page can be judged: of a language that the model does not know, only structure is."""
    return reading.about.language in KNOWN or not reading.about.language


def _running(
    blocks: Sequence[Block], title: str, model: Model, thresholds: dict[str, float], span: float, keep: Collection[Label], review_odds: npt.NDArray[np.float64] | None
) -> list[Verdict]:
    if not blocks:
        return []
    units = units_of(blocks)
    rows = model.text_rows(units, title)
    chance = sigmoid(model.foreign_odds(rows, review_odds) - shortness(len(units)))
    suspects = np.flatnonzero(chance >= min(thresholds.values()))
    named = dict(zip(suspects.tolist(), model.text_reasons.name(rows[suspects]), strict=True))
    gone = {i for i, label in named.items() if chance[i] >= thresholds[label]}
    if len(gone) > 2 and sum(len(blocks[i].text) for i in gone) > 0.6 * sum(len(b.text) for b in blocks):
        gone = set()  # most of a text cannot be foreign to it
    cuts = _cuts(blocks, gone, title, model, span) if span < NEVER else {}
    return [
        Verdict(named[i], float(chance[i]), kept=named[i] in keep) if i in gone else Verdict(Label.REVIEW, 1.0 - float(chance[i]), cuts=cuts.get(i, ()))
        for i in range(len(blocks))
    ]


def shortness(units: int) -> float:
    """Log-odds that are asked more of a text of so many units."""
    return SHORT_PENALTY * max(0.0, 1 - units / FEW)


def _cuts(blocks: Sequence[Block], gone: Collection[int], title: str, model: Model, span: float) -> dict[int, tuple[Span, ...]]:
    """Sentences that do not belong, by block. Of a paragraph, only a smaller part can go."""
    kept = [i for i in range(len(blocks)) if i not in gone]
    parts = [(i, part) for i in kept for part in sentence_units(blocks[i])]
    asked = [(i, a, b) for i, (a, b, _) in parts]
    several = {a[0] for a, b in pairwise(asked) if a[0] == b[0]}
    if not several:
        return {}
    rows = model.text_rows([unit for _, (_, _, unit) in parts], title)
    inner = [k for k, (i, _, _) in enumerate(asked) if i in several]
    chance = sigmoid(model.sentence_odds(rows[inner]) - shortness(len(asked)))
    foreign = [(k, float(p)) for k, p in zip(inner, chance, strict=True) if p >= span]
    found: dict[int, list[Span]] = {}
    for (k, p), label in zip(foreign, model.text_reasons.name(rows[[k for k, _ in foreign]]), strict=True):
        i, a, b = asked[k]
        found.setdefault(i, []).append(Span(a, b, label, p))
    return {i: tuple(spans) for i, spans in found.items() if _may_cut(blocks[i].text, spans)}


def _may_cut(text: str, spans: Sequence[Span]) -> bool:
    size = sum(s.end - s.start for s in spans)
    left = len(text.split()) - sum(len(text[s.start : s.end].split()) for s in spans)
    return size <= CUT_SHARE * len(text) and left >= CUT_WORDS
