"""A user's own rules come before any judging, and are named in verdicts."""

from pathlib import Path

import pytest
from tests.conftest import PAGE, PROMO

from reviewclean import Cleaner
from reviewclean.errors import InputError
from reviewclean.judging.rules import joined, read_phrases, read_rules

RULES = """
["lantern.example"]
drop = ["article.post div.entry-content h2"]
keep = [".byline", "div.share-buttons"]
drop_phrases = ["Storm in the last ACT"]
["*"]
keep_phrases = ["lucky marble casino"]
"""


def cleaner_with(tmp_path: Path, text: str) -> Cleaner:
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")
    return Cleaner(rules=tmp_path / "rules.toml")


def test_rules_drop_and_keep_by_element_and_phrase(tmp_path: Path) -> None:
    """On their site; of a long block with a phrase, its sentence goes."""
    cleaner = cleaner_with(tmp_path, RULES)
    cleaned = cleaner.clean(PAGE, url="https://www.lantern.example/ferry")
    assert PROMO in cleaned.text and "By Ines Holloway" in cleaned.text and "Share on Facebook" in cleaned.text
    assert "Verdict" not in cleaned.text and "The storm in the last act" not in cleaned.text and "Not everything holds. But the" in cleaned.text.replace("\n", " ")
    by = {removed.text[:12]: removed.by for removed in cleaned.removed}
    assert by["Verdict"] == "rule:lantern.example drop article.post div.entry-content h2"
    assert by["The storm in"] == "rule:lantern.example drop Storm in the last ACT"
    elsewhere = cleaner.clean(PAGE, url="https://fly.example/ferry")
    assert "Verdict" in elsewhere.text and "Share on Facebook" not in elsewhere.text and PROMO in elsewhere.text


def test_phrases_are_rules_for_all_sites(tmp_path: Path) -> None:
    """One a line; remarks and empty lines are passed over."""
    (tmp_path / "phrases.txt").write_text("# mine\n\nlit green by\n", encoding="utf-8")
    cleaned = Cleaner(rules=joined([read_phrases(tmp_path / "phrases.txt")])).clean(PAGE)
    assert "lit green by" not in cleaned.text and "Not everything holds." in cleaned.text


@pytest.mark.parametrize(
    ("text", "why"),
    [("[", "not TOML"), ("drop = []", "stands outside of a table"), ('["*"]\nhide = ["p"]', "no such key"), ('["*"]\ndrop = "p"', "give a list of strings"), ('["*"]\ndrop = [""]', "give a list of strings")],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, why: str) -> None:
    """With the place."""
    with pytest.raises(InputError, match=why):
        cleaner_with(tmp_path, text)
    for read in (read_rules, read_phrases):
        with pytest.raises(InputError, match="cannot be read"):
            read(tmp_path / "none")
