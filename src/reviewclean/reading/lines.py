"""Plain text to blocks: one a line; a paragraph that was wrapped at a fixed width is put together again."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from reviewclean.data import Block

SENTENCE_END = (".", "!", "?", "…", '."', ".”", "!”", "?”", ".)", "»")
BULLET = re.compile(r"^\s*(?:[-*•▪◦‣·–]\s|\(?\d{1,2}[.)]\s|#{1,6}\s|>\s)")
WRAP_WIDTH = (40, 110)  # characters: a hard-wrapped text has its lines between these


def blocks_of_text(text: str) -> tuple[Block, ...]:
    """The blocks of a text that somebody else extracted: one a line; the lines of a hard-wrapped paragraph are joined."""
    lines = [line.strip() for line in text.splitlines()]
    if _wrapped(lines):
        lines = _joined(lines)
    return tuple(Block(" ".join(line.split()), _text_kind(line)) for line in lines if line)


def _text_kind(line: str) -> Literal["item", "paragraph"]:
    return "item" if BULLET.match(line) else "paragraph"


def _wrapped(lines: list[str]) -> bool:
    """Whether the lines were broken at a fixed width: inner lines of paragraphs end anywhere, just short of one common width."""
    inner = [a for a, b in pairwise(lines) if a and b and not BULLET.match(b)]
    if len(inner) < 4:
        return False
    width = sorted(map(len, inner))[int(len(inner) * 0.95)]
    if not WRAP_WIDTH[0] <= width <= WRAP_WIDTH[1] or max(map(len, lines)) > width * 1.4 + 10:
        return False
    full = sum(width - 18 <= len(line) for line in inner)
    open_end = sum(not line.endswith(SENTENCE_END) for line in inner)
    return full >= 0.7 * len(inner) and open_end >= 0.6 * len(inner)


def _joined(lines: list[str]) -> list[str]:
    width = sorted(len(line) for line in lines if line)[int(0.9 * sum(map(bool, lines)))]
    joined: list[str] = []
    begin = True
    for line in lines:
        if not line:
            begin = True
            continue
        if begin or BULLET.match(line):
            joined.append(line)
        elif joined[-1].endswith("-") and line[:1].islower() and joined[-1][-2:-1].isalpha():
            joined[-1] = joined[-1][:-1] + line  # a word that was divided at the edge
        else:
            joined[-1] += " " + line
        begin = len(line) < width * 0.6  # a short line ends its paragraph, with or without a blank line
    return joined
