"""Paragraphs to sentences."""

import pytest

from reviewclean.judging.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "It works.|It really does!|Does it?|“Yes.”|Good.",
        "Mr. Finch met Dr. Oduya at 5 p.m. sharp.|They left.",
        "It costs $4.50 at most.|Cheap.",
        "J. R. Hartley wrote it, cf. vol. 2 of the set.|Nobody read it.",
        "Das Spiel, z.B. der erste Teil, ist gut.|Der zweite nicht.",
        "One sentence without an end",
        "Wait… what?|Exactly.",
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str) -> None:
    """Bars mark the expected ends; abbreviations, initials and prices end nothing."""
    expected = text.split("|")
    plain = text.replace("|", " ")
    assert [plain[a:b] for a, b in sentences(plain)] == expected


def test_nothing_has_no_sentence() -> None:
    """An empty paragraph."""
    assert sentences("") == []
