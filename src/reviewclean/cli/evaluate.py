"""reviewclean evaluate: score a model on labelled samples."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from reviewclean.cli import EXIT_FAILED, options

MEASURES = ("review_kept", "clutter_removed", "spans_removed", "f1")


def _floors(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, float]:
    floors = {}
    for value in values:
        name, _sign, number = value.partition("=")
        try:
            floors[name] = float(number)
        except ValueError:
            raise click.BadParameter(f"{value!r}: write it as review_kept=0.98") from None
        if name not in MEASURES:
            raise click.BadParameter(f"{name!r}: choose among {', '.join(MEASURES)}")
    return floors


@click.command()
@click.argument("samples", type=click.Path(path_type=Path), nargs=-1, required=True)
@options.model
@options.mode
@click.option("--floor", "floors", multiple=True, metavar="MEASURE=SHARE", callback=_floors, help=f"Exit 1 where a measure ({', '.join(MEASURES)}) is below this.")
@click.option("--json", "json_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write all figures as JSON.")
@click.option("--report", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write curves, calibration and the worst pages as one HTML page; cleans in all three modes.")
@click.option("--only", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Score only the samples whose ids stand in FILE: what train --hold-out left out.")
@click.option("--worst", default=5, show_default=True, help="Name so many of the worst pages.")
@click.option("--hold-out", "by", type=click.Choice(["style", "trade", "writer", "site"]), help="Instead: train without each style (trade, …) of promos in turn, and tell how much of it is found.")
def evaluate(
    samples: tuple[Path, ...], model: str | None, mode: str, floors: dict[str, float], json_file: Path | None, report: Path | None, only: Path | None, worst: int, by: str | None
) -> int:
    """Score a model on labelled SAMPLES: by label, kind of review, language and site, each share with a 95 % interval.

    Figures on samples that a model was trained on flatter it: the card of a model says what it saw (reviewclean model info).

    With --hold-out, no model is scored but the way of training: small filters of running text are trained on the SAMPLES and their promos, each
    without one style (trade, writer, part of the sites) of promos, and tested on that one, on sites that were held out too.
    """
    if by is not None:
        if report is not None:
            raise click.UsageError("--report shows a model's verdicts, and --hold-out scores none: choose one of them")
        return _shifts(samples, by, mode, json_file)
    from tqdm import tqdm

    from reviewclean.batch.whole import write_whole
    from reviewclean.cleaner import Cleaner
    from reviewclean.judging.model import MODES
    from reviewclean.teaching import evaluate as told
    from reviewclean.teaching.samples import read_samples

    read = [sample for root in samples for sample in read_samples(root)]
    if only is not None:
        chosen = set(only.read_text(encoding="utf-8").split())
        read = [sample for sample in read if sample.id in chosen]
        if not read:
            raise click.UsageError(f"{only}: none of its ids is among the samples")
    cleaner = Cleaner(model, mode)
    modes = MODES if report is not None else (mode,)
    with tqdm(total=len(read) * len(modes), unit="page", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        pages = list(told.score_blocks(cleaner, read, lambda: bar.update() and None))
        scores = [score for score, _ in pages]
        by_mode = {one: told.figures(scores if one == mode else told.score(Cleaner(model, one), read, lambda: bar.update() and None)) for one in modes}
    everything: dict[str, Any] = {"model": cleaner.model_id, "mode": mode, "all": by_mode[mode]}
    hard = [s for s in scores if s.hard_negative]
    if hard:
        everything["hard_negatives"] = told.figures(hard)
    everything |= {"labels": told.labels(scores), **{f"by_{what}": told.by(scores, what) for what in ("kind", "language", "site")}, "worst": told.worst(scores, worst)}
    if json_file is not None:
        write_whole(json_file, json.dumps(everything, indent=1, ensure_ascii=False) + "\n")
    if report is not None:
        from reviewclean.teaching.report import as_html

        write_whole(report, as_html(pages, by_mode, cleaner.model_id, mode))
    _show(everything)
    missed = [f"{name} {everything['all'].get(name, (0.0,))[0]:.4f} is below {floor}" for name, floor in floors.items() if everything["all"].get(name, (0.0,))[0] < floor]
    for line in missed:
        click.echo(f"floor missed: {line}", err=True)
    return EXIT_FAILED if missed else 0


def _shifts(samples: tuple[Path, ...], by: str, mode: str, json_file: Path | None) -> int:
    """How the filter of running text does on promos of a kind that it was not taught."""
    from dataclasses import asdict

    from tqdm import tqdm

    from reviewclean.batch.whole import write_whole
    from reviewclean.errors import SampleError
    from reviewclean.teaching.holdout import shifts_of
    from reviewclean.teaching.points import PROMISES
    from reviewclean.teaching.samples import read_promos, read_samples

    promos = [promo for root in samples for promo in read_promos(root / "promos")]
    if not promos:
        raise SampleError(f"no promos to hold out: keep them in {samples[0] / 'promos'}")
    with tqdm(unit="model", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        shifts = shifts_of([sample for root in samples for sample in read_samples(root)], promos, by, PROMISES[mode], lambda: bar.update() and None)
    if json_file is not None:
        write_whole(json_file, json.dumps([asdict(shift) for shift in shifts], indent=1, ensure_ascii=False) + "\n")
    click.echo(f"found of promos, at {PROMISES[mode]:.2%} of the review's words lost ({mode}), on sites that were held out:")
    click.echo(f"  {by:<26} promos  not taught it  taught it  in hard negatives")
    for shift in shifts:
        click.echo(f"  {shift.name[:26]:<26} {shift.promos:>6}  {shift.untaught:>13.2f}  {shift.taught:>9.2f}  {'–' if shift.hard is None else format(shift.hard, '.2f'):>17}")
    if shifts:
        click.echo(f"worst: {shifts[0].name}, {shifts[0].untaught:.2f}")
    return 0


def _show(everything: dict[str, Any]) -> None:
    click.echo(f"model {everything['model']}, mode {everything['mode']}")
    for name in ("all", "hard_negatives"):
        if name in everything:
            click.echo(_row(name.replace("_", " "), everything[name]))
    click.echo("blocks removed by label: " + ", ".join(f"{label} {gone}/{count}" for label, (count, gone) in everything["labels"].items()))
    for what in ("kind", "language", "site"):
        groups = everything[f"by_{what}"]
        click.echo(f"by {what}:")
        for name, figures in list(groups.items())[:20]:
            click.echo("  " + _row(name, figures))
        if len(groups) > 20:
            click.echo(f"  … and {len(groups) - 20} more (all of them with --json)")
    if everything["worst"]:
        click.echo("worst: " + ", ".join(f"{page} ({bad:.2f})" for bad, page in everything["worst"]))


def _row(name: str, figures: dict[str, Any]) -> str:
    shares = "  ".join(f"{m} {figures[m][0]:.4f} [{figures[m][1]:.3f}, {figures[m][2]:.3f}]" for m in MEASURES if m in figures)
    return f"{name[:28]:<28} {figures['pages']:>4} pages  {shares}"
