"""Paragraphs to sentences: end marks, with the abbreviations and initials that end nothing. In the spirit of the rule-based splitters."""

from __future__ import annotations

import re

END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s)")
ABBREVIATIONS = frozenset(
    ["mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "vs", "etc", "e.g", "i.e", "eg", "ie", "no", "vol", "fig", "ch", "pp", "p", "ca", "approx", "inc", "ltd", "co", "corp", "dept", "est", "ft", "min", "max", "feat", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "z.b", "d.h", "bzw", "u.a", "usw", "nr", "str", "ca", "ggf", "evtl", "inkl", "m", "mme", "mlle", "av", "bd", "env", "p.ex", "núm", "sra", "srta", "ud", "uds", "dott", "sig", "sigg", "ing", "np", "tzn", "itd", "itp", "ul", "prof", "al", "op", "cit", "rev", "gen", "col", "sgt", "capt", "hon", "gov"]
)


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of a paragraph, without the white space around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in END.finditer(text):
        before = text[start : match.start()].rsplit(maxsplit=1)
        last = before[-1].lower().lstrip("(\"“'") if before else ""
        following = text[match.end() :].lstrip()[:1]
        if match[0].startswith((".", "…")) and (last in ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i") or following.islower()):
            continue
        spans.append((start, match.end()))
        start = match.end() + (len(text[match.end() :]) - len(text[match.end() :].lstrip()))
    if start < len(text):
        spans.append((start, len(text)))
    return spans
