"""Running text: units (blocks that stand in it), their links, and what is asked of them again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reviewclean.judging import addresses
from reviewclean.judging.names import Named, named
from reviewclean.judging.ngrams import Sums
from reviewclean.judging.sentences import split
from reviewclean.judging.stems import Doubles, Lexis, Stems, Titles, blend
from reviewclean.judging.telling import Flags, Stretches, Told
from reviewclean.judging.wording import Ints

TITLE_WORDS = 14


class Link(NamedTuple):
    """A link inside a unit."""

    start: int  # characters into the unit
    end: int
    target: str
    paid: bool = False  # marked as paid or untrusted: rel=sponsored, rel=nofollow


class Links(NamedTuple):
    """All links of some texts, in the order of their units; columns of (links,)."""

    unit: Ints  # which each stands in
    start: Ints  # characters into the unit
    end: Ints
    paid: Flags
    outside: Flags  # it leads to another site
    host: Ints  # equal hosts have equal numbers


class Running(NamedTuple):
    """What is known of a text beside its words: its title and host, and of each unit the links and whether it is a heading."""

    title: str
    host: str
    links: Sequence[Sequence[Link]]
    headings: Sequence[bool]


@dataclass(frozen=True)
class Units:
    """The units of some texts, one after another; every text has at least one."""

    told: Told
    running: Sequence[Running]
    stems: Stems

    @property
    def count(self) -> int:
        return len(self.told.rows)

    @property
    def texts(self) -> int:
        return len(self.running)

    @cached_property
    def of(self) -> Ints:
        """(units,): which text each belongs to."""
        return np.repeat(np.arange(self.texts), [len(running.headings) for running in self.running])

    @cached_property
    def first(self) -> Ints:
        """(units,): the first unit of the same text."""
        first: Ints = np.searchsorted(self.of, np.arange(self.texts))[self.of]
        return first

    @cached_property
    def last(self) -> Ints:
        """(units,): the last unit of the same text."""
        last: Ints = np.searchsorted(self.of, np.arange(self.texts), side="right")[self.of] - 1
        return last

    @cached_property
    def links(self) -> Links:
        found = [(i, *link) for i, links in enumerate(chain.from_iterable(running.links for running in self.running)) for link in links]
        unit, start, end, targets, paid = zip(*found, strict=True) if found else ((), (), (), (), ())
        hosts = [address.host for address in addresses.told(targets)]
        own = [self.running[text].host for text in self.of[list(unit)].tolist()]
        numbers = {host: number for number, host in enumerate(dict.fromkeys(hosts))}
        return Links(
            np.array(unit, np.int64), np.array(start, np.int64), np.array(end, np.int64), np.array(paid, np.bool_),
            np.array([host not in ("", here) for host, here in zip(hosts, own, strict=True)], np.bool_), np.array([numbers[host] for host in hosts], np.int64),
        )  # fmt: skip

    @cached_property
    def sentences(self) -> tuple[Stretches, Ints]:
        """All sentences, and which unit each stands in."""
        return split(self.told.text)

    @cached_property
    def named(self) -> Named:
        return named(self.told, self.of, self.last - self.first + 1)

    @cached_property
    def title(self) -> Titles:
        """As `Stems.titles` has it; the first short unit stands in for the title of a text that has none."""
        of = self.told.words.of
        return self.stems.titles([running.title for running in self.running], (of == self.first[of]) & (self.column("words") <= TITLE_WORDS)[of])

    @cached_property
    def topics(self) -> tuple[Doubles, Doubles]:
        """The topics of each unit, and those of the rest of its text, to which each of its units adds by the root of its length: both (units, TOPICS)."""
        stems = self.stems
        own = blend(stems.unit, stems.stem, stems.weight, stems.topics, self.count)
        part = own / np.maximum(np.sqrt((own * own).sum(axis=1)), 1e-9)[:, None] * np.sqrt(self.column("characters"))[:, None]
        whole = blend(self.of, np.arange(self.count), np.ones(self.count), part, self.texts)
        return own, whole[self.of] - part

    @cached_property
    def worded(self) -> Sums:
        """How any stretch of the texts is worded."""
        return Sums(self.told.text, self.stems.lexis.ngrams)

    def column(self, name: str) -> npt.NDArray[np.float64]:
        return self.told.column(name).astype(np.float64)


def units_of(told: Told, running: Sequence[Running], lexis: Lexis) -> Units:
    """Units to be measured."""
    of = np.repeat(np.arange(len(running)), [len(one.headings) for one in running])
    return Units(told, running, Stems(told, of, lexis))
