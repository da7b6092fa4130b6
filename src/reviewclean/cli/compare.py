"""reviewclean compare: which of two models is better, and where they differ."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from reviewclean.cli import EXIT_FAILED, options

SHOWN = 100  # characters of a block


@click.command()
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.argument("samples", type=click.Path(path_type=Path), nargs=-1, required=True)
@options.mode
@click.option("--only", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Compare on the samples alone whose ids stand in FILE.")
@click.option("--changes", default=20, show_default=True, help="Show so many of the blocks on which they differ.")
@click.option("--json", "json_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures and all changed blocks as JSON.")
def compare(a: Path, b: Path, samples: tuple[Path, ...], mode: str, only: Path | None, changes: int, json_file: Path | None) -> int:
    """Compare model B with model A on labelled SAMPLES.

    Each measure with the 95 % interval of its difference over pages (paired bootstrap), and the blocks that the two treat differently.
    Exit 1 where B is worse in a measure beyond chance.
    """
    from dataclasses import asdict

    from tqdm import tqdm

    from reviewclean.batch.whole import write_whole
    from reviewclean.cleaner import Cleaner
    from reviewclean.teaching.compare import compare as compared
    from reviewclean.teaching.samples import read_samples

    read = [sample for root in samples for sample in read_samples(root)]
    if only is not None:
        chosen = set(only.read_text(encoding="utf-8").split())
        read = [sample for sample in read if sample.id in chosen]
    if not read:
        raise click.UsageError("no samples to compare on: none was read, or none has an id of --only")
    with tqdm(total=len(read), unit="page", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        found = compared(Cleaner(a, mode), Cleaner(b, mode), read, lambda: bar.update() and None)
    if json_file is not None:
        write_whole(json_file, json.dumps(asdict(found), indent=1, ensure_ascii=False) + "\n")
    click.echo(f"{found.pages} pages, mode {mode}; A {a.name}, B {b.name}")
    for name, row in found.differences.items():
        verdict = "B is worse" if row.worse else "B is better" if row.better else "no difference beyond chance"
        click.echo(f"  {name:<16} A {row.a:.4f}  B {row.b:.4f}  B-A {row.b - row.a:+.4f} [{row.low:+.4f}, {row.high:+.4f}]  {verdict}")
    better = sum(change.better for change in found.changes)
    click.echo(f"{len(found.changes)} blocks differ; B is right on {better} on which A was wrong")
    for change in found.changes[:changes]:
        click.echo(f"  {'+' if change.better else '-'} {change.page} [{change.label}] A {change.a}, B {change.b}: {change.text[:SHOWN]!r}")
    return EXIT_FAILED if found.worse else 0
