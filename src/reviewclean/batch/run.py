"""Many pages: handed out to workers some at a time, and their results written in the order of the inputs.

joblib is the door: threads of this process, each with a process of its own to clean in (`cell`), or the workers of a Dask or Ray cluster that do the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import joblib

from reviewclean.batch.cell import clean_chunk, close_all, open_cells
from reviewclean.batch.report import Log, Outcome, Report
from reviewclean.batch.sinks import REPORT, Lines, Sink, sink
from reviewclean.batch.sources import Item
from reviewclean.batch.work import Done, Settings
from reviewclean.errors import DiskError, InputError, OutputError, ReviewcleanError
from reviewclean.judging.loading import name_of

CHUNK = 16  # pages a worker takes at a time: as many as one call of the models takes
AHEAD = 3  # chunks a worker that are read before they are asked for


@dataclass(frozen=True, slots=True)
class Where:
    """Who works: how many at once (0: all cores, or all that the cluster has), through which joblib backend, at which address."""

    jobs: int = 0
    backend: str = "threading"
    scheduler: str = ""

    @property
    def workers(self) -> int:
        """How many at once on this machine."""
        return self.jobs or os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Beside:
    """Files that tell more than the reviews do."""

    removed: Path | None = None
    spans: Path | None = None
    log: Path | None = None


HERE, NOTHING = Where(), Beside()


def run(
    items: Iterable[Item], out: Path, settings: Settings, *, where: Where = HERE, again: bool = False, beside: Beside = NOTHING, tick: Callable[[Outcome], None] = lambda _: None
) -> Report:
    """Clean all pages into OUT and write OUT/report.json. Pages that an earlier run finished are skipped, unless `again`.

    Raises ModelError before anything is written where the model is missing or refused, DiskError where OUT cannot be written.
    """
    settings = replace(settings, removed=beside.removed is not None, spans=beside.spans is not None)
    head, items = _peeked(items, CHUNK + 1)
    with ExitStack() as stack:
        stack.callback(close_all)
        open_cells(settings, 2 if len(head) > CHUNK and where.backend == "threading" and where.workers > 1 else 1)  # if there are more, they begin beside these
        model = name_of(settings.model)
        report = Report(out / REPORT, {"mode": settings.mode, "format": settings.form, "model": model})
        stack.callback(report.close)
        log = stack.enter_context(closing(Log(beside.log)))
        log.tell("start", **report.settings, out=str(out), backend=where.backend)
        main = stack.enter_context(closing(sink(out, settings.form, again)))
        sides = [(stack.enter_context(closing(Lines(path, again, main.known))), kind) for path, kind in ((beside.removed, "removed"), (beside.spans, "spans")) if path is not None]
        todo = _Todo(items, main, lambda outcome: _tell(outcome, report, log, tick))
        finished = False
        try:
            for done in _done(todo.chunks(), settings, where):
                _tell(_written(done, main, sides), report, log, tick)
            todo.check()
            main.finish()
            for side, _ in sides:
                side.finish()
            finished = True
        finally:
            close_all()
            try:
                log.tell("end", **report.write(finished))
            except OutputError:
                if finished:
                    raise
    return report


def _peeked(items: Iterable[Item], count: int) -> tuple[list[Item], Iterator[Item]]:
    """The first of some items, no more than `count`, and all of them: what goes wrong with the inputs goes wrong where it did."""
    source = iter(items)
    head: list[Item] = []
    wrong: ReviewcleanError | None = None
    try:
        head.extend(islice(source, count))
    except ReviewcleanError as error:
        wrong = error

    def every() -> Iterator[Item]:
        yield from head
        if wrong is not None:
            raise wrong
        yield from source

    return head, every()


def _tell(outcome: Outcome, report: Report, log: Log, tick: Callable[[Outcome], None]) -> None:
    report.add(outcome)
    log.tell("page", **outcome.told())
    tick(outcome)


def _written(done: Done, main: Sink, sides: Sequence[tuple[Lines, str]]) -> Outcome:
    """Write a page; what became of it. The files beside come first: what they have more than the main one is dropped when the run is taken up again."""
    if done.outcome.status == "failed":
        return done.outcome
    try:
        for side, kind in sides:
            side.write(getattr(done, kind))
        main.put(done.outcome.id, done.text)
    except DiskError:
        raise
    except OutputError as error:  # a name too long, a folder in the way: its own page's trouble
        return Outcome(done.outcome.id, "failed", why=str(error))
    return done.outcome


class _Todo:
    """The pages that are not done yet. What goes wrong with the inputs is kept until `check`: joblib reads them in threads of its own."""

    def __init__(self, items: Iterable[Item], main: Sink, tell: Callable[[Outcome], None]) -> None:
        self._items, self._main, self._tell = items, main, tell
        self._error: ReviewcleanError | None = None

    def chunks(self) -> Iterator[list[Item]]:
        todo = self._todo()
        while chunk := list(islice(todo, CHUNK)):
            yield chunk

    def _todo(self) -> Iterator[Item]:
        try:
            for item in self._items:
                if self._main.has(item.name):
                    self._tell(Outcome(item.name, "skipped"))
                else:
                    yield item
        except ReviewcleanError as error:
            self._error = error

    def check(self) -> None:
        """Raise what went wrong."""
        if self._error is not None:
            raise self._error


def _done(chunks: Iterator[list[Item]], settings: Settings, where: Where) -> Iterator[Done]:
    """What workers make of the chunks, in order."""
    with _backend(where) as jobs:
        tasks = (joblib.delayed(clean_chunk)(chunk, settings) for chunk in chunks)
        if where.backend == "ray":  # its backend gives no generator: windows of chunks instead
            while window := list(islice(tasks, AHEAD * joblib.effective_n_jobs(jobs))):
                for many in joblib.Parallel(n_jobs=jobs)(window):
                    yield from many
            return
        with closing(joblib.Parallel(n_jobs=jobs, batch_size=1, pre_dispatch=f"{AHEAD}*n_jobs", return_as="generator")(tasks)) as results:
            for many in results:
                yield from many


@contextmanager
def _backend(where: Where) -> Iterator[int]:
    """joblib's backend, set up; how many jobs to ask of it."""
    if where.backend in ("threading", "loky"):
        with joblib.parallel_config(backend=where.backend, n_jobs=where.workers):
            yield where.workers
        return
    jobs = where.jobs or -1
    if where.backend == "dask":
        try:
            from distributed import Client
        except ImportError:
            raise InputError("--backend dask needs Dask: pip install 'reviewclean[dask]'") from None
        try:
            client: AbstractContextManager[object] = Client(where.scheduler or None)
        except OSError as error:
            raise InputError(f"--scheduler {where.scheduler}: no Dask scheduler answers there ({error})") from None
        with client, joblib.parallel_config(backend="dask", n_jobs=jobs):
            yield jobs
        return
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise InputError("--backend ray needs Ray: pip install 'reviewclean[ray]'") from None
    try:
        ray.init(address=where.scheduler or None)
    except ConnectionError as error:
        raise InputError(f"--scheduler {where.scheduler}: no Ray cluster answers there ({error})") from None
    register_ray()
    try:
        with joblib.parallel_config(backend="ray", n_jobs=jobs):
            yield jobs
    finally:
        ray.shutdown()
