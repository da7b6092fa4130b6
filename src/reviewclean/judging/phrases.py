"""Word lists are data: phrases/*.txt, one phrase a line, its source above. A family is one file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

FAMILIES = ("share", "links", "comments", "notice", "shop", "disclosure", "author", "credit", "meta", "chrome", "offer", "review")


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], int], ...]]:
    """First word -> ((the words after it, index of the family in FAMILIES), …), longest phrase first."""
    table: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for index, family in enumerate(FAMILIES):
        text = (files("reviewclean.judging") / "phrases" / f"{family}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            if line and not line.startswith("#"):
                first, *rest = line.split()
                table.setdefault(first, []).append((tuple(rest), index))
    return {first: tuple(sorted(set(found), key=lambda f: -len(f[0]))) for first, found in table.items()}

