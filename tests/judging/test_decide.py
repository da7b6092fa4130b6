"""The policy of what goes."""

import numpy as np
import pytest
from tests.conftest import GONE, KEPT, PAGE, PROMO

from reviewclean import Cleaner, Label
from reviewclean.judging.model import Model
from reviewclean.judging.within import NAMES


def test_each_verdict_says_what_how_sure_and_who(cleaner: Cleaner) -> None:
    """Every block has one, and its score is a chance."""
    cleaned = cleaner.clean(PAGE)
    assert len(cleaned.verdicts) == len(cleaned.blocks)
    for verdict in cleaned.verdicts:
        assert isinstance(verdict.label, Label)
        assert 0 <= verdict.score <= 1 and verdict.by
        assert verdict.kept == (verdict.label is Label.REVIEW)


def test_strict_takes_what_balanced_takes_and_careful_less(cleaner: Cleaner) -> None:
    """The modes are points on one curve."""
    words = {mode: len(Cleaner(mode=mode).clean(PAGE).text.split()) for mode in ("careful", "balanced", "strict")}
    assert words["careful"] >= words["balanced"] >= words["strict"] > 0


def test_a_promo_goes_and_the_review_stays(cleaner: Cleaner) -> None:
    """In a page."""
    text = cleaner.clean(PAGE).text
    assert PROMO not in text
    assert all(part in text for part in KEPT)
    assert not any(part in text for part in GONE)


def test_the_topic_of_a_page_is_not_evidence(cleaner: Cleaner) -> None:
    """A review of a casino, full of the words of promos, is all review."""
    review = "\n".join([
        "Copper Finch Casino opened in March and I have played there with my own money for six weeks.",
        "The welcome bonus is £50 with thirty-five times wagering, which took me a fortnight of evenings to clear, and I would not sign up for the bonus alone.",
        "There are some 900 slots from the usual studios, and a live roulette room where the dealers are quick and polite.",
        "My first withdrawal of £120 took two days; the second, after they had seen my passport, took four hours.",
        "Support answers the chat within a minute and knows its own terms, which cannot be said of the casino I reviewed last month.",
        "If you like live tables, Copper Finch is the best of the new casinos; if you come for free spins, look elsewhere.",
    ])  # fmt: skip
    assert cleaner.clean_text(review).removed == ()


def test_an_article_that_stands_twice_is_kept_once(cleaner: Cleaner) -> None:
    """Pages that hold it once for small screens and once for large ones."""
    start, end = PAGE.index('<div class="entry-content">'), PAGE.index('<div class="share-buttons">')
    twice = PAGE[:end] + PAGE[start:end] + PAGE[end:]
    cleaned = cleaner.clean(twice)
    assert cleaned.text.count("Not everything holds") == 1
    assert {r.by for r in cleaned.removed if r.text.startswith("Not everything holds")} == {"rule:repeated"}


def test_an_unknown_language_is_judged_by_structure_alone(cleaner: Cleaner) -> None:
    """And the result says so; text without structure stays as it is."""
    finnish = "Elokuva kertoo naisesta joka joutuu lähtemään kotoaan ja siitä mitä hän löytää palatessaan sinne monen vuoden jälkeen poikansa kanssa lomalla kesällä."
    cleaned = cleaner.clean_text("\n".join([finnish, finnish.replace("naisesta", "miehestä"), "Osta nyt Kasino.example, 200 ilmaiskierrosta!"]))
    assert cleaned.removed == () and "structure alone" in cleaned.note


def test_a_foreign_sentence_is_cut_and_the_paragraph_stays(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the sentence model is sure. A paragraph is not cut to a stump."""
    texts = [
        "The captain repairs the engine with her brother in the harbour at dawn. Play at Silver Pine today. The film lets them work before it lets them talk, and is right to.",
        "Play at Silver Pine today. And win.",
        *(f"Scene {i} is set in the wheelhouse, where the captain looks at her instruments and says nothing to anybody." for i in range(8)),
    ]

    def odds(self: Model, rows: np.ndarray) -> np.ndarray:
        return np.where(rows[:, NAMES.index("words")] == 5, 9.0, -9.0)  # the promo has five words, no other sentence has

    monkeypatch.setattr(Model, "sentence_odds", odds)
    monkeypatch.setattr(Model, "foreign_odds", lambda _, odds, __=None: np.full(len(odds), -9.0))
    cleaned = cleaner.clean_text("\n".join(texts))
    assert cleaned.text.startswith("The captain repairs the engine with her brother in the harbour at dawn. The film lets them work")
    assert texts[1] in cleaned.text
    assert [(r.text, r.label, r.score > 0.99) for r in cleaned.removed] == [("Play at Silver Pine today.", "ad", True)]


HALF = "The captain repairs the engine with her brother in the harbour at dawn. The film lets them work before it lets them talk, and you can order its ropes at silverpine.example."


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        (-1.0, "before it lets them talk."),  # the sentence stays, and its plug goes
        (9.0, "in the harbour at dawn."),  # as sure as the plug: the whole goes
        (4.0, "before it lets them talk."),  # the plug is much surer
        (-9.0, "at silverpine.example."),  # nobody asks for its pieces
    ],
)
def test_half_a_sentence_goes_where_the_other_half_is_review(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch, sentence: float, left: str) -> None:
    """The piece that belongs least goes, unless its sentence is as sure to go; the end mark stays."""
    texts = [HALF, *(f"Scene {i} is set in the wheelhouse, where the captain looks at her instruments and says nothing to anybody." for i in range(8))]
    monkeypatch.setattr(Model, "sentence_odds", lambda _, rows: np.where(rows[:, NAMES.index("words")] > 15, sentence, -9.0))
    monkeypatch.setattr(Model, "clause_odds", lambda _, rows: np.where(rows[:, NAMES.index("domains")] > 0, 9.0, -9.0))
    monkeypatch.setattr(Model, "foreign_odds", lambda _, odds, __=None: np.full(len(odds), -9.0))
    first, _, rest = cleaner.clean_text("\n".join(texts)).text.partition("\n\n")
    assert first.endswith(left) and first.startswith("The captain repairs") and rest.startswith("Scene 0")


def test_what_a_paragraph_cannot_bear_goes_as_far_as_it_can(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The surest cut alone, where both would leave a stump."""
    texts = [
        "The captain repairs the engine of the ferry with her brother. Play at Silver Pine with them today. Call on Ruby Moss for the very best of all the ropes and engines.",
        *(f"Scene {i} is set in the wheelhouse, where the captain looks at her instruments and says nothing to anybody." for i in range(8)),
    ]
    monkeypatch.setattr(Model, "sentence_odds", lambda _, rows: np.where(rows[:, NAMES.index("words")] == 7, 9.0, np.where(rows[:, NAMES.index("words")] == 14, 7.0, -9.0)))
    monkeypatch.setattr(Model, "foreign_odds", lambda _, odds, __=None: np.full(len(odds), -9.0))
    cleaned = cleaner.clean_text("\n".join(texts))
    assert [r.text for r in cleaned.removed] == ["Play at Silver Pine with them today."]
