"""What both sets of measurements look for in a text."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from reviewclean.reading.language import KNOWN, function_words

FUNCTION = frozenset().union(*(function_words(language) for language in KNOWN))
DIGITS = re.compile(r"\d")
DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")
SEPARATORS = re.compile(r"[|»«›‹·•/>→←]")


def host_of(url: str) -> str:
    """The host of an address, without "www."; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
