"""reviewclean clean: the main job."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reviewclean.batch.sinks import FORMATS
from reviewclean.cli import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_NOTHING, options

if TYPE_CHECKING:
    from reviewclean.batch.report import Report
    from reviewclean.batch.sources import Item
    from reviewclean.batch.work import Settings

BACKENDS = ("threading", "loky", "dask", "ray")
PATH = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT…")
@click.option("-o", "--out", metavar="OUT", type=click.Path(file_okay=False, path_type=Path), help="Folder for the cleaned reviews and report.json.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="txt", show_default=True, help="jsonl: one file, OUT/reviews.jsonl; parquet: files of 5,000 pages and a manifest.")
@options.mode
@options.model
@options.keep
@options.rules
@click.option("--again", is_flag=True, help="Do again what an earlier run into OUT has done.")
@click.option("--files-from", metavar="FILE", type=click.Path(path_type=Path), help="A list of more inputs, one a line; - reads it from standard input.")
@click.option("--html-field", metavar="NAME", default="", help="Where a line of JSON or a row of Parquet has its page [html, raw_html, content or body].")
@click.option("--text-field", metavar="NAME", default="", help="The same, for text that somebody extracted [text or raw_content].")
@click.option("--url-field", metavar="NAME", default="url", show_default=True, help="Where it has its address.")
@click.option("--id-field", metavar="NAME", default="id", show_default=True, help="Where it has its id; without one, the address is its name.")
@click.option("--removed", metavar="FILE", type=PATH, help="JSON lines of all that was taken out: label, score, who.")
@click.option("--spans", metavar="FILE", type=PATH, help="JSON lines of all verdicts as stretches of the unfiltered text: another threshold needs no second run.")
@click.option("--log", metavar="FILE", type=PATH, help="JSON lines of what happens, as it happens.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Processes [all cores].")
@click.option("--backend", type=click.Choice(BACKENDS), default="threading", show_default=True, help="How joblib hands out work: here, or on a Dask or Ray cluster.")
@click.option("--scheduler", metavar="ADDRESS", default="", help="Of the cluster.")
@click.option("--max-bytes", type=click.IntRange(min=1), default=None, help="A page of more is recorded as failed [64,000,000].")
@click.option("--max-nodes", type=click.IntRange(min=1), default=None, help="The same for its tags [5,000,000].")
@click.option("--max-seconds", type=click.FloatRange(min=0.01), default=None, help="The same for the time that it takes [60].")
@click.option("--max-memory", type=click.IntRange(min=1), default=None, help="The same for the bytes of memory that it takes [4,000,000,000].")
def clean(
    inputs: tuple[str, ...], out: Path | None, form: str, mode: str, model: str | None, keep: tuple[str, ...], again: bool, files_from: Path | None, html_field: str, text_field: str, url_field: str,
    id_field: str, rule_file: Path | None, phrase_file: Path | None, removed: Path | None, spans: Path | None, log: Path | None, jobs: int | None, backend: str, scheduler: str, max_bytes: int | None, max_nodes: int | None, max_seconds: float | None,
    max_memory: int | None,
) -> int:  # fmt: skip
    """Clean files, folders, globs, or standard input (-).

    Without -o, one page goes to standard output. With it, each page becomes a file of its own name in OUT, and OUT/report.json says what became
    of every input. A second run does only what is missing. JSONL, Parquet and WARC files (also packed with gzip) hold many pages each.

    Exit codes: 0 all clean, 1 some failed, 2 wrong use, 3 nothing clean came out, 4 model missing or refused, 130 interrupted.
    """
    from reviewclean.batch.limits import Limits
    from reviewclean.batch.records import Fields, are_records
    from reviewclean.batch.run import Beside, Where
    from reviewclean.batch.sources import how_many, items, lines_of
    from reviewclean.batch.work import Settings

    if not inputs and files_from is None:
        raise click.UsageError("nothing to clean: name files, folders or -, or give a list of them with --files-from")
    limits: dict[str, Any] = {"bytes": max_bytes, "nodes": max_nodes, "seconds": max_seconds, "memory": max_memory}
    bounds = Limits(**{name: value for name, value in limits.items() if value is not None})
    settings = Settings(model, mode, keep, form, rules=options.rules_of(rule_file, phrase_file), limits=bounds)
    if inputs == ("-",) and files_from is None:
        return _one(settings, None, out, removed, spans)
    if "-" in inputs:
        raise click.UsageError("- (standard input) stands alone: it is one page")
    found = items(inputs, () if files_from is None else lines_of(files_from), Fields(html_field, text_field, url_field, id_field))
    if out is None:
        first, second = next(found, None), next(found, None)
        if second is not None or first is None or are_records(first.path):
            raise click.UsageError("many pages: name a folder for them with -o OUT")
        return _one(settings, first, None, removed, spans)
    total = how_many(inputs) if sys.stderr.isatty() and files_from is None else None
    return _many(settings, found, total, out, {"again": again, "beside": Beside(removed, spans, log), "where": Where(jobs or 0, backend, scheduler)})


def _one(settings: Settings, item: Item | None, out: Path | None, removed: Path | None, spans: Path | None) -> int:
    """One page to standard output, or to OUT/stdin.FORMAT."""
    import json

    from reviewclean.batch.sinks import rendered
    from reviewclean.batch.sources import standard_input
    from reviewclean.batch.whole import write_whole
    from reviewclean.cleaner import THIN, Cleaner
    from reviewclean.writing.render import as_spans, removed_lines

    if settings.form == "parquet":
        raise click.UsageError("--format parquet is for many pages: name a folder for them with -o OUT")
    cleaner = Cleaner(settings.model, settings.mode, settings.keep, settings.rules)
    (cleaned,) = cleaner.clean_many([item.page() if item else standard_input()])
    text = rendered(cleaned, settings.form, cleaned.text)
    if out is None:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    else:
        write_whole(out / f"stdin.{settings.form}", text)
    if removed is not None:
        write_whole(removed, removed_lines(cleaned))
    if spans is not None:
        write_whole(spans, json.dumps(as_spans(cleaned), ensure_ascii=False) + "\n")
    if cleaned.note:
        click.echo(f"reviewclean: {cleaned.id or 'page'}: {cleaned.note}", err=True)
    return EXIT_NOTHING if len(cleaned.text.split()) < THIN else 0


def _many(settings: Settings, found: Iterator[Item], total: int | None, out: Path, how: dict[str, Any]) -> int:
    from tqdm import tqdm

    from reviewclean.batch.run import run

    with tqdm(total=total, unit="page", file=sys.stderr, disable=not sys.stderr.isatty(), dynamic_ncols=True) as bar:
        try:
            report = run(found, out, settings, tick=lambda _: bar.update() and None, **how)
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
    for outcome in report.failures:
        click.echo(f"  failed: {outcome.id}: {outcome.why}", err=True)
    if counts["failed"]:
        return EXIT_FAILED if counts["clean"] or counts["skipped"] else EXIT_NOTHING
    return 0 if counts["clean"] or counts["skipped"] else EXIT_NOTHING
