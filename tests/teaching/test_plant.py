"""Promos planted into texts."""

import random

from reviewclean.judging.units import Link
from reviewclean.teaching.plant import Host, Line, Pools, Text, planted
from reviewclean.teaching.samples import Promo

LONG = "Paragraph {} speaks of the film at some length. It has two sentences, and " + "more words " * 12 + "to the end."
HOST = Host("film", "x.example", "Title", "x.example", tuple(Line(LONG.format(i), (Link(0, 9, "/own"),)) for i in range(12)))
PROMO, GERMAN = Promo("Play at Ruby Palace.", style="blunt_promo", anchor="Ruby Palace"), Promo("Spielen Sie bei Rubin.", style="x", language="de")
POOLS = Pools([PROMO, GERMAN], {}, [("Read next: A Boat", "links")], ["Call us today."])


def many(host: Host = HOST, pools: Pools = POOLS, times: int = 200) -> list[Text]:
    return [planted(host, pools, random.Random(seed)) for seed in range(times)]


def test_the_same_seed_plants_the_same() -> None:
    """Training can be repeated."""
    assert planted(HOST, POOLS, random.Random(5)) == planted(HOST, POOLS, random.Random(5))


def test_hosts_stay_whole_and_promos_are_known_as_foreign() -> None:
    """What was there is not foreign, what was planted is, with its reason; promos speak the host's language."""
    lines = [line for text in many() for line in text.lines]
    assert {(line.text, line.label) for line in lines if line.foreign} == {("Play at Ruby Palace.", "ad"), ("Read next: A Boat", "links"), ("Call us today.", "ad")}
    assert all(line.text.startswith("Paragraph") or line.stretches for line in lines if not line.foreign)


def test_positions_teach_nothing() -> None:
    """Promos stand anywhere but before the first line."""
    places = {i for text in many(times=400) for i, line in enumerate(text.lines) if line.style == "blunt_promo"}
    assert places >= set(range(1, 12))


def test_promos_are_run_into_paragraphs() -> None:
    """At any sentence's end, the stretch and the links in their places."""
    mixed = [line for text in many() for line in text.lines if line.stretches]
    starts = set()
    for line in mixed:
        for stretch in line.stretches:
            assert line.text[stretch.start : stretch.end].rstrip(".)") in ("Play at Ruby Palace", "Call us today")
            starts.add(stretch.start == 0)
        assert {line.text[a:b] for a, b, target, _ in line.links if target == "/own"} <= {"Paragraph"}
        assert {line.text[a:b] for a, b, target, _ in line.links if "shop-" in target} <= {"Ruby Palace", "Call us today", "Call us today.", "Call us today)"}
    assert starts == {True, False}


def test_some_promos_become_a_part_of_the_sentence_before_them() -> None:
    """In brackets, behind a dash, a comma, an ellipsis or nothing: with a small letter where the first word is a function word; what was run in before stays in its place."""
    promo = Promo("If you like it, Ruby Palace has more.", style="tail_sentence", page="film", after=5, inline=True)
    before = set()
    for text in many(pools=Pools([PROMO], {"film": [promo, promo]}, POOLS.lines, [])):
        for line in text.lines:
            for stretch in line.stretches:
                plug = line.text[stretch.start : stretch.end]
                if stretch.style == "tail_sentence":
                    assert plug.lower().rstrip(".)") == promo.text.lower().rstrip("."), line
                    before.add(line.text[: stretch.start].rpartition("end")[2].replace(promo.text, "") + plug[0])
    assert before >= {" (i", " - i", ", i", ", and i", "...I", " I", ". I"}


def test_what_was_written_for_a_text_stands_where_it_was_written_for() -> None:
    """Behind its line or one beside it, or at its line's end."""
    hosted = [Promo("The captain would fly Ruby.", style="topical_bridge", page="film", after=5), Promo("Or so says Rubybank.", style="tail_sentence", page="film", after=8, inline=True)]
    texts = many(pools=Pools([PROMO], {"film": hosted}, POOLS.lines, []))
    bridges = [next(i for i, line in enumerate(text.lines) if line.text == hosted[0].text) for text in texts if any(line.text == hosted[0].text for line in text.lines)]
    assert 60 < len(bridges) < 180 and set(bridges) >= {5, 6, 7}
    tails = [line for text in texts for line in text.lines for stretch in line.stretches if stretch.style == "tail_sentence"]
    assert tails and all(line.text.lower().rstrip(".)").endswith("or so says rubybank") or "Ruby Palace" in line.text for line in tails)
    assert not any(line.text == hosted[0].text for text in many(pools=POOLS) for line in text.lines)


def test_a_text_gets_no_more_of_what_was_written_for_it_than_it_can_bear() -> None:
    """However many there are, about three of them stand in it at a time."""
    hosted = [Promo(f"The captain would fly Ruby {i}.", page="film", after=2 + i % 6) for i in range(12)]
    counts = [sum(line.text.startswith("The captain would") for line in text.lines) for text in many(pools=Pools([PROMO], {"film": hosted}, POOLS.lines, []))]
    assert 2.5 < sum(counts) / len(counts) < 3.5


def test_some_texts_are_short() -> None:
    """As user reviews are: a few lines, or one."""
    sizes = [sum(not line.foreign for line in text.lines) for text in many()]
    assert min(sizes) == 1 and max(sizes) == 12


def test_writers_plug_what_is_their_own_in_short_texts() -> None:
    """Run into a paragraph, or as a line; rarely in long texts."""
    plug = Promo("More at mothfilms.example.", style="self_plug", inline=True)
    shares = {}
    for size in (3, 12):
        host = Host("film", "x.example", "Title", "x.example", HOST.lines[:size])
        texts = many(host, Pools([PROMO], {}, POOLS.lines, [], [plug]))
        shares[size] = sum(any(plug.text in line.text for line in text.lines) for text in texts) / len(texts)
        if size == 3:
            found = [line for text in texts for line in text.lines if plug.text in line.text]
            assert {line.foreign for line in found} == {True, False} and all(line.stretches for line in found if not line.foreign)
    assert 0.5 < shares[3] < 0.7 and shares[12] < 0.35
