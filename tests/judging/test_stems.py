"""What texts are about."""

import numpy as np
from tests.conftest import FLAT

from reviewclean.judging.stems import Stems, ahead, blend, cosines
from reviewclean.judging.telling import told


def test_neighbours_of_one_text_are_compared() -> None:
    """The same words: one; nothing in common, or the next text: none."""
    stems = Stems(told(["ferry captain", "captain ferry", "casino bonus", "casino bonus"]), np.array([0, 0, 0, 1]), FLAT)
    np.testing.assert_allclose(ahead(stems, 1)[1], [1, 0, 0, 0], atol=1e-9)


def test_titles_weigh_their_stems() -> None:
    """A text without one takes what stands in for it."""
    stems = Stems(told(["The Ferry", "ferry captain", "casino"]), np.array([0, 0, 1]), FLAT)
    found = stems.titles(["", "Casino Royale"], np.array([True, True, False, False, False]))
    assert (found.weight > 0).sum() == 2 and found.norm.tolist() == [1.0, np.sqrt(2)]


def test_topics_of_a_stretch_are_those_of_its_stems() -> None:
    """Sums by row, in any row nothing as well; rows that point the same way have a cosine of one, and those that say nothing none."""
    topics = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    found = blend(np.array([0, 0, 2]), np.array([0, 1, 2]), np.array([2.0, 1.0, 3.0]), topics, 4)
    assert found.tolist() == [[2.0, 1.0], [0.0, 0.0], [3.0, 3.0], [0.0, 0.0]]
    np.testing.assert_allclose(cosines(found, found), [1, 0, 1, 0])
