from typing import Any

import numpy.typing as npt

def count(codes: npt.NDArray[Any], kinds: npt.NDArray[Any], inside: npt.NDArray[Any], kind: npt.NDArray[Any]) -> int: ...
def number(
    codes: npt.NDArray[Any],
    inside: npt.NDArray[Any],
    lower: npt.NDArray[Any],
    base: int,
    mix: int,
    letters: int,
    start: npt.NDArray[Any],
    end: npt.NDArray[Any],
    word: npt.NDArray[Any],
    stem: npt.NDArray[Any],
) -> None: ...
def tally(kind: npt.NDArray[Any], bounds: npt.NDArray[Any], counts: npt.NDArray[Any]) -> None: ...
def phrases(
    word: npt.NDArray[Any],
    bits: npt.NDArray[Any],
    lengths_from: int,
    longest: int,
    gram: int,
    mix: int,
    ends: npt.NDArray[Any],
    part: npt.NDArray[Any],
    grams: npt.NDArray[Any],
    shelves: npt.NDArray[Any],
    families: npt.NDArray[Any],
    counts: npt.NDArray[Any],
) -> None: ...
