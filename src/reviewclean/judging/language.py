"""Which language a page is in, from its function words: enough to tell what the models can read from what they cannot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reviewclean.judging.phrases import KNOWN, LANGUAGES
from reviewclean.judging.telling import Told

FEW = 20  # words: fewer tell nothing
ENOUGH = 0.12  # share of function words; 99 of 100 English articles have more than .18, the samples in our other languages .21 and more
LINE = 60  # characters: shorter blocks are menus and titles, in whatever language


def languages_of(told: Told, sizes: Sequence[int], declared: Sequence[str]) -> list[str]:
    """Of each page, two letters; "" where there are too few words to tell, "und" (ISO 639) where they are of none of our languages.

    `sizes`: blocks of each page; `declared`: what it says of itself. The words win over that: templates often declare English.
    """
    page = np.repeat(np.arange(len(sizes)), sizes)[told.words.of]
    long = told.column("characters")[told.words.of] > LINE
    total = np.bincount(page[long], minlength=len(sizes))
    votes = np.stack([np.bincount(page[long & told.words.told.is_a(f"function_words/{language}")], minlength=len(sizes)) for language in LANGUAGES])
    best = votes.argmax(axis=0)
    enough = votes.max(axis=0) >= ENOUGH * total
    return [_language(said, int(words), LANGUAGES[at] if clear else "") for said, words, at, clear in zip(declared, total, best, enough, strict=True)]


def _language(declared: str, words: int, found: str) -> str:
    if words < FEW:
        return declared
    return found or (declared if declared not in ("", *LANGUAGES) else "und")


def readable(language: str) -> bool:
    """Whether the words of a page can be judged: of a language that the models do not know, only structure is."""
    return language in KNOWN or not language
