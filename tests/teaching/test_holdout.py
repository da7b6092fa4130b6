"""How a filter does on promos of a kind that it was not taught."""

from dataclasses import replace

import numpy as np

from reviewclean.teaching.holdout import hold_out
from reviewclean.teaching.ngrams import Without
from reviewclean.teaching.running import UnitTable
from reviewclean.teaching.samples import Promo


def table(rows: int = 3000, hard: float = 0.0, short: float = 0.0) -> UnitTable:
    """Promos of two styles: loud ones are told by one column, quiet ones by another; in texts of which some are hard and some are short, where nothing tells a promo."""
    rng = np.random.default_rng(0)
    foreign = rng.random(rows) < 0.2
    style = np.where(foreign, np.where(rng.random(rows) < 0.5, "loud", "quiet"), "")
    values = rng.normal(size=(rows, 3)).astype(np.float32)
    values[style == "loud", 0] += 6
    values[style == "quiet", 1] += 6
    names = np.full(rows, "")
    in_hard, in_short = rng.random(rows) < hard, rng.random(rows) < short
    values[in_hard | in_short] = rng.normal(3, 3, size=((in_hard | in_short).sum(), 3))
    return UnitTable(values, foreign, np.ones(rows, bool), ~foreign, np.full(rows, 20), style, names, names, names, rng.integers(0, 4, rows), np.where(in_short, 3, 30), in_hard)


def again(_: Without) -> UnitTable:
    """Nothing here is told by words."""
    return table()


def test_a_style_that_was_not_taught_is_found_less() -> None:
    """Each style in turn, worst first, beside what is found of it when it is taught."""
    shifts = hold_out(table(), "style", 0.005, 0, again)
    assert {shift.name for shift in shifts} == {"loud", "quiet"}
    assert all(shift.untaught < 0.3 and shift.taught > 0.8 for shift in shifts)
    assert shifts[0].untaught <= shifts[1].untaught


def test_words_are_taught_anew_without_what_is_left_out() -> None:
    """For each set of styles, and by no promo of it; a trade is one however it is spelt."""
    asked: list[tuple[bool, bool]] = []
    few = table(400)

    def measured(without: Without) -> UnitTable:
        asked.append((without(Promo("", style="loud")), without(Promo("", style="quiet"))))
        return few

    hold_out(few, "style", 0.005, 0, measured)
    assert sorted(asked) == [(False, True), (True, False)]
    trades = replace(few, trade=np.where(few.foreign, "kitchen fitter", ""))

    def spelt(without: Without) -> UnitTable:
        asked.append((without(Promo("", trade="Kitchen-fitter")), without(Promo(""))))
        return trades

    hold_out(trades, "trade", 0.005, 0, spelt)
    assert asked[2:] == [(True, False)]


def test_sites_are_held_out_in_parts() -> None:
    """Every part once."""
    assert sorted(shift.name for shift in hold_out(table(), "site", 0.005, 0, again)) == [f"sites {k}/4" for k in (1, 2, 3, 4)]


def test_hard_negatives_and_short_texts_are_told_apart() -> None:
    """They choose no threshold, and are not among the promos that are counted."""
    mixed = table(6000, hard=0.2, short=0.2)
    for shift in hold_out(mixed, "style", 0.005, 0, lambda _: mixed):
        assert shift.taught > 0.6
        assert shift.hard is not None and shift.hard < shift.taught / 2
        assert shift.promos < 450
    assert all(shift.hard is None for shift in hold_out(table(), "style", 0.005, 0, again))
