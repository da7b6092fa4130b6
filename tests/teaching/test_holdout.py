"""How a filter does on promos of a kind that it was not taught."""

import numpy as np

from reviewclean.teaching.holdout import hold_out
from reviewclean.teaching.running import UnitTable


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


def test_a_style_that_was_not_taught_is_found_less() -> None:
    """Each style in turn, worst first, beside what is found of it when it is taught."""
    shifts = hold_out(table(), "style", 0.005, 0)
    assert {shift.name for shift in shifts} == {"loud", "quiet"}
    assert all(shift.untaught < 0.3 and shift.taught > 0.8 for shift in shifts)
    assert shifts[0].untaught <= shifts[1].untaught


def test_sites_are_held_out_in_parts() -> None:
    """Every part once."""
    assert sorted(shift.name for shift in hold_out(table(), "site", 0.005, 0)) == [f"sites {k}/4" for k in (1, 2, 3, 4)]


def test_hard_negatives_and_short_texts_are_told_apart() -> None:
    """They choose no threshold, and are not among the promos that are counted."""
    for shift in hold_out(table(6000, hard=0.2, short=0.2), "style", 0.005, 0):
        assert shift.taught > 0.6
        assert shift.hard is not None and shift.hard < shift.taught / 2
        assert shift.promos < 450
    assert all(shift.hard is None for shift in hold_out(table(), "style", 0.005, 0))
