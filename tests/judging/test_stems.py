"""What texts are about."""

import numpy as np

from reviewclean.judging.stems import RARITY_BUCKETS, Stems, cosine, rarity_of
from reviewclean.judging.telling import told

FLAT = np.ones(RARITY_BUCKETS, np.float32)


def test_neighbours_of_one_text_are_compared() -> None:
    """The same words: one; nothing in common, or the next text: none."""
    stems = Stems(told(["ferry captain", "captain ferry", "casino bonus", "casino bonus"]), np.array([0, 0, 0, 1]), FLAT)
    np.testing.assert_allclose(cosine(stems, 1), [1, 0, 0, 0], atol=1e-9)


def test_titles_weigh_their_stems() -> None:
    """A text without one takes what stands in for it."""
    stems = Stems(told(["The Ferry", "ferry captain", "casino"]), np.array([0, 0, 1]), FLAT)
    weight, norm = stems.titles(["", "Casino Royale"], np.array([True, True, False, False, False]))
    assert (weight > 0).sum() == 2 and norm.tolist() == [1.0, np.sqrt(2)]


def test_rarity_is_higher_for_rarer_stems() -> None:
    """Inverse document frequency."""
    rarity = rarity_of(["ferry harbour", "ferry casino"])
    stems = Stems(told(["ferry casino zebra"]), np.array([0]), rarity)
    by_stem = dict(zip(told(["ferry casino zebra"]).text.stem.tolist(), stems.rarity[stems.stem_of_word], strict=True))
    ferry, casino, zebra = by_stem.values()
    assert ferry < casino < zebra
