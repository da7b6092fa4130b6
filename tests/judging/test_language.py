"""Languages from function words."""

import pytest

from reviewclean.judging.language import languages_of, readable
from reviewclean.judging.telling import told

LINES = {
    "en": "The captain and her brother repair the engine of the ferry in the harbour, and the film lets them do it before they talk about what it was that he has done.",
    "de": "Der Kapitän und ihr Bruder reparieren den Motor der Fähre im Hafen, und der Film lässt sie das tun, bevor sie darüber reden, was er in der Stadt gemacht hat.",
    "fr": "Le capitaine et son frère réparent le moteur du ferry dans le port, et le film les laisse faire avant de les laisser parler de ce que l'on sait depuis le début.",
    "pl": "Kapitan i jej brat naprawiają silnik promu w porcie, a film pozwala im to zrobić, zanim zaczną rozmawiać o tym, co się stało i dlaczego on nie wrócił do domu.",
    "und": "Elokuva kertoo naisesta joka joutuu lähtemään kotoaan ja siitä mitä hän löytää palatessaan sinne monen vuoden jälkeen poikansa kanssa lomalla kesällä veneellä.",
}


@pytest.mark.parametrize(("language", "line"), LINES.items())
def test_a_language_is_told_by_its_function_words(language: str, line: str) -> None:
    """And what is none of ours is not taken for one."""
    assert languages_of(told([line]), [1], [""]) == [language]


def test_words_win_over_what_the_page_declares() -> None:
    """Templates declare English; a language that we do not know is believed."""
    assert languages_of(told([LINES["de"], LINES["und"], LINES["und"]]), [1, 1, 1], ["en", "fi", "en"]) == ["de", "fi", "und"]


def test_too_little_tells_nothing() -> None:
    """Then the declaration counts."""
    assert languages_of(told(["Ein Film.", "x"]), [1, 1], ["de", ""]) == ["de", ""]


def test_what_can_be_read() -> None:
    """Our languages, and what is too short to tell."""
    assert readable("pl") and readable("") and not readable("und") and not readable("nl")
