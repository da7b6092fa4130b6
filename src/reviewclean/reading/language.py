"""Which language a page is in, from its function words: enough to tell what the model can read from what it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

KNOWN = ("en", "de", "fr", "es", "pt", "it", "pl")  # languages that the word lists and the model know
NEIGHBOURS = ("nl",)  # listed so that they are not taken for one of ours
FEW = 20  # words: fewer tell nothing
ENOUGH = 0.12  # share of function words; 99 of 100 English articles have more than .18, the samples in our other languages .21 and more


@cache
def function_words(language: str) -> frozenset[str]:
    text = (files("reviewclean.judging") / "phrases" / "function_words" / f"{language}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    owners: dict[str, list[str]] = {}
    for language in (*KNOWN, *NEIGHBOURS):
        for word in function_words(language):
            owners.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in owners.items()}


def language_of(words: Iterable[str], declared: str = "") -> str:
    """Two letters; "" where there are too few words to tell, "und" (ISO 639) where they are of none of our languages.

    The words win over what the page declares: templates often declare English.
    """
    owners, votes, total = _owners(), Counter[str](), 0
    for word in words:
        total += 1
        for language in owners.get(word, ()):
            votes[language] += 1
    if total < FEW:
        return declared
    best, count = max(votes.items(), key=lambda vote: vote[1], default=("", 0))
    if count >= ENOUGH * total:
        return best
    return declared if declared not in ("", *KNOWN, *NEIGHBOURS) else "und"
