"""How stretches are worded."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import FLAT

from reviewclean.judging.context import NAMES, measure
from reviewclean.judging.ngrams import BUCKETS, FINE, Ngrams, Sums, buckets
from reviewclean.judging.stems import Lexis
from reviewclean.judging.telling import told
from reviewclean.judging.units import Running, units_of
from reviewclean.judging.wording import wording

WORDS = st.lists(st.sampled_from(["ferry", "Harbour", "casino", "12", "1999", "straße", "of"]), max_size=8).map(" ".join)


def lots(seed: int = 0) -> Ngrams:
    """Weights drawn by lot."""
    rng = np.random.default_rng(seed)
    return Ngrams(*(rng.integers(-32767, 32767, BUCKETS).astype(np.int16) for _ in range(2)))


def test_words_and_pairs_have_their_own_buckets() -> None:
    """Upper and lower case are one, numbers are one, and the order of a pair counts."""
    word, pair = buckets(wording(["Ferry casino 12", "ferry CASINO 1999", "casino ferry"]))
    assert word[:3].tolist() == word[3:6].tolist() and len(set(word[:3].tolist())) == 3
    assert pair[1:3].tolist() == pair[4:6].tolist() and pair[7] not in pair[:6]


def test_a_word_weighs_as_much_as_it_was_taught() -> None:
    """Own weight and that of the pair, over the root of how many words there are."""
    text = wording(["ferry casino"])
    word, pair = buckets(text)
    ngrams = Ngrams(np.zeros(BUCKETS, np.int16), np.zeros(BUCKETS, np.int16))
    ngrams.words[word[1]], ngrams.pairs[pair[1]] = 3 * FINE, FINE
    sums = Sums(text, ngrams)
    assert sums.of(np.array([0, 1, 0, 2]), np.array([2, 2, 1, 2])).tolist() == [4 / np.sqrt(3), 3 / np.sqrt(2), 0.0, 0.0]


@given(st.lists(WORDS, min_size=1, max_size=6), st.data())
def test_a_stretch_weighs_what_it_weighs_alone(texts: list[str], data: st.DataObject) -> None:
    """To the last bit, whatever stands around it: no pair reaches across its ends."""
    whole = wording(texts)
    sums, k = Sums(whole, lots()), data.draw(st.integers(0, len(texts) - 1))
    alone = Sums(wording([texts[k]]), lots())
    assert sums.of(whole.first[k : k + 1], whole.first[k + 1 : k + 2]) == alone.of(np.array([0]), np.array([len(alone.words) - 1]))


def test_a_text_that_speaks_like_promos_throughout_has_none_that_stands_out() -> None:
    """What a unit's words weigh is told beside what those of the rest do."""
    word, _ = buckets(wording(["casino"]))
    loud = Ngrams(np.zeros(BUCKETS, np.int16), np.zeros(BUCKETS, np.int16))
    loud.words[word[0]] = 8 * FINE
    lexis = Lexis(FLAT.rarity, FLAT.topics, loud)

    def rows(texts: list[str]) -> dict[str, list[float]]:
        found = measure(units_of(told(texts), [Running("", "", [()] * len(texts), [False] * len(texts))], lexis))
        return {name: found[:, NAMES.index(name)].round(3).tolist() for name in ("worded", "relative_worded", "worded_z", "worded_rank")}

    everywhere = rows(["The casino opens early.", "The casino closes late.", "The casino is warm."])
    assert everywhere["worded"][0] > 3 and everywhere["relative_worded"] == [0.0] * 3 and everywhere["worded_z"] == [0.0] * 3
    once = rows(["The ferry opens early.", "The casino closes late.", "The ferry is warm."])
    assert once["relative_worded"][1] > 3 and once["relative_worded"][0] < 0 and once["worded_rank"][1] > max(once["worded_rank"][0], once["worded_rank"][2])
