"""Curves: hand-made blocks, known answers."""

import numpy as np
import pytest

from reviewclean.data import Block, Cleaned, Label, Span, Verdict
from reviewclean.teaching.curves import JudgedBlock, Mistake, at_work, calibration_error, confusion, judged, mistakes, reliability, sweep, tally
from reviewclean.teaching.samples import Laid

FOUR = "one two three four"
REVIEW, AD, UNNAMED = Laid(True, Label.REVIEW), Laid(False, Label.AD), Laid(False, None)


def kept(text: str, laid: Laid, score: float, *cuts: Span) -> JudgedBlock:
    return JudgedBlock(text, laid, Verdict(Label.REVIEW, score, cuts=cuts))


def gone(text: str, laid: Laid, score: float, label: Label = Label.AD) -> JudgedBlock:
    return JudgedBlock(text, laid, Verdict(label, score, kept=False))


BLOCKS = (gone("buy it now", AD, 0.9), gone("fine film", REVIEW, 0.8), gone("call us", UNNAMED, 0.8, Label.CHROME), kept("a b c d e f g h", REVIEW, 0.9))
"""suspicion .9 .8 .8 .1; review 0 2 0 8; clutter 3 0 2 0"""


def test_suspicion_is_how_sure_it_is_that_a_block_is_not_review() -> None:
    """The score of what was removed, the rest of the score of what was kept; a label that was asked to stay is as suspect as it was."""
    assert gone(FOUR, AD, 0.75).suspicion == 0.75
    assert kept(FOUR, REVIEW, 0.75).suspicion == 0.25
    assert JudgedBlock(FOUR, AD, Verdict(Label.CREDIT, 0.75)).suspicion == 0.75


def test_blocks_are_judged_one_by_one() -> None:
    """Text, label and verdict stay together."""
    cleaned = Cleaned((Block("x"), Block("y")), (Verdict(Label.REVIEW, 0.9), Verdict(Label.AD, 0.8, kept=False)))
    assert judged(cleaned, (AD, UNNAMED)) == (JudgedBlock("x", AD, cleaned.verdicts[0]), JudgedBlock("y", UNNAMED, cleaned.verdicts[1]))


def test_words_are_counted_once_and_on_one_side() -> None:
    """A span inside a review block is neither review nor clutter; meta and wordless blocks stand in no curve."""
    spanned = Laid(True, Label.REVIEW, (Span(4, 7, Label.AD, 1.0),))
    told = tally([kept(FOUR, spanned, 0.9), kept(FOUR, Laid(False, Label.META), 0.9), kept("* * *", AD, 0.9), gone("a b", UNNAMED, 0.6)])
    assert told.review.tolist() == [3, 0] and told.clutter.tolist() == [0, 2]
    assert told.labels.tolist() == ["review", "not review"] and told.removed.tolist() == [False, True]


def test_a_sweep_takes_equal_suspicions_together() -> None:
    """Shares at each threshold, and the mean of precision over recall."""
    moved = sweep(tally(BLOCKS))
    assert moved.threshold == pytest.approx([0.9, 0.8, 0.1])
    assert moved.loss == pytest.approx([0, 0.2, 1]) and moved.recall == pytest.approx([0.6, 1, 1]) and moved.precision == pytest.approx([1, 5 / 7, 1 / 3])
    assert moved.average_precision == pytest.approx(0.6 + 0.4 * 5 / 7)


def test_average_precision_is_that_of_scikit_learn() -> None:
    """On random blocks with ties, weighted by words."""
    from sklearn.metrics import average_precision_score

    draw = np.random.default_rng(1)
    blocks = [gone("w " * int(draw.integers(1, 9)), REVIEW if draw.random() < 0.5 else AD, float(draw.integers(0, 20)) / 20) for _ in range(200)]
    told = tally(blocks)
    assert sweep(told).average_precision == pytest.approx(average_precision_score(told.clutter > 0, told.suspicion, sample_weight=told.clutter + told.review))


def test_a_label_is_held_against_the_review_alone() -> None:
    """Removing other clutter is no mistake."""
    told = tally(BLOCKS).against("ad")
    assert told.labels.tolist() == ["ad", "review", "review"]
    assert sweep(told).average_precision == 1.0


def test_what_was_done_is_a_point() -> None:
    """Recall and precision of what was removed; nothing removed is nothing removed wrongly."""
    assert at_work(tally(BLOCKS)) == pytest.approx((1.0, 5 / 7))
    assert at_work(tally([kept("buy", AD, 0.9), kept("film", REVIEW, 0.9)])) == (0.0, 1.0)


def test_bins_hold_equally_many_blocks_and_count_words() -> None:
    """Said and found are means over words."""
    blocks = [kept("a", REVIEW, 0.9), kept("a b c", AD, 0.8), gone("a", REVIEW, 0.6), gone("a b c", AD, 1.0)]
    low, high = reliability(tally(blocks), 2)
    assert (low.blocks, low.words, low.low, low.high, low.said, low.found) == pytest.approx((2, 4, 0.1, 0.2, 0.175, 0.75))
    assert (high.blocks, high.words, high.low, high.high, high.said, high.found) == pytest.approx((2, 4, 0.6, 1.0, 0.9, 0.75))
    assert calibration_error([low, high]) == pytest.approx((0.575 + 0.15) / 2)


def test_few_blocks_make_few_bins() -> None:
    """None makes none, and no error."""
    assert [one.blocks for one in reliability(tally(BLOCKS))] == [1, 1, 1, 1]
    assert reliability(tally([])) == [] and calibration_error([]) == 0.0


def test_confusion_counts_blocks_by_both_labels() -> None:
    """Sample first, model second."""
    assert confusion(BLOCKS) == {("ad", "ad"): 1, ("review", "ad"): 1, ("not review", "chrome"): 1, ("review", "review"): 1}


def test_whole_blocks_on_the_wrong_side_are_mistakes() -> None:
    """Lost review, clutter left in; meta is neither."""
    assert mistakes(gone(FOUR, REVIEW, 0.8)) == [Mistake("lost", FOUR, "review", "ad", 0.8)]
    assert mistakes(kept(FOUR, UNNAMED, 0.7)) == [Mistake("left in", FOUR, "not review", "review", 0.7)]
    assert mistakes(kept(FOUR, Laid(False, Label.META), 0.7)) == mistakes(gone(FOUR, AD, 0.8)) == mistakes(kept(FOUR, REVIEW, 0.8)) == mistakes(kept("***", AD, 0.8)) == []


def test_mistakes_inside_a_block_are_its_stretches() -> None:
    """What a cut took beside the span, and the spans that are still there."""
    spanned = Laid(True, Label.REVIEW, (Span(4, 7, Label.SHOP, 1.0),))
    assert mistakes(kept(FOUR, spanned, 0.7)) == [Mistake("left in", "two", "shop", "review", 0.7)]
    assert mistakes(kept(FOUR, spanned, 0.7, Span(4, 7, Label.AD, 0.6))) == []
    assert mistakes(kept(FOUR, spanned, 0.7, Span(0, 13, Label.AD, 0.6))) == [Mistake("lost", "one ", "review", "ad", 0.6), Mistake("lost", " three", "review", "ad", 0.6)]
    assert mistakes(kept(FOUR, AD, 0.7, Span(0, 4, Label.AD, 0.6))) == [Mistake("left in", "two three four", "ad", "review", 0.7)]
