"""Languages by their function words."""

import pytest

from reviewclean.data import words
from reviewclean.reading.language import language_of

SENTENCES = {
    "en": "The film is about a woman who has to leave her home and what she finds when she comes back to it after all of these years.",
    "de": "Der Film handelt von einer Frau, die ihr Haus verlassen muss, und von dem, was sie findet, wenn sie nach Jahren wieder zurück ist.",
    "fr": "Le film parle d'une femme qui doit quitter la maison de sa mère et de ce qu'elle trouve quand elle y revient avec son fils pour les vacances.",
    "es": "La película habla de una mujer que tiene que dejar su casa y de lo que encuentra cuando vuelve con su hijo para pasar las vacaciones en el pueblo.",
    "pt": "O filme fala de uma mulher que tem de deixar a sua casa e do que ela encontra quando volta com o filho para passar as férias na aldeia.",
    "it": "Il film parla di una donna che deve lasciare la sua casa e di quello che trova quando torna con il figlio per le vacanze nel paese.",
    "pl": "Film jest o kobiecie, która musi opuścić swój dom, i o tym, co znajduje, gdy wraca do niego po latach z synem na wakacje.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_prose_tells_its_language(language: str) -> None:
    """Against what the page declares, too."""
    assert language_of(words(SENTENCES[language]), "en") == language


def test_words_of_no_known_language_leave_what_was_declared() -> None:
    """A language that we do not know stays declared; a false declaration of ours does not."""
    finnish = words("Elokuva kertoo naisesta joka joutuu lähtemään kotoaan ja siitä mitä hän löytää palatessaan sinne monen vuoden jälkeen poikansa kanssa lomalla kesällä")
    assert language_of(finnish, "fi") == "fi"
    assert language_of(finnish, "en") == "und"
    assert language_of(finnish[:5], "en") == "en"
