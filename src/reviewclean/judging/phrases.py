"""Word lists are data: phrases/*.txt, one phrase a line; words/*.txt and function_words/*.txt, words in lines; the source stands above. A family is a file of phrases."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

FAMILIES = ("share", "links", "comments", "notice", "shop", "disclosure", "author", "credit", "meta", "chrome", "offer", "review", "reader", "service", "bridge", "self")
KNOWN = ("en", "de", "fr", "es", "pt", "it", "pl")  # languages that the lists and the models know
LANGUAGES = (*KNOWN, "nl")  # Dutch is listed so that it is not taken for one of ours
LISTS = (
    *(f"function_words/{language}" for language in LANGUAGES),
    *(f"words/{name}" for name in ("you", "we", "me", "acts", "domains", "urls", "currencies", "abbreviations", "places", "people", "deeds", "whose", "openers")),
)  # fmt: skip


@cache
def phrases() -> tuple[tuple[str, ...], ...]:
    """The phrases of each family, in the order of FAMILIES."""
    return tuple(tuple(_lines(family)) for family in FAMILIES)


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of one of LISTS."""
    return frozenset(word for line in _lines(name) for word in line.split())


def _lines(name: str) -> list[str]:
    text = (files("reviewclean.judging") / "phrases" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
