"""Units of running text to numbers."""

import numpy as np

from reviewclean.judging.context import NAMES, RARITY_BUCKETS, Unit, measure, rarity_of, stems

FLAT = np.ones(RARITY_BUCKETS, np.float32)
TEXT = [
    "The ferry captain repairs the engine with her brother in the harbour at dawn.",
    "The brother has come home from the city, and the captain lets him hold the ropes of the ferry.",
    "Visit Lucky Marble Casino at luckymarble.example and claim 200 free spins when you sign up today.",
    "In the last act the captain steers the ferry through a storm while her brother mends the engine.",
]


def rows(texts: list[str]) -> list[dict[str, float]]:
    table = measure([Unit(t) for t in texts], "The Glass Ferry", FLAT)
    assert np.isfinite(table).all()
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


def test_any_texts_can_be_measured() -> None:
    """One unit, units without words, repeated units."""
    assert measure([], "", FLAT).shape == (0, len(NAMES))
    rows(["x"])
    rows(["…", "—", "…"])
    assert rows(["Check price at A", "Check price at B", "Check price at C"])[1]["shape_repeats"] == 3


def test_rarity_is_higher_for_rarer_stems() -> None:
    """Inverse document frequency."""
    rarity = rarity_of([stems(["ferry", "harbour"]), stems(["ferry", "casino"])])
    from reviewclean.judging.context import _bucket

    assert rarity[_bucket("ferry")] < rarity[_bucket("casino")] < rarity[_bucket("unseen")]
