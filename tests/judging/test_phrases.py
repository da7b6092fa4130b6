"""Word lists are data, and say where they are from."""

from importlib.resources import files

import pytest

from reviewclean.data import words
from reviewclean.judging.phrases import FAMILIES, LISTS, phrases, word_list

FOLDER = files("reviewclean.judging") / "phrases"


@pytest.mark.parametrize("name", [*FAMILIES, *LISTS])
def test_every_list_names_its_source_and_holds_words(name: str) -> None:
    """The first line says what it is; phrases are written as words are counted."""
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8").startswith("# ")
    lines = phrases()[FAMILIES.index(name)] if name in FAMILIES else sorted(word_list(name))
    assert lines
    assert all(" ".join(words(line)) == line for line in lines)
