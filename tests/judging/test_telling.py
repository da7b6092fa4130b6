"""What a text tells by itself."""

import numpy as np

from reviewclean.judging.sentences import split
from reviewclean.judging.telling import NAMES, look, tell, told


def row(text: str) -> dict[str, float]:
    return dict(zip(NAMES, told([text]).rows[0].tolist(), strict=True))


def test_signs_and_words_are_counted() -> None:
    """Length, sentences, questions, names inside sentences."""
    found = row("The captain, Marta Quill, waits. Does she? “Yes,” says FitBox & Sons!")
    assert (found["words"], found["sentences"], found["asks"], found["cries"], found["commas"], found["ands"]) == (11, 3, 1, 1, 3, 1)
    assert (found["names"], found["camel"], found["ends"], found["starts_upper"]) == (4, 1, 1, 1)


def test_figures_are_told_apart() -> None:
    """Money, percentages, dates, times, scores, telephone numbers."""
    found = row("It cost $12 and 30 euros, 20% off, on 12.03.2021 at 19:30; we give it 4/5 and ★★★. Call 0171 555 123.")
    assert (found["money"], found["percent"], found["time"], found["score"], found["stars"], found["phone"]) == (2, 1, 1, 1, 3, 1)
    assert found["date"] >= 1
    plain = row("He waited 12 minutes for the 5 of them, room 404.")
    assert all(plain[name] == 0 for name in ("money", "percent", "date", "time", "score", "phone"))


def test_addresses_are_noticed() -> None:
    """Domains with a known end; abbreviations are none."""
    assert row("Visit luckymarble.example today")["domains"] == 1
    found = row("See http://www.lantern.de/x and me@site.org")
    assert (found["addresses"], found["domains"]) == (3, 2)
    assert row("At 5 p.m. sharp, e.g. here")["domains"] == 0


def test_who_is_spoken_to_is_a_share_of_words() -> None:
    """You, we, I; calls to act at the beginning of sentences."""
    found = row("Visit us today. You will love our shop")
    assert (found["you"], found["we"], found["acts"]) == (1 / 8, 2 / 8, 1)


def test_sentences_are_measured_as_texts_are() -> None:
    """A stretch of a text tells what it would tell alone."""
    texts = ["One film is slow. Two films are slower, says Marta.", "Visit shop.example now! It costs $5."]
    text = told(texts).text
    parts, _ = split(text)
    rows = tell(text, parts, look(text, parts))
    alone = told(["One film is slow.", "Two films are slower, says Marta.", "Visit shop.example now!", "It costs $5."]).rows
    np.testing.assert_array_equal(rows, alone)
