"""Operating points: for each mode the thresholds that keep its promise on held-out sites, and what they find there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from reviewclean.data import Label
from reviewclean.judging import clauses
from reviewclean.judging.decide import FEW
from reviewclean.judging.model import SURE
from reviewclean.judging.trees import sigmoid
from reviewclean.teaching.boost import Doubles, Flags, Ints, platt
from reviewclean.teaching.running import HALF, SentenceTable, UnitTable
from reviewclean.teaching.structure import Table

GATES = {"careful": 0.86, "balanced": 0.75, "strict": 0.5}  # mode -> chance of not being review from which a block goes at the first gate
PROMISES = {"careful": 0.0005, "balanced": 0.002, "strict": 0.01}  # mode -> share of review text that the filter of running text may lose
GAPS = {"careful": 0.37, "balanced": 0.37, "strict": 0.0}
"""mode -> share of what goes that is no review though the gold of scraped pages has it: of 140 lines that held-out models took first, 67 (.37 of
their words) were disclosures, credits, contacts, dates, references, plugs of the site's own; strict is not given that benefit"""
SHORT_SPANS = {"careful": 10.0, "balanced": 20.0, "strict": 10.0}
"""mode -> times the share of sentences may be lost of short texts: user reviews plug something again and again, articles hardly ever. In balanced mode, 20
in place of 10 finds .68 of the plugs in held-out user reviews in place of .48, and .001 more of the words of our own held-out samples goes"""
UNIT_SHARE = 0.7  # of the promise that units may lose
CLAUSE_SHARE = 0.05  # of it that pieces of sentences may lose; the rest is for sentences
LINE_COST = 3  # words that a lost unit costs beside its own: ten lost headings are worse than one lost paragraph of their length
_LOWEST, _HIGHEST = -0.8, 9.2  # log-odds between which all thresholds are
STOOD = "span"  # the style of promo sentences that samples have inside their paragraphs
CLUTTER = ("footer", "line")  # planted lines that are no promos
LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "pl")
HARD = ("topical_bridge", "native_story", "comparison")  # styles that open on the text's own subject


@dataclass(frozen=True, slots=True)
class PageLines:
    """Blocks of real pages that may pass the first gate, as the second gate meets them."""

    odds: Doubles  # of the context model
    review: Doubles  # log-odds of the structure model
    foreign: Flags
    sizes: Ints


Calibration = dict[str, tuple[float, ...]]


def in_use(sentences: SentenceTable, odds: Doubles) -> tuple[float, ...]:
    """Slope and offset for what may teach."""
    return platt(odds[sentences.use, None], sentences.foreign[sentences.use], sentences.importance[sentences.use])


def asked(pieces: SentenceTable, odds: Doubles) -> SentenceTable:
    """The pieces of those sentences that are asked for theirs; with what the model says of these sentences, which `odds` holds, calibrated."""
    told = odds[pieces.sentence]
    found = pieces.take(np.flatnonzero(told >= clauses.ASKED))
    found.rows[:, clauses.NAMES.index("sentence odds")] = told[told >= clauses.ASKED]
    return found


def calibrated(
    table: Table, review: Doubles, units: UnitTable, odds: Doubles, sentences: SentenceTable, sentence_odds: Doubles, pieces: SentenceTable, piece_odds: Doubles, page: PageLines
) -> Calibration:
    """Slopes and offsets that make held-out log-odds mean what they say, stage by stage.

    On a page, clutter comes from real pages and promos from planting: to the structure model, a planted paragraph is as sure to be review as the
    paragraphs around it.
    """
    joint = np.concatenate((np.stack((page.odds, np.minimum(page.review, SURE)), axis=1), np.stack((odds[units.use], np.full(int(units.use.sum()), SURE)), axis=1)))
    slope, weight, offset = platt(joint, np.concatenate((page.foreign, units.foreign[units.use])), np.concatenate((np.sqrt(page.sizes + 2.0), units.importance[units.use])))
    return {
        "structure": platt(review[:, None], table.truth, table.importance),
        "text": platt(odds[units.use, None], units.foreign[units.use], units.importance[units.use]),
        "sentence": in_use(sentences, sentence_odds),
        "clause": in_use(pieces, piece_odds),
        "context": (slope, offset, weight),
    }


@dataclass(frozen=True, slots=True)
class Judged:
    """Held-out lines with their log-odds as `decide` would see them."""

    text: Doubles  # of units in plain text
    page: Doubles  # of units on a page: real blocks, then planted texts
    page_host: Flags
    page_sizes: Ints
    page_review: Doubles
    sentence: Doubles
    clause: Doubles


def judged(calibration: Calibration, units: UnitTable, odds: Doubles, sentence_odds: Doubles, piece_odds: Doubles, page: PageLines) -> Judged:
    """The log-odds of all held-out lines, calibrated."""
    slope, offset = calibration["text"]
    text = odds * slope + offset
    slope, offset, weight = calibration["context"]
    on_page = np.concatenate((page.odds * slope + offset + weight * np.minimum(page.review, SURE), odds * slope + offset + weight * SURE))
    (slope, offset), (clause_slope, clause_offset) = calibration["sentence"], calibration["clause"]
    return Judged(
        text, on_page, np.concatenate((~page.foreign, units.host)), np.concatenate((page.sizes, units.sizes)), np.concatenate((page.review, np.full(len(odds), np.inf))),
        sentence_odds * slope + offset, piece_odds * clause_slope + clause_offset,
    )  # fmt: skip


def points_of(seen: Judged, units: UnitTable, sentences: SentenceTable, pieces: SentenceTable) -> dict[str, dict[str, Any]]:
    """The thresholds of each mode, the same for all labels.

    The promise is one for texts as they come: hard negatives teach, but choose no threshold, and what is lost of them is told apart. Short texts,
    most of which training has cropped, have bounds of their own: units keep the promise, sentences SHORT_SPANS times it.
    """
    points = {}
    host, few = units.host & ~units.hard, units.count < FEW
    words, few_words = (int(units.sizes[host & which].sum()) for which in (~few, few))
    for mode, gate in GATES.items():
        promise = PROMISES[mode] / (1 - GAPS[mode])
        passed = seen.page_host & (sigmoid(-seen.page_review) < gate) & ~np.concatenate((np.zeros(len(seen.page) - len(few), np.bool_), few | units.hard))
        text, short = (_bound(seen.text[host & which], units.sizes[host & which] + LINE_COST, promise * UNIT_SHARE) for which in (~few, few))
        of_short = SHORT_SPANS[mode]
        span, short_span = _bounds(seen.sentence, sentences, promise * (1 - UNIT_SHARE - CLAUSE_SHARE), of_short, (words, few_words))
        clause, short_clause = _bounds(seen.clause, _likeliest(pieces, seen.clause), promise * CLAUSE_SHARE, of_short, (words, few_words))
        clause, short_clause = max(clause, span), max(short_clause, short_span)  # what leaves half a sentence must be no less sure than what takes the whole
        points[mode] = {
            "promise": PROMISES[mode],
            "structure": dict.fromkeys(map(str, Label), gate),
            "context": dict.fromkeys(map(str, Label), _chance(_bound(seen.page[passed], seen.page_sizes[passed] + LINE_COST, promise * UNIT_SHARE))),
            "text": dict.fromkeys(map(str, Label), _chance(text)),
            "span": _chance(span),
            "short": short - text,
            "short_span": short_span - span,
            "clause": _chance(clause),
            "short_clause": short_clause - clause,
        }
    return points


def _bounds(odds: Doubles, table: SentenceTable, spared: float, of_short: float, words: tuple[int, int]) -> tuple[float, float]:
    """The thresholds in log-odds for long and for short texts that keep what may be lost of `words` in each; `of_short`: so many times as much."""
    host, few = table.host & ~table.hard, table.count < FEW
    long, short = host & ~few, host & few
    return _bound(odds[long], table.sizes[long], spared, words[0]), _bound(odds[short], table.sizes[short], spared * of_short, words[1])


def _likeliest(pieces: SentenceTable, odds: Doubles) -> SentenceTable:
    """As `pieces`, with the likeliest of each sentence alone as what may be lost: no more than one goes."""
    order = np.lexsort((odds, pieces.sentence))
    last = np.append(pieces.sentence[order][1:] != pieces.sentence[order][:-1], True)
    top = np.zeros(len(order), np.bool_)
    top[order[last]] = True
    return replace(pieces, host=pieces.host & top)


def _bound(odds: Doubles, costs: Ints, promise: float, whole: int = 0) -> float:
    """The lowest log-odds at which no more than `promise` of the whole cost would be lost."""
    if not len(odds):
        return _HIGHEST
    order = np.argsort(-odds)
    lost = np.cumsum(costs[order]) / (whole or costs.sum())
    at = int(np.searchsorted(lost, promise, side="right"))
    return float(np.clip(odds[order][at] + 1e-6 if at < len(order) else -_HIGHEST, _LOWEST, _HIGHEST))


def _chance(odds: float) -> float:
    return float(sigmoid(np.array([odds]))[0])


def held_out(point: dict[str, Any], seen: Judged, table: Table, review: Doubles, units: UnitTable, sentences: SentenceTable, pieces: SentenceTable) -> dict[str, Any]:
    """Figures of one mode on blocks and lines whose sites and promos did not teach the model that judged them; shares of words, and of promos.

    Of long texts, hard negatives are told apart; the figures by language, and those of sentences, are over both.
    """
    kept = sigmoid(-review) < point["structure"][Label.REVIEW]
    review_words, clutter = table.truth, ~table.truth & table.scored
    few = units.count < FEW
    gone = sigmoid(seen.text - np.where(few, point["short"], 0.0)) >= point["text"][Label.AD]
    cut = sigmoid(seen.sentence - np.where(sentences.count < FEW, point["short_span"], 0.0)) >= point["span"]
    cut_pieces = sigmoid(seen.clause - np.where(pieces.count < FEW, point["short_clause"], 0.0)) >= point["clause"]
    going = ((sentences, cut), (_likeliest(pieces, seen.clause), cut_pieces))
    planted = units.foreign & (units.style != "")
    promo = planted & ~few
    natural = promo & ~units.hard
    run_in = ~np.isin(sentences.style, ("", STOOD))
    return {
        "first_gate_review_kept": _share(table.sizes[review_words & kept], table.sizes[review_words]),
        "first_gate_clutter_removed": _share(table.sizes[clutter & ~kept], table.sizes[clutter]),
        "review_lost": _lost(units, gone, ~few & ~units.hard, [(table, cut & (table.count >= FEW) & ~table.hard) for table, cut in going]),
        "review_lost_short": _lost(units, gone, few & ~units.hard, [(table, cut & (table.count < FEW) & ~table.hard) for table, cut in going]),
        "review_lost_hard": _lost(units, gone, units.hard, [(table, cut & table.hard) for table, cut in going]),
        "promos_removed": _found(gone, natural & ~np.isin(units.style, CLUTTER)),
        "hard_promos_removed": _found(gone, natural & np.isin(units.style, HARD)),
        "footers_removed": _found(gone, natural & (units.style == "footer")),
        "promos_removed_short": _found(gone, planted & few & ~np.isin(units.style, CLUTTER)),
        "promos_removed_hard": _found(gone, promo & units.hard & ~np.isin(units.style, CLUTTER)),
        "sentences_removed": round(float((cut & run_in).sum() / max(sum(n for style, n in sentences.run_in.items() if style != STOOD), 1)), 4),
        "halves_removed": round(len(set(pieces.sentence[cut_pieces & (pieces.style == HALF)].tolist())) / max(pieces.run_in.get(HALF, 0), 1), 4),
        "by_language": {language: _found(gone, promo & ~np.isin(units.style, CLUTTER) & (units.language == language)) for language in LANGUAGES},
        "by_style": {style: _found(gone, natural & (units.style == style)) for style in sorted(set(units.style[natural].tolist()))},
        "by_style_hard": {style: _found(gone, promo & units.hard & (units.style == style)) for style in sorted(set(units.style[promo & units.hard].tolist()))},
        "sentences_by_style": {style: round(float((cut & (sentences.style == style)).sum() / n), 3) for style, n in sorted(sentences.run_in.items())},
    }  # fmt: skip


def _lost(units: UnitTable, gone: Flags, which: Flags, going: Sequence[tuple[SentenceTable, Flags]]) -> float:
    """Share of the words of some texts that go, as units, as sentences and as pieces of sentences."""
    whole = max(int(units.sizes[units.host & which].sum()), 1)
    return round(float((units.sizes[units.host & which & gone].sum() + sum(int(table.sizes[table.host & cut].sum()) for table, cut in going)) / whole), 5)


def _share(part: Ints, whole: Ints) -> float:
    return round(float(part.sum() / max(whole.sum(), 1)), 5)


def _found(gone: Flags, which: Flags) -> float:
    return round(float(gone[which].mean()), 4) if which.any() else float("nan")


def figures(points: dict[str, dict[str, Any]], seen: Judged, table: Table, review: Doubles, units: UnitTable, sentences: SentenceTable, pieces: SentenceTable) -> dict[str, Any]:
    """Held-out figures of all modes."""
    return {mode: held_out(point, seen, table, review, units, sentences, pieces) for mode, point in points.items()}


def lines_of_pages(parts: Sequence[PageLines]) -> PageLines:
    """Lines of several pages as one."""
    return PageLines(*(np.concatenate([getattr(part, name) for part in parts]) for name in PageLines.__slots__))
