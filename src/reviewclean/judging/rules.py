"""A user's own rules: what he knows of his sites is not for a model to doubt. They are applied before judging, and verdicts name them.

A file of rules (TOML) has a table for each site, or "*" for all:

    ["example.org"]
    drop = ["aside.promo", "div.entry p.note"]    # elements, with all that is in them
    keep = [".verdict"]
    drop_phrases = ["Support us on"]
    drop_lines = ["Page 0 of 0"]                  # whole blocks, digits written as 0

An element is told by its tag and by words of its class, id, role or itemprop, each behind a dot; a space stands for "somewhere inside". Phrases
count whatever the case. A short block with a phrase goes; of a long one, the sentence with it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reviewclean.data import Block, Label, Span, Step, Verdict
from reviewclean.errors import InputError
from reviewclean.judging.sentences import sentences
from reviewclean.reading import Reading

ALL = "*"
KEYS = ("drop", "keep", "drop_phrases", "keep_phrases", "drop_lines", "keep_lines")
DIGITS = re.compile(r"\d+")
SHORT = 30  # words: a longer block with a phrase loses a sentence, not all


class Element(NamedTuple):
    """One part of a selector."""

    tag: str  # "" for any
    names: frozenset[str]

    def fits(self, step: Step) -> bool:
        return self.tag in ("", step.tag) and self.names <= set(step.tokens.split())


@dataclass(frozen=True, slots=True)
class Rule:
    """What one line of a site's table says."""

    name: str  # as verdicts show it
    host: str  # or ALL
    keep: bool
    selector: tuple[Element, ...] = ()
    phrase: str = ""  # in small letters
    line: str = ""  # as `plain` has it

    def fits(self, block: Block) -> bool:
        """Whether it speaks of this block."""
        if self.phrase:
            return self.phrase in block.text.lower()
        if self.line:
            return self.line == plain(block.text)
        steps = iter(block.path)
        return bool(self.selector) and all(any(element.fits(step) for step in steps) for element in self.selector)

    def verdict(self, block: Block) -> Verdict:
        """What it says of a block that it fits."""
        by = f"rule:{self.name}"
        if self.keep:
            return Verdict(Label.REVIEW, 1.0, by)
        if self.phrase and len(block.text.split()) > SHORT:
            cuts = tuple(Span(start, end, Label.AD, 1.0) for start, end in sentences(block.text) if self.phrase in block.text[start:end].lower())
            return Verdict(Label.REVIEW, 1.0, by, cuts)
        return Verdict(Label.AD, 1.0, by, kept=False)


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a run, in order: the first that fits a block decides."""

    rules: tuple[Rule, ...] = ()

    def verdicts(self, reading: Reading) -> dict[int, Verdict]:
        """Verdicts on the blocks of a page that rules speak of, by their numbers."""
        mine = [rule for rule in self.rules if rule.host in (ALL, reading.host)]
        found = {}
        for i, block in enumerate(reading.blocks) if mine else ():
            rule = next((rule for rule in mine if rule.fits(block)), None)
            if rule is not None:
                found[i] = rule.verdict(block)
        return found


NO_RULES = Rules()


def read_rules(path: Path) -> Rules:
    """The rules of a file. Raises InputError with what is wrong where."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: the rules cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML: {error}") from None
    rules: list[Rule] = []
    for host, table in tables.items():
        if not isinstance(table, dict):
            raise InputError(f'{path}: {host} stands outside of a table: begin with ["example.org"], or ["*"] for all sites')
        for key, told in table.items():
            if key not in KEYS:
                raise InputError(f"{path}: [{host}] {key}: no such key; choose among {', '.join(KEYS)}")
            if not isinstance(told, list) or not all(isinstance(one, str) and one.strip() for one in told):
                raise InputError(f"{path}: [{host}] {key}: give a list of strings")
            rules += [_rule(host.removeprefix("www."), key, one) for one in told]
    return Rules(tuple(rules))


def read_phrases(path: Path) -> Rules:
    """A rule for each line of a file: blocks or sentences with it go, on all sites. Lines that begin with # are remarks."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the phrases cannot be read ({error})") from None
    return Rules(tuple(_rule(ALL, "drop_phrases", line.strip()) for line in lines if line.strip() and not line.startswith("#")))


def joined(parts: Sequence[Rules]) -> Rules:
    """Several sets of rules as one."""
    return Rules(tuple(rule for part in parts for rule in part.rules))


def _rule(host: str, key: str, told: str) -> Rule:
    keep, name = key.startswith("keep"), f"{'' if host == ALL else host + ' '}{key.partition('_')[0]} {told}"
    if key.endswith("lines"):
        return Rule(name, host, keep, line=plain(told))
    if key.endswith("phrases"):
        return Rule(name, host, keep, phrase=told.lower())
    return Rule(name, host, keep, selector=tuple(_element(part) for part in told.split()))


def plain(text: str) -> str:
    """A line as it comes again: small letters, digits as 0."""
    return DIGITS.sub("0", text.lower())


def _element(told: str) -> Element:
    tag, *names = told.replace("#", ".").split(".")
    return Element(tag.lower(), frozenset(filter(None, names)))
