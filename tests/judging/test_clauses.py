"""Pieces of sentences that are worth asking about."""

import numpy as np
import pytest
from tests.conftest import FLAT

from reviewclean.judging import clauses, context
from reviewclean.judging.telling import told
from reviewclean.judging.units import Running, Units, units_of
from reviewclean.judging.within import Sentences, cues, suspects

PLAIN = "The ferry captain repairs the engine with her brother. The harbour is grey and nobody speaks."


def asked(sentence: str) -> tuple[str, Units, Sentences, clauses.Clauses]:
    """The pieces of a sentence behind another one."""
    text = f"The brother lets the ropes of the ferry run. {sentence}"
    units = units_of(told([PLAIN, text]), [Running("The Glass Ferry", "", [(), ()], [False, False])], FLAT)
    chosen = suspects(units, cues(units))
    return "\n".join([PLAIN, text]), units, chosen, clauses.pieces(units, cues(units), chosen)


def cuts(sentence: str) -> set[str]:
    """What would go of it, piece by piece."""
    text, _, _, found = asked(sentence)
    return {text[a:b] for a, b in zip(found.cut, found.ends, strict=True)}


@pytest.mark.parametrize(
    ("sentence", "piece"),
    [
        ("The storm takes the engine, and my page at shipyardlog.example has the whole of it.", ", and my page at shipyardlog.example has the whole of it"),
        ("The storm takes the engine - more at shipyardlog.example!", " - more at shipyardlog.example"),
        ("The storm takes the engine (as shipyardlog.example has it) and the captain stays.", " (as shipyardlog.example has it)"),
        ("The storm takes the engine [more at shipyardlog.example].", " [more at shipyardlog.example]"),
        ("The storm takes the engine...more of it at shipyardlog.example", "more of it at shipyardlog.example"),
        ("The storm takes the engine, nine out of 10 Originally posted at shipyardlog.example", " Originally posted at shipyardlog.example"),
        ("The storm takes the engine, nine out of 10 by Orrin, shipyardlog.example", " by Orrin, shipyardlog.example"),
        ("The storm takes the engine of the ferry Review by Orrin for shipyardlog.example", " Review by Orrin for shipyardlog.example"),
        ("From my column at shipyardlog.example: the storm takes the engine.", "From my column at shipyardlog.example: "),
        ("The storm takes the engine, you can sign at shipyardlog.example for it, and the captain stays.", ", you can sign at shipyardlog.example for it"),
    ],
)  # fmt: skip
def test_a_plug_is_a_piece_of_its_own(sentence: str, piece: str) -> None:
    """With the marks before it; the end mark of the sentence stays, if what is left has none."""
    assert piece in cuts(sentence)


def test_every_piece_has_a_cue_and_leaves_something() -> None:
    """A part of a sentence that brings nothing is not asked, nor is nearly all of one."""
    assert not cuts("The storm takes the engine, and the captain stays on the ferry with her brother.")
    assert not cuts("At Dorrance, shipyardlog.example speaks of it, and more.") & {", shipyardlog.example speaks of it, and more"}
    assert not any("engine" in piece for piece in cuts("The storm takes the engine, and my page at shipyardlog.example has it."))


def test_pieces_are_measured_beside_their_sentence() -> None:
    """Rows of the right width, with what the sentence's own odds are; no pieces give no rows."""
    _, units, chosen, found = asked("The storm takes the engine, and my page at shipyardlog.example has it.")
    rows = context.measure(units)
    table = clauses.measure(units, rows, np.zeros(units.count), chosen, np.full(len(chosen.unit), 1.5), found)
    assert table.shape == (len(found.sentence), len(clauses.NAMES)) and np.isfinite(table).all()
    assert (table[:, clauses.NAMES.index("sentence odds")] == 1.5).all() and (table[:, clauses.NAMES.index("after_comma")] == 1).any()
    _, units, chosen, found = asked("The captain of the ferry stays.")
    assert clauses.measure(units, context.measure(units), np.zeros(units.count), chosen, np.zeros(len(chosen.unit)), found).shape == (0, len(clauses.NAMES))
