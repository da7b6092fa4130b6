"""Looking for many short strings in many others at once: parts of class names, parts of addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

GRAM = 3  # letters: no part is shorter
MANY = 1 << 13  # texts looked through at a time: numbers for all letters of a million addresses would take a gigabyte


class Parts:
    """Short strings to look for, each with a number. They are looked up by their first letters: every page brings a hundred new names and addresses,
    and a regular expression took several times as long.
    """

    def __init__(self, parts: Iterable[tuple[str, int]]) -> None:
        self._beginning: dict[str, list[tuple[str, int]]] = {}  # first letters -> the parts that begin so
        for part, number in parts:
            self._beginning.setdefault(part[:GRAM], []).append((part, number))
        self._possible = np.zeros(1 << 16, np.bool_)
        self._possible[np.concatenate([_grams(gram) for gram in self._beginning])] = True

    def inside(self, texts: Sequence[str]) -> list[set[int]]:
        """Of each text, the numbers of the parts that stand in it."""
        return [found for first in range(0, len(texts), MANY) for found in self._inside(texts[first : first + MANY])]

    def _inside(self, texts: Sequence[str]) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in texts]
        big = "\n".join(texts)
        at = np.flatnonzero(self._possible[_grams(big)])
        ends = np.cumsum([len(text) + 1 for text in texts])
        for place, which in zip(at.tolist(), np.searchsorted(ends, at, side="right").tolist(), strict=True):
            for part, number in self._beginning.get(big[place : place + GRAM], ()):
                if big.startswith(part, place):
                    found[which].add(number)
        return found


def _grams(text: str) -> npt.NDArray[np.intp]:
    """A number for the GRAM characters at each place of a text; different ones may share it."""
    letters = np.frombuffer(text.encode("latin-1", "replace"), np.uint8).astype(np.intp)
    return (letters[:-2] * 961 + letters[1:-1] * 31 + letters[2:]) & 0xFFFF if len(letters) >= GRAM else letters[:0]
