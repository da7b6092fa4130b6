"""Sentences of paragraphs to numbers."""

import numpy as np
from tests.conftest import FLAT

from reviewclean.judging import context
from reviewclean.judging.telling import told
from reviewclean.judging.units import Link, Running, Units, units_of
from reviewclean.judging.within import NAMES, Sentences, cues, measure, suspects

PROMO = "New ropes come overnight from Alder & Moss, who take 10% off a first order."
TEXTS = [
    "The ferry captain repairs the engine with her brother. The harbour is grey and nobody speaks.",
    f"The brother lets the ropes of the ferry run. {PROMO}",
    "In the last act the captain steers the ferry through a storm. The engine holds, and so does her brother.",
]


def asked(texts: list[str], links: list[tuple[Link, ...]] | None = None) -> tuple[Units, Sentences, list[dict[str, float]]]:
    units = units_of(told(texts), [Running("The Glass Ferry", "", links or [()] * len(texts), [False] * len(texts))], FLAT)
    chosen = suspects(units, cues(units))
    table = measure(units, context.measure(units), np.zeros(units.count), chosen)
    assert table.shape == (len(chosen.unit), len(NAMES)) and np.isfinite(table).all()
    return units, chosen, [dict(zip(NAMES, row.tolist(), strict=True)) for row in table]


def test_sentences_that_bring_nothing_new_are_passed_over() -> None:
    """No new name, no address, no offer."""
    units, chosen, _ = asked(TEXTS)
    text = "\n".join(TEXTS)
    assert [text[a:b] for a, b in zip(chosen.starts, chosen.ends, strict=True)] == [PROMO]
    assert (chosen.unit[0], chosen.rank[0], chosen.many[0]) == (1, 1, 2) and units.count == 3


def test_a_promo_sentence_is_a_stranger_in_its_paragraph() -> None:
    """It coheres less than the paragraph, brings the new names and makes the offer."""
    ((promo,),) = [asked(TEXTS)[2]]
    assert promo["rest"] < promo["unit rest"] and promo["rest_less"] < 0
    assert promo["new_placed"] == 1 and promo["from_last"] == 0 and promo["apart_service"] > 0


def test_a_link_to_another_site_makes_a_suspect() -> None:
    """Even of a plain sentence."""
    plain = ["The harbour is grey and wide. Nobody in it speaks of the war.", TEXTS[0]]
    assert len(asked(plain)[1].unit) == 0
    _, chosen, (row,) = asked(plain, [(Link(34, 39, "https://x.example/"),), ()])
    assert row["outside"] == 1 and row["links"] == 1 and chosen.rank.tolist() == [1]


def test_links_count_in_every_stretch_that_they_touch() -> None:
    """Of stretches that lie in one another as of those side by side, and whatever the order of the links."""
    text = "The harbour is grey and wide and nobody in it speaks of the war. The sea is wide, and Orrin said so."
    links = (Link(66, 69, "https://y.example/"), Link(4, 11, "https://x.example/"))
    units = units_of(told([text, "The harbour is wide."]), [Running("", "", [links, ()], [False, False])], FLAT)
    chosen = Sentences(np.zeros(4, int), np.array([0, 4, 0, 65]), np.array([64, 11, 100, 100]), np.zeros(4, int), np.full(4, 2))
    table = measure(units, context.measure(units), np.zeros(2), chosen)
    column = {name: table[:, i] for i, name in enumerate(NAMES)}  # of a name that stands there twice, the second
    assert column["links"].tolist() == [1, 1, 2, 1] and np.allclose(column["linked"], [7 / 64, 1.0, 10 / 100, 3 / 35])


def test_nothing_suspect_gives_no_rows() -> None:
    """An empty table of the right width."""
    assert asked(["the harbour is grey.", "the sea is wide."])[2] == []
