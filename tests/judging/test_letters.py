"""What each character is."""

import numpy as np

from reviewclean.judging import letters as sign
from reviewclean.judging.letters import SIZE, letters


def test_every_character_has_one_class() -> None:
    """Letters, figures, white space, and the signs that are counted."""
    kind = letters().kind
    wanted = {"a": sign.LOWER, "Ż": sign.UPPER, "漢": sign.LETTER, "7": sign.DIGIT, "\xa0": sign.SPACE, "\n": sign.BREAK, "…": sign.STOP, "”": sign.QUOTE, "€": sign.MONEY, "★": sign.STAR, "~": sign.OTHER}
    assert {c: kind[ord(c)] for c in wanted} == wanted
    assert len(kind) == SIZE and kind.max() < sign.CLASSES


def test_words_are_what_the_pattern_says() -> None:
    """As `\\w` has it, and lower case as str has it."""
    table = letters()
    assert all(table.word[ord(c)] == (c.isalnum() or c == "_") for c in "aZ_9-’é漢①\xad")
    assert [chr(int(table.lower[ord(c)])) for c in "ÀŻa9"] == ["à", "ż", "a", "9"]


def test_what_ends_a_sentence_is_told_by_comparing() -> None:
    """As a look-up would tell it."""
    kind = np.arange(sign.CLASSES, dtype=np.uint8)
    assert sign.ends_sentence(kind).tolist() == sign.among(*sign.ENDING)[kind].tolist()
