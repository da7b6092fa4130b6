"""Habits of single sites: what labels of a few of its pages told of a site's own markup and lines, as corrections of what the structure model says.

A site repeats itself: the box in which it advertises has the same class on every page, the line that asks for a subscription the same words. The
structure model, which has seen hundreds of sites, is told by ten pages of one where it is wrong there; what it says of other sites does not change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from reviewclean.data import Block
from reviewclean.judging.rules import plain
from reviewclean.judging.wording import Numbers
from reviewclean.reading import Reading

Doubles = npt.NDArray[np.float64]

DIGITS = re.compile(r"\d+")
LINE_WORDS = 40  # a longer block does not come again word for word
FIRST_WORDS = 2
SIGNS = 9  # that a block has
MARKUP = 2  # the sign that an element, its parent and its grandparent make
UNNAMED = "~"  # begins the name of a site whose pages do not say where they stand
SAME_SITE = 0.6  # share of the blocks whose markup must be known for such a page to be of such a site


@dataclass(frozen=True, slots=True)
class Habits:
    """Signs of blocks by site, each with the log-odds that it adds to those of being review."""

    hosts: tuple[str, ...]
    signs: Numbers  # (signs,): in order
    weights: npt.NDArray[np.float32]  # (signs,)

    def of(self, reading: Reading) -> Doubles | None:
        """What is to be added for each block of a page; None where nothing is known of its site.

        A page that does not say where it stands is known by its markup, if most of it was met on one of the sites whose pages did not say so either.
        """
        hosts = [reading.host] if reading.host else [host for host in self.hosts if host.startswith(UNNAMED)]
        best, most = None, SAME_SITE
        for host in hosts:
            if host not in self.hosts:
                continue
            added, known = look_up(signs_of(reading, host), self.signs, self.weights)
            share = 1.0 if reading.host else float(known[:, MARKUP].mean())
            if share >= most:
                best, most = added, share
        return best


def look_up(found: Numbers, signs: Numbers, weights: npt.NDArray[np.float32]) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    """The sum of the weights of each block's signs, and which of them are known. `signs`: in order."""
    at = np.minimum(np.searchsorted(signs, found), len(signs) - 1)
    known = signs[at] == found
    return np.where(known, weights[at], np.float32(0.0)).sum(axis=1, dtype=np.float64), known


NO_HABITS = Habits((), np.zeros(0, np.uint64), np.zeros(0, np.float32))


def signs_of(reading: Reading, host: str) -> Numbers:
    """Numbers for what marks each block of a page on its site, (blocks, SIGNS): equal ones are equal signs, of one site alone."""
    heading = ""
    rows = []
    for block in reading.blocks:
        rows.append([_number(host, kind, told) for kind, told in enumerate(_signs(block, heading))])
        if block.kind == "heading":
            heading = plain(block.text)
    return np.array(rows, np.uint64).reshape(-1, SIGNS)


def _signs(block: Block, heading: str) -> tuple[str, ...]:
    """What a site repeats from page to page: the elements around a block, its words, the heading above it. Numbers differ and tell nothing."""
    around = [DIGITS.sub("0", f"{step.tag} {step.tokens}") for step in block.path[-4:]][::-1]
    text = plain(block.text)
    words = text.split()
    return (
        "/".join(around[:1]), "/".join(around[:2]), "/".join(around[:3]), "/".join(around), text if len(words) <= LINE_WORDS else "", " ".join(words[:FIRST_WORDS]),
        f"{block.kind} {block.level}", f"{heading}/{block.kind}", f"{DIGITS.sub('0', block.inner)}/{around[0] if around else ''}",
    )  # fmt: skip


def _number(host: str, kind: int, told: str) -> int:
    return int.from_bytes(blake2b(f"{host}\n{kind}\n{told}".encode("utf-8", "replace"), digest_size=8).digest(), "little")
