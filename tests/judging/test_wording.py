"""Texts become columns of characters and words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewclean.data import words
from reviewclean.judging.lexicon import families, known
from reviewclean.judging.phrases import FAMILIES, LISTS
from reviewclean.judging.wording import ranges, wording

TEXTS = st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n"), min_size=1, max_size=60), min_size=1, max_size=6)


@given(TEXTS)
def test_words_stand_where_the_pattern_finds_them(texts: list[str]) -> None:
    """Every word of every text, and equal words have equal numbers."""
    text = wording(texts)
    found = [[chr(c) for c in text.codes[a:b]] for a, b in zip(text.word_start, text.word_end, strict=True)]
    expected = [(i, word) for i, one in enumerate(texts) for word in words("".join(c if ord(c) < 0xFFFF else " " for c in one))]
    assert [i for i, _ in expected] == text.word_text.tolist()
    assert ["".join(word).lower() for word in found] == [word.lower() for _, word in expected]
    numbers: dict[str, int] = {}
    for word, number in zip(found, text.word.tolist(), strict=True):
        key = "".join(chr(int(c)) for c in map(ord, "".join(word)))
        assert numbers.setdefault(key, number) == number


def test_different_words_have_different_numbers() -> None:
    """Among thirty thousand, so far."""
    many = [f"{a}{b}{c}" for a in "abcdefghij" for b in range(60) for c in "klmnopqrstuvwxyzäöüßéàçłńś żõ".replace(" ", "")]
    assert len(set(wording(many).word.tolist())) == len(many)


def test_case_does_not_matter_and_stems_are_beginnings() -> None:
    """Casino, CASINOS: one stem, two words."""
    text = wording(["Casino casino CASINOS cas"])
    assert text.word[0] == text.word[1] != text.word[2]
    assert text.stem[0] == text.stem[2] != text.stem[3]


@given(TEXTS, st.data())
def test_a_part_has_the_columns_of_the_part_alone(texts: list[str], data: st.DataObject) -> None:
    """Taking texts out of a batch is numbering them by themselves."""
    chosen = sorted(data.draw(st.sets(st.integers(0, len(texts) - 1), min_size=1)))
    taken, _ = wording(texts).take(np.array(chosen))
    alone = wording([texts[i] for i in chosen])
    for name in alone.__slots__:
        np.testing.assert_array_equal(getattr(taken, name), getattr(alone, name), name)


def test_lists_and_phrases_are_found() -> None:
    """Single words as bits, phrases with all their words."""
    text = wording(["You should sign up today at the shop", "A film of the year"])
    told = known(text.word)
    assert told.is_a("words/you").tolist() == [True] + [False] * (len(text.word) - 1)
    assert told.function[[0, 1]].tolist() == [True, False]
    counts = families(text, told, text.word_text, 2)
    assert counts[0, FAMILIES.index("offer")] >= 3 and counts[1, FAMILIES.index("offer")] == 0
    assert len(LISTS) <= 21


@pytest.mark.parametrize("sizes", [[2, 0, 3], [], [0]])
def test_ranges_run_one_after_another(sizes: list[int]) -> None:
    """Start by start."""
    starts = np.arange(len(sizes), dtype=np.int64) * 10
    expected = [start + k for start, size in zip(starts.tolist(), sizes, strict=True) for k in range(size)]
    assert ranges(starts, np.array(sizes, np.int64)).tolist() == expected
