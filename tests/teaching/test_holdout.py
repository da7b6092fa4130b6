"""How a filter does on promos of a kind that it was not taught."""

import numpy as np

from reviewclean.teaching.holdout import hold_out
from reviewclean.teaching.running import UnitTable


def table(rows: int = 3000) -> UnitTable:
    """Promos of two styles: loud ones are told by one column, quiet ones by another."""
    rng = np.random.default_rng(0)
    foreign = rng.random(rows) < 0.2
    style = np.where(foreign, np.where(rng.random(rows) < 0.5, "loud", "quiet"), "")
    values = rng.normal(size=(rows, 3)).astype(np.float32)
    values[style == "loud", 0] += 6
    values[style == "quiet", 1] += 6
    names = np.full(rows, "")
    return UnitTable(values, foreign, np.ones(rows, bool), ~foreign, np.full(rows, 20), style, names, names, names, rng.integers(0, 4, rows), np.full(rows, 30), np.zeros(rows, bool))


def test_a_style_that_was_not_taught_is_found_less() -> None:
    """Each style in turn, worst first, beside what is found of it when it is taught."""
    shifts = hold_out(table(), "style", 0.005, 0)
    assert {shift.name for shift in shifts} == {"loud", "quiet"}
    assert all(shift.untaught < 0.3 and shift.taught > 0.8 for shift in shifts)
    assert shifts[0].untaught <= shifts[1].untaught


def test_sites_are_held_out_in_parts() -> None:
    """Every part once."""
    assert sorted(shift.name for shift in hold_out(table(), "site", 0.005, 0)) == [f"sites {k}/4" for k in (1, 2, 3, 4)]
