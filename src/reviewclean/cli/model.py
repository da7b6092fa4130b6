"""reviewclean model: look at a model file, or check it."""

from __future__ import annotations

import json

import click

from reviewclean.errors import ModelError


@click.group()
def model() -> None:
    """Look at a model file, or check it."""


@model.command()
@click.argument("file", required=False)
def info(file: str | None) -> int:
    """Print the card of FILE (the shipped model, unless given): what it is, what it saw, how good it is."""
    from pathlib import Path

    from reviewclean.judging.loading import read_card, shipped

    path = Path(file) if file else shipped()
    click.echo(json.dumps(read_card(path), indent=1, ensure_ascii=False))
    return 0


@model.command()
@click.argument("file", required=False)
def verify(file: str | None) -> int:
    """Check FILE (the shipped model, unless given) against its card: hash, format, features, golden predictions. Exit 4 where it does not match."""
    from reviewclean.judging.loading import load, shipped

    path = file or shipped()
    try:
        loaded = load(path)
    except ModelError as error:
        click.echo(f"refused: {error}", err=True)
        return 4
    click.echo(f"{path}: matches its card, sha256 {loaded.card['sha256'][:12]}…, golden predictions come out")
    return 0
