"""Operating points: what they promise is kept on the rows that they are chosen on, and figures count what they say."""

from dataclasses import replace

import numpy as np
from scipy.special import logit

from reviewclean.judging.decide import FEW
from reviewclean.judging.trees import sigmoid
from reviewclean.teaching.points import CLAUSE_SHARE, GAPS, PROMISES, STOOD, UNIT_SHARE, Judged, held_out, points_of
from reviewclean.teaching.running import HALF, SentenceTable, UnitTable
from reviewclean.teaching.structure import Table

ROWS = 4000


def tables() -> tuple[Judged, UnitTable, SentenceTable, SentenceTable]:
    """Units of which a tenth is foreign, half of them in short texts; sentences, some run in by planting and some that stood there; pieces, two of a sentence."""
    rng = np.random.default_rng(0)
    foreign = rng.random(ROWS) < 0.1
    odds = rng.normal(-4, 2, ROWS) + 6 * foreign
    style, names = np.where(foreign, "coupon", ""), np.full(ROWS, "en")
    count = np.where(rng.random(ROWS) < 0.5, FEW - 1, FEW + 20)
    fold, sizes = rng.integers(0, 4, ROWS), np.full(ROWS, 30)
    units = UnitTable(np.zeros((ROWS, 1), np.float32), foreign, np.ones(ROWS, bool), ~foreign, sizes, style, names, names, names, fold, count, np.zeros(ROWS, bool))
    sentence_style = np.where(foreign, np.where(rng.random(ROWS) < 0.5, "coupon", STOOD), "")
    run_in = {style: int((sentence_style == style).sum()) for style in ("coupon", STOOD)}
    sentences = SentenceTable(np.zeros((ROWS, 1), np.float32), foreign, ~foreign, sentence_style, np.ones(ROWS, bool), np.full(ROWS, 10), fold, count, np.zeros(ROWS, bool), np.arange(ROWS), run_in)
    pieces = replace(sentences, style=np.where(foreign, HALF, ""), sentence=np.arange(ROWS) // 2, run_in={HALF: ROWS // 2})
    return Judged(odds, odds, ~foreign, sizes, np.full(ROWS, np.inf), odds, odds), units, sentences, pieces


def test_units_keep_the_promise_in_long_and_in_short_texts() -> None:
    """Of the words of what belongs there, no more goes than the mode says; each mode takes more than the one before."""
    seen, units, sentences, pieces = tables()
    points = points_of(seen, units, sentences, pieces)
    found = []
    for mode, point in points.items():
        few = units.count < FEW
        gone = sigmoid(seen.text - np.where(few, point["short"], 0.0)) >= point["text"]["ad"]
        for which in (few, ~few):
            assert (gone & units.host & which).sum() / (units.host & which).sum() <= PROMISES[mode] / (1 - GAPS[mode]) * UNIT_SHARE
        found.append(int((gone & units.foreign).sum()))
    assert 0 < found[0] < found[1] < found[2]


def test_half_a_sentence_must_be_no_less_sure_than_a_whole_one() -> None:
    """However easily pieces would keep what is promised of them."""
    seen, units, sentences, pieces = tables()
    easy = replace(seen, clause=np.where(pieces.foreign, 0.5, -9.0))
    for point in points_of(easy, units, sentences, pieces).values():
        assert point["clause"] >= point["span"]
        assert logit(point["clause"]) + point["short_clause"] >= logit(point["span"]) + point["short_span"] - 1e-9
    assert points_of(seen, units, sentences, pieces)["balanced"]["clause"] > points_of(easy, units, sentences, pieces)["balanced"]["span"]


def test_hard_negatives_choose_no_threshold() -> None:
    """What was written to provoke is told apart, and moves no bound of the others."""
    seen, units, sentences, pieces = tables()
    provoking = np.arange(ROWS) // 2 % 5 == 0
    as_sure = np.where(provoking & units.host, 9.0, seen.text)
    hard, others = replace(units, hard=provoking), (replace(sentences, hard=provoking), replace(pieces, hard=provoking))
    points = points_of(replace(seen, text=as_sure, page=as_sure, sentence=as_sure, clause=as_sure), hard, *others)
    assert points == points_of(seen, hard, *others)
    table = Table(np.zeros((ROWS, 1), np.float32), ~units.foreign, np.ones(ROWS, bool), np.ones(ROWS, np.float32), units.fold, units.sizes)
    told = held_out(points["balanced"], replace(seen, text=as_sure), table, np.full(ROWS, 9.0), hard, *others)
    assert told["review_lost"] < 0.004 and told["review_lost_hard"] > 0.9


def test_pieces_of_sentences_keep_their_share_and_count_once() -> None:
    """No more than one of a sentence goes; where all go, every half sentence is found."""
    seen, units, sentences, pieces = tables()
    apart = seen.clause - 3.0 * (np.arange(ROWS) % 2)
    point = points_of(replace(seen, clause=apart), units, sentences, pieces)["strict"]
    few = pieces.count < FEW
    gone = sigmoid(apart - np.where(few, point["short_clause"], 0.0)) >= point["clause"]
    likeliest = (np.maximum(apart, apart[np.arange(ROWS) ^ 1]) == apart) & pieces.host
    lost = pieces.sizes[gone & likeliest & ~few].sum() / units.sizes[units.host & ~few].sum()
    assert 0 < lost <= PROMISES["strict"] / (1 - GAPS["strict"]) * CLAUSE_SHARE
    table = Table(np.zeros((ROWS, 1), np.float32), ~units.foreign, np.ones(ROWS, bool), np.ones(ROWS, np.float32), units.fold, units.sizes)
    told = held_out(point | {"clause": 0.0}, seen, table, np.full(ROWS, 9.0), units, sentences, pieces)
    assert told["halves_removed"] == round(len(set(pieces.sentence[pieces.foreign].tolist())) / (ROWS // 2), 4)


def test_sentences_that_stood_there_are_not_counted_as_planted() -> None:
    """Where every sentence goes, all that was planted is found, and no more than all."""
    seen, units, sentences, pieces = tables()
    point = points_of(seen, units, sentences, pieces)["strict"] | {"span": 0.0}
    table = Table(np.zeros((ROWS, 1), np.float32), ~units.foreign, np.ones(ROWS, bool), np.ones(ROWS, np.float32), units.fold, units.sizes)
    told = held_out(point, seen, table, np.full(ROWS, 9.0), units, sentences, pieces)
    assert told["sentences_removed"] == 1.0 and told["sentences_by_style"] == {"coupon": 1.0, STOOD: 1.0}
