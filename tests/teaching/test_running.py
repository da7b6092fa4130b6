"""Planted texts become tables."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
from tests.conftest import FLAT

from reviewclean.judging import clauses, within
from reviewclean.judging.stems import Lexis
from reviewclean.teaching.boost import fold_of
from reviewclean.teaching.plant import Host, Line, Pools, Stretch, Text, planted
from reviewclean.teaching.running import HALF, HARD_WEIGHT, SentenceTable, plant_all, sentence_table, unit_table
from reviewclean.teaching.samples import Promo

PROMO = "Ropes come overnight from Alder & Moss, who take 10% off."
OTHER = "Readers of ours get a month of Bindlewick Paints for nothing."
HOST = [f"The ferry captain repairs engine {i} with her brother in the grey harbour. Nobody on board of it speaks." for i in range(5)]
MIXED = f"{HOST[0]} {PROMO}"
TEXT = Text("a.example", "The Ferry", "", (
    Line(HOST[1]), Line(MIXED, stretches=(Stretch(len(HOST[0]) + 1, len(MIXED), "tail_sentence"),)), Line(OTHER, foreign=True, style="blunt_promo", label="ad"),
    Line("By Ines", scored=False), Line(HOST[2]), Line(HOST[3]),
))  # fmt: skip


def nothing_known(_: int, __: Sequence[Line]) -> Lexis:
    """No stem, no word."""
    return FLAT


def test_units_know_what_they_are() -> None:
    """Foreign, host, neither; a mixed line counts its own words."""
    table = unit_table([TEXT, TEXT], nothing_known)
    assert table.foreign[:6].tolist() == [False, False, True, False, False, False]
    assert table.host[:6].tolist() == [True, False, False, False, True, True]
    assert table.use[:6].tolist() == [True, True, True, False, True, True]
    assert 17 <= table.sizes[1] <= 20 < len(MIXED.split())
    assert set(table.fold) == {fold_of("a.example")}


def test_hard_negatives_are_known_to_the_tables() -> None:
    """From the host that was written to provoke to each of its units and sentences."""
    host = Host("h", "a.example", "", "", tuple(Line(line) for line in HOST), hard=True)
    text = planted(host, Pools([Promo(PROMO)], {}, [("Read next: the mill", "links")], []), Random(1))
    assert unit_table([text], nothing_known).hard.all() and not unit_table([TEXT], nothing_known).hard.any()
    assert all(table.hard.all() for table in sentence_table([replace(TEXT, hard=True)], nothing_known, np.zeros(6)))


def test_review_of_hard_negatives_weighs_more() -> None:
    """It is what must not be mistaken; a promo in it weighs as elsewhere. Units and sentences alike."""
    as_it_comes, hard = (unit_table([text], nothing_known).importance for text in (TEXT, replace(TEXT, hard=True)))
    assert (hard / as_it_comes).round(3).tolist() == [HARD_WEIGHT, HARD_WEIGHT, 1.0, HARD_WEIGHT, HARD_WEIGHT, HARD_WEIGHT]
    text = Text("a.example", "", "", (*TEXT.lines, Line(f"{HOST[0]} {REVIEW}.")))
    sentences, its = (sentence_table([one], nothing_known, np.zeros(7))[0] for one in (text, replace(text, hard=True)))
    assert (its.importance / sentences.importance).round(3).tolist() == [1.0, 1.0, HARD_WEIGHT] == np.where(its.foreign, 1.0, HARD_WEIGHT).tolist()


def test_a_line_that_is_mostly_promo_teaches_nothing() -> None:
    """It is neither one nor the other."""
    short = Line(f"Yes. {PROMO}", stretches=(Stretch(5, 5 + len(PROMO), "coupon"),))
    assert not unit_table([Text("a", "", "", (short, Line(HOST[0])))], nothing_known).use[0]


def test_promo_sentences_are_known_by_their_style() -> None:
    """Those run into a paragraph have a style; those of a promo paragraph are foreign without one; what is asked about is counted against all."""
    table, _ = sentence_table([TEXT], nothing_known, np.zeros(6))
    told = list(zip(table.style.tolist(), table.foreign.tolist(), table.host.tolist(), strict=True))
    assert ("tail_sentence", True, False) in told and ("", True, False) in told
    assert table.run_in == {"tail_sentence": 1} and table.rows.shape[1] == len(within.NAMES)


REVIEW = "The captain Orrin Vale mends her engine at Graywater Pier with a brother who never once speaks of it"


def halved(plug: str, review: str = REVIEW) -> tuple[SentenceTable, SentenceTable, str]:
    """A text with a sentence of which `plug` is promo; its sentences and their pieces as tables, and that line."""
    line = f"{HOST[0]} {review}{plug}"
    text = Text("a.example", "", "", (Line(HOST[1]), Line(line, stretches=(Stretch(line.index(plug), len(line), "span"),)), Line(HOST[2])))
    return (*sentence_table([text], nothing_known, np.zeros(3)), line)


def test_half_a_sentence_of_promo_teaches_nothing() -> None:
    """A sentence that is partly review is neither one nor the other; one that is nearly all promo is promo."""
    for plug, review, foreign in ((", more at shipyardlog.example.", REVIEW, False), (f" Find the whole story of {REVIEW} on my page, shipyardlog.example.", "And so", True)):
        table, _, _ = halved(plug, review)
        assert (table.foreign.tolist(), table.host.any(), table.use.any()) == ([foreign], False, foreign)


def test_of_half_a_sentence_the_pieces_teach() -> None:
    """The plug is promo; a piece of review is host; a piece that is both is neither promo nor may it choose a threshold, and the sentence counts once."""
    sentences, pieces, _ = halved(", see more at shipyardlog.example.", f"In Dorrance, {REVIEW}, or Vale's Oath")
    assert pieces.run_in == {HALF: 1} and pieces.use.all() and set(pieces.sentence.tolist()) == {0} and pieces.rows.shape[1] == len(clauses.NAMES)
    told = set(zip(pieces.style.tolist(), pieces.foreign.tolist(), pieces.host.tolist(), strict=True))
    assert told == {(HALF, True, False), ("", False, True), ("", False, False)}
    assert sentences.run_in == {}


def test_a_promo_is_planted_in_its_own_fold_alone() -> None:
    """So that no promo is judged by what it taught."""
    hosts = [Host(f"h{i}", f"site{i}.example", "", "", tuple(Line(line) for line in HOST)) for i in range(12)]
    promos = [Promo(f"Play at Ruby Palace {i}.", style="blunt_promo") for i in range(40)]
    planted = plant_all(hosts, Pools(promos, {}, [(f"Read next: {i}", "links") for i in range(20)], []), 3, 1)
    assert len(planted) == 36
    for text in planted:
        for line in text.lines:
            stretches = [line.text[s.start : s.end] for s in line.stretches] + ([line.text] if line.foreign else [])
            assert all(fold_of(found) == fold_of(text.site) for found in stretches)
    assert planted == plant_all(hosts, Pools(promos, {}, [(f"Read next: {i}", "links") for i in range(20)], []), 3, 1)
