"""Options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from reviewclean.data import Label

F = TypeVar("F", bound=Callable[..., Any])


def model(command: F) -> F:
    return click.option("--model", metavar="FILE", help="A model of your own instead of the shipped one.")(command)


def mode(command: F) -> F:
    return click.option(
        "--mode", type=click.Choice(["careful", "balanced", "strict"]), default="balanced", show_default=True, help="How sure it must be that something is not review before it goes."
    )(command)


def keep(command: F) -> F:
    return click.option("--keep", metavar="LABEL,…", default="", callback=_labels, help=f"Keep these although they are not review: {', '.join(Label)}.")(command)


def _labels(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    labels = tuple(filter(None, (part.strip() for part in value.split(","))))
    for label in labels:
        if label not in set(Label):
            raise click.BadParameter(f"{label!r} is no label; choose among {', '.join(Label)}")
    return labels
