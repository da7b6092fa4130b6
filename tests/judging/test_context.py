"""Units of running text to numbers."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import FLAT

from reviewclean.judging.context import NAMES, measure
from reviewclean.judging.telling import told
from reviewclean.judging.units import Link, Running, units_of

TEXT = [
    "The ferry captain repairs the engine with her brother in the harbour at dawn.",
    "The brother has come home from the city, and the captain lets him hold the ropes of the ferry.",
    "Visit Lucky Marble Casino at luckymarble.example and claim 200 free spins when you sign up today.",
    "In the last act the captain steers the ferry through a storm while her brother mends the engine.",
]


def rows(texts: list[str], title: str = "The Glass Ferry", links: list[tuple[Link, ...]] | None = None) -> list[dict[str, float]]:
    running = Running(title, "lantern.example", links or [()] * len(texts), [False] * len(texts))
    table = measure(units_of(told(texts), [running], FLAT))
    assert table.shape == (len(texts), len(NAMES)) and np.isfinite(table).all()
    return [dict(zip(NAMES, row.tolist(), strict=True)) for row in table]


def test_what_does_not_belong_coheres_less_and_brings_new_names() -> None:
    """Coherence, novelty and wording against the rest of the same text."""
    _, host, promo, after = rows(TEXT)
    assert promo["rest"] < host["rest"] and promo["rest"] < after["rest"]
    assert promo["new_names"] >= 3 > host["new_names"]
    assert promo["new_domains"] == 1
    assert promo["relative_you"] > 0 >= host["relative_you"]
    assert promo["gap"] > host["gap"]


def test_a_topic_is_not_evidence() -> None:
    """In a text that speaks of casinos throughout, the casino is known."""
    casino = [t.replace("ferry", "casino").replace("captain", "dealer") for t in TEXT]
    assert rows(casino)[2]["known"] > rows(TEXT)[2]["known"]


def test_names_of_people_and_works_are_told_from_names_of_shops() -> None:
    """Behind "at" and before a deed stands a shop; a first name is a person's; quotes and years are a work's."""
    texts = [*TEXT[:2], "Nothing here comes near “Harbour Lights” or Dark Water (1998), which John Kester shot for nothing.", "The ropes are from Alder & Moss, who deliver in a day, and Bindlewick offers paint.", TEXT[3]]
    work, shop = rows(texts)[2:4]
    assert work["new_works"] >= 2 and work["new_people"] >= 1 and work["new_placed"] == 0
    assert shop["new_placed"] == 1 and shop["new_told_of"] == 1 and shop["new_acting"] == 1 and shop["new_works"] == 0


def test_a_bridge_falls_from_the_subject() -> None:
    """It begins with what the text is about and ends elsewhere."""
    bridge = "The captain of the ferry repairs the engine like a surgeon. For the mortgage on your own bungalow the brokers of Pillar Lane compare forty lenders overnight."
    found = rows([*TEXT[:2], bridge, TEXT[3]])[2]
    assert found["fall"] > 0.1 and found["turn"] > 0 and found["last_new"] > found["first_new"]


def test_links_to_strangers_are_noticed() -> None:
    """A host that the text links nowhere else; a link that is marked as paid; not the site's own."""
    links = [(Link(0, 5, "/about"),), (Link(0, 5, "https://lantern.example/x"),), (Link(6, 18, "https://marble.example/", True),), ()]
    own, same, promo, _ = rows(TEXT, links=links)
    assert (own["outside"], same["outside"], promo["outside"], promo["new_hosts"], promo["paid"]) == (0, 0, 1, 1, 1)


def test_lines_of_one_pattern_are_noticed() -> None:
    """Check price at A, B, C."""
    assert rows(["Check price at Alba", "Check price at Borva", "Check price at Calm"])[1]["shape_repeats"] == 3


UNITS = st.lists(st.sampled_from([*TEXT, "…", "Verdict", "7/10", "— John", "See www.x.example", "x", "One. Two! Three?"]), min_size=1, max_size=8)


@settings(max_examples=60)
@example([["…"], ["…"]])
@given(st.lists(UNITS, min_size=2, max_size=4))
def test_a_text_measures_alike_alone_and_among_others(texts: list[list[str]]) -> None:
    """To the last bit, whatever the texts hold."""
    running = [Running("A title", "", [()] * len(lines), [False] * len(lines)) for lines in texts]
    together = measure(units_of(told([line for lines in texts for line in lines]), running, FLAT))
    alone = [measure(units_of(told(lines), [one], FLAT)) for lines, one in zip(texts, running, strict=True)]
    np.testing.assert_array_equal(together, np.concatenate(alone))
