"""Many pages: read, cleaned and written in worker processes, a chunk at a time. The one `except Exception` of the project is here, and records."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from joblib import Parallel, delayed

from reviewclean.batch.report import Outcome, Report
from reviewclean.batch.sinks import REPORT, Lines, rendered, target, write_whole
from reviewclean.batch.sources import Found
from reviewclean.cleaner import THIN, Cleaner
from reviewclean.data import Cleaned, Page
from reviewclean.errors import DiskError, OutputError, ReviewcleanError
from reviewclean.writing.render import removed_lines

CHUNK = 16  # pages a worker takes at a time: as many as one call of the models takes
MANY = 64  # pages from which on all cores are used, unless --jobs says otherwise: below it workers cost more than they bring


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run cleans and writes."""

    model: str | None = None
    mode: str = "balanced"
    keep: tuple[str, ...] = ()
    form: str = "txt"
    removed: bool = False  # collect what was taken out


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker hands back for one page."""

    outcome: Outcome
    line: str = ""  # for the one file of JSON lines
    removed: str = ""  # lines for --removed


_cleaners: dict[Settings, Cleaner] = {}


def _cleaner(settings: Settings) -> Cleaner:
    """The Cleaner of this process: the model is loaded once."""
    if settings not in _cleaners:
        _cleaners.clear()
        _cleaners[settings] = Cleaner(settings.model, settings.mode, settings.keep)
    return _cleaners[settings]


def run(found: Sequence[Found], out: Path, settings: Settings, *, jobs: int = 0, again: bool = False, removed: Path | None = None, tick: Callable[[Outcome], None] = lambda _: None) -> Report:
    """Clean all pages into OUT and write OUT/report.json. Pages that an earlier run finished are skipped, unless `again`.

    Raises ModelError before anything is written where the model is missing or refused, OutputError where OUT cannot be written.
    """
    cleaner = _cleaner(settings)
    report = Report({"mode": settings.mode, "format": settings.form, "model": cleaner.model_id})
    lines = Lines(out / "reviews.jsonl", again) if settings.form == "jsonl" else None
    side = Lines(removed, again) if removed is not None else None
    places = target(out, (f.name for f in found), settings.form)
    todo: list[tuple[Found, Path]] = []
    finished = False
    try:
        for one in found:
            if not again and (one.name in lines.done if lines else places[one.name].exists()):
                report.add(outcome := Outcome(one.name, "skipped"))
                tick(outcome)
            else:
                todo.append((one, places[one.name]))
        for done in _work(todo, settings, jobs or (os.cpu_count() or 1 if len(todo) > MANY else 1)):
            if lines and done.line:
                lines.write(done.line)
            if side and done.removed:
                side.write(done.removed)
            report.add(done.outcome)
            tick(done.outcome)
        finished = True
    finally:
        for file in filter(None, (lines, side)):
            file.finish() if finished else file.close()
        try:
            report.write(out / REPORT, finished)
        except OutputError:
            if finished:
                raise
    return report


def _work(todo: Sequence[tuple[Found, Path]], settings: Settings, jobs: int) -> Iterator[Done]:
    chunks = [todo[i : i + CHUNK] for i in range(0, len(todo), CHUNK)]
    if jobs == 1 or len(chunks) <= 1:
        for chunk in chunks:
            yield from clean_chunk(chunk, settings)
        return
    with Parallel(n_jobs=jobs, return_as="generator", pre_dispatch="2*n_jobs") as parallel:
        for many in parallel(delayed(clean_chunk)(chunk, settings) for chunk in chunks):
            yield from many


def clean_chunk(chunk: Sequence[tuple[Found, Path]], settings: Settings) -> list[Done]:
    """Read, clean and write some pages. What fails is recorded and costs its own page alone."""
    cleaner = _cleaner(settings)
    done: dict[int, Done] = {}
    pages: list[tuple[int, Page]] = []
    for i, (one, _) in enumerate(chunk):
        try:
            pages.append((i, one.page()))
        except ReviewcleanError as error:
            done[i] = Done(Outcome(one.name, "failed", why=str(error)))
    start = time.perf_counter()
    try:
        together = list(cleaner.clean_many(page for _, page in pages))
        seconds = [(time.perf_counter() - start) / max(len(pages), 1)] * len(pages)
        results: list[Cleaned | Exception] = list(together)
    except Exception:  # one of them is bad: each by itself, so that the others are not lost
        results, seconds = [], []
        for _, page in pages:
            start = time.perf_counter()
            try:
                results += cleaner.clean_many([page])
            except Exception as error:  # recorded as failed, with what it was
                results.append(error)
            seconds.append(time.perf_counter() - start)
    for (i, _), result, spent in zip(pages, results, seconds, strict=True):
        one, place = chunk[i]
        if isinstance(result, Exception):
            done[i] = Done(Outcome(one.name, "failed", why=f"{type(result).__name__}: {result}"))
        else:
            try:
                done[i] = _written(result, place, settings, spent)
            except DiskError:
                raise
            except OutputError as error:  # a name too long, a folder in the way: its own page's trouble
                done[i] = Done(Outcome(one.name, "failed", why=str(error)))
    return [done[i] for i in range(len(chunk))]


def _written(cleaned: Cleaned, place: Path, settings: Settings, seconds: float) -> Done:
    text = rendered(cleaned, settings.form)
    if settings.form != "jsonl":
        write_whole(place, text)
    gone = cleaned.removed
    count = len(cleaned.text.split())
    outcome = Outcome(
        cleaned.id, "thin" if count < THIN else "clean", why=(cleaned.note or f"thin: {count} words are left") if count < THIN else "", note=cleaned.note, words=count,
        removed=dict(Counter(str(r.label) for r in gone)), confidence=round(cleaned.confidence, 4), seconds=round(seconds, 4),
    )  # fmt: skip
    return Done(outcome, text if settings.form == "jsonl" else "", removed_lines(cleaned) if settings.removed else "")
