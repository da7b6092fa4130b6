"""Promos planted into texts."""

import random

from reviewclean.judging.context import Unit
from reviewclean.teaching.plant import Host, Line, Pools, planted, planted_sentences
from reviewclean.teaching.samples import Promo

HOST = Host("x.example", "Title", tuple(Line(Unit(f"Paragraph {i} speaks of the film at some length. It has two sentences, and " + "more words " * 12), False, parts=(Line(Unit("One."), False), Line(Unit("Two."), False))) for i in range(12)))  # fmt: skip
POOLS = Pools([Promo("Play at Ruby Palace.", style="blunt_promo", language="en"), Promo("Spielen Sie bei Rubin.", style="x", language="de")], [("Read next: A Boat", "links")], ["Call us today."])


def test_the_same_seed_plants_the_same() -> None:
    """Training can be repeated."""
    assert planted(HOST, POOLS, random.Random(5)) == planted(HOST, POOLS, random.Random(5))


def test_hosts_stay_whole_and_promos_are_known_as_foreign() -> None:
    """What was there is not foreign, what was planted is, with its reason; promos speak the host's language."""
    foreign = set()
    for seed in range(40):
        _, lines = planted(HOST, POOLS, random.Random(seed))
        assert all(not line.foreign for line in lines if line.unit.text.startswith("Paragraph"))
        foreign |= {(line.unit.text, line.label) for line in lines if line.foreign}
    assert foreign == {("Play at Ruby Palace.", "ad"), ("Read next: A Boat", "links"), ("Call us today.", "ad")}


def test_positions_teach_nothing() -> None:
    """Promos stand anywhere but before the first line."""
    places = {i for seed in range(300) for i, line in enumerate(planted(HOST, POOLS, random.Random(seed))[1]) if line.style == "blunt_promo"}
    assert places >= set(range(1, 12))


def test_sentences_are_run_into_paragraphs() -> None:
    """Foreign sentences among the host's own."""
    found = [planted_sentences(HOST, POOLS.promos, random.Random(seed))[1] for seed in range(20)]
    assert any(line.foreign and line.unit.text == "Play at Ruby Palace." for lines in found for line in lines)
    assert all(sum(not line.foreign for line in lines) == 24 for lines in found)
