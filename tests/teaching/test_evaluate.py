"""Figures: what was kept, what went."""

import pytest

from reviewclean.data import Block, Cleaned, Label, Page, Span, Verdict
from reviewclean.teaching.evaluate import by, figures, labels, score_one, word_f1, worst
from reviewclean.teaching.samples import Laid, Sample

BLOCKS = (Block("one two three four"), Block("five six bad seven"), Block("menu here now too"))


def scored(verdicts: tuple[Verdict, ...]) -> object:
    laid = (Laid(True, Label.REVIEW), Laid(True, Label.REVIEW, (Span(9, 12, Label.AD, 1.0),)), Laid(False, Label.CHROME))
    return score_one(Sample("s", Page(""), site="x", kind="film"), Cleaned(BLOCKS, verdicts), laid)


def test_a_perfect_result_is_perfect() -> None:
    """Review kept, clutter gone, span gone."""
    one = scored((Verdict(Label.REVIEW, 1.0), Verdict(Label.REVIEW, 1.0, cuts=(Span(9, 12, Label.AD, 1.0),)), Verdict(Label.CHROME, 1.0, kept=False)))
    told = figures([one])
    assert [told[m][0] for m in ("review_kept", "clutter_removed", "spans_removed")] == [1.0, 1.0, 1.0]
    assert labels([one]) == {"chrome": (1, 1), "review": (2, 0)}
    assert worst([one]) == [(0.0, "s")]


def test_losses_and_leaks_are_counted_in_words() -> None:
    """Seven words of review, four of them lost; clutter kept; span kept."""
    told = figures([scored((Verdict(Label.AD, 1.0, kept=False), Verdict(Label.REVIEW, 1.0), Verdict(Label.REVIEW, 1.0)))])
    assert told["review_kept"][0] == pytest.approx(3 / 7)
    assert told["clutter_removed"][0] == 0.0 and told["spans_removed"][0] == 0.0


def test_intervals_hold_the_share() -> None:
    """Low, share, high."""
    good = scored((Verdict(Label.REVIEW, 1.0),) * 3)
    bad = scored((Verdict(Label.AD, 1.0, kept=False), *(Verdict(Label.REVIEW, 1.0),) * 2))
    share, low, high = figures([good, bad] * 10)["review_kept"]
    assert low < share < high
    assert list(by([good, bad], "kind")) == ["film"]


def test_a_draw_without_clutter_says_nothing_of_clutter() -> None:
    """One page of five has clutter, all of it removed: draws that miss this page are no failure."""
    right = (Verdict(Label.REVIEW, 1.0), Verdict(Label.REVIEW, 1.0), Verdict(Label.CHROME, 1.0, kept=False))
    bare = score_one(Sample("b", Page("")), Cleaned(BLOCKS[:1], right[:1]), (Laid(True, Label.REVIEW),))
    assert figures([scored(right), *[bare] * 4])["clutter_removed"] == (1.0, 1.0, 1.0)


def test_word_f1_is_that_of_bags() -> None:
    """Both empty is right, one empty is wrong."""
    assert word_f1(["a", "b"], ["b", "c"]) == 0.5
    assert word_f1([], []) == 1.0 and word_f1(["a"], []) == 0.0
