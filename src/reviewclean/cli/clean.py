"""reviewclean clean: the main job."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reviewclean.batch.sinks import FORMATS
from reviewclean.cli import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_NOTHING, options

if TYPE_CHECKING:
    from reviewclean.batch.report import Report
    from reviewclean.batch.run import Settings


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("-o", "--out", metavar="OUT", type=click.Path(file_okay=False, path_type=Path), help="Folder for the cleaned reviews and report.json.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="txt", show_default=True, help="jsonl: one file, OUT/reviews.jsonl.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes; all cores where there are many pages, unless set.")
@options.mode
@options.model
@options.keep
@click.option("--removed", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="JSON lines of all that was taken out: label, score, who.")
@click.option("--again", is_flag=True, help="Do again what an earlier run into OUT has done.")
def clean(inputs: tuple[str, ...], out: Path | None, form: str, jobs: int | None, mode: str, model: str | None, keep: tuple[str, ...], removed: Path | None, again: bool) -> int:
    """Clean files, folders, globs, or standard input (-).

    Without -o, one page goes to standard output. With it, each page becomes a file of its own name in OUT, and OUT/report.json says what became
    of every input. A second run does only what is missing.

    Exit codes: 0 all clean, 1 some failed, 2 wrong use, 3 nothing clean came out, 4 model missing or refused, 130 interrupted.
    """
    from reviewclean.batch.run import Settings
    from reviewclean.batch.sources import find

    settings = Settings(model, mode, keep, form, removed is not None)
    if inputs == ("-",):
        return _one(settings, None, out, removed)
    if "-" in inputs:
        raise click.UsageError("- (standard input) stands alone: it is one page")
    found = find(inputs)
    if out is None:
        if len(found) > 1:
            raise click.UsageError(f"{len(found)} pages: name a folder for them with -o OUT")
        return _one(settings, found[0], None, removed)
    return _many(settings, found, out, jobs or 0, again, removed)


def _one(settings: Settings, found: Any, out: Path | None, removed: Path | None) -> int:
    """One page to standard output, or to OUT/stdin.FORMAT."""
    from reviewclean.batch.sinks import rendered, write_whole
    from reviewclean.batch.sources import standard_input
    from reviewclean.cleaner import THIN, Cleaner
    from reviewclean.writing.render import removed_lines

    cleaner = Cleaner(settings.model, settings.mode, settings.keep)
    (cleaned,) = cleaner.clean_many([found.page() if found else standard_input()])
    text = rendered(cleaned, settings.form)
    if out is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    else:
        write_whole(out / f"stdin.{settings.form}", text)
    if removed is not None:
        write_whole(removed, removed_lines(cleaned))
    if cleaned.note:
        click.echo(f"reviewclean: {cleaned.id or 'page'}: {cleaned.note}", err=True)
    return EXIT_NOTHING if len(cleaned.text.split()) < THIN else 0


def _many(settings: Settings, found: Any, out: Path, jobs: int, again: bool, removed: Path | None) -> int:
    from tqdm import tqdm

    from reviewclean.batch.run import run

    with tqdm(total=len(found), unit="page", file=sys.stderr, disable=not sys.stderr.isatty(), dynamic_ncols=True) as bar:
        try:
            report = run(found, out, settings, jobs=jobs, again=again, removed=removed, tick=lambda _: bar.update() and None)
        except KeyboardInterrupt:
            bar.close()
            click.echo("\ninterrupted: what was finished is kept; the same command goes on from there", err=True)
            return EXIT_INTERRUPTED
    return _told(report, out)


def _told(report: Report, out: Path) -> int:
    """Say on standard error what happened; the exit code."""
    counts = report.counts
    parts = [f"{counts[status]} {word}" for status, word in (("clean", "clean"), ("thin", "thin"), ("failed", "failed"), ("skipped", "done before")) if counts[status]]
    click.echo(f"{', '.join(parts)} -> {out}{'/'}  (details: {out / 'report.json'})", err=True)
    for outcome in [o for o in report.outcomes if o.status == "failed"][:5]:
        click.echo(f"  failed: {outcome.id}: {outcome.why}", err=True)
    if counts["failed"]:
        return EXIT_FAILED if counts["clean"] or counts["skipped"] else EXIT_NOTHING
    return 0 if counts["clean"] or counts["skipped"] else EXIT_NOTHING
