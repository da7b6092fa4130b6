"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reviewclean.data import Label

if TYPE_CHECKING:
    from reviewclean.judging.rules import Rules

F = TypeVar("F", bound=Callable[..., Any])


def model(command: F) -> F:
    return click.option("--model", metavar="FILE", help="A model of your own instead of the shipped one.")(command)


def mode(command: F) -> F:
    return click.option(
        "--mode", type=click.Choice(["careful", "balanced", "strict"]), default="balanced", show_default=True, help="How sure it must be that something is not review before it goes."
    )(command)


def keep(command: F) -> F:
    return click.option("--keep", metavar="LABEL,…", default="", callback=_labels, help=f"Keep these although they are not review: {', '.join(Label)}.")(command)


def rules(command: F) -> F:
    for option in (
        click.option("--rules", "rule_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Rules of your own by site (TOML): drop or keep by element or phrase."),
        click.option("--phrases", "phrase_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Phrases of your own, one a line: what has one goes."),
    ):
        command = option(command)
    return command


def rules_of(rule_file: Path | None, phrase_file: Path | None) -> Rules:
    """The rules that the two options name."""
    from reviewclean.judging.rules import joined, read_phrases, read_rules

    return joined([*([read_rules(rule_file)] if rule_file else []), *([read_phrases(phrase_file)] if phrase_file else [])])


def _labels(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    labels = tuple(filter(None, (part.strip() for part in value.split(","))))
    for label in labels:
        if label not in set(Label):
            raise click.BadParameter(f"{label!r} is no label; choose among {', '.join(Label)}")
    return labels
