"""A process of its own for what may hang, eat the memory or crash: the worker's pages are cleaned there, and it can be killed.

The other end talks to it through pipes, in pickled frames: settings first, then lists of items, each answered by a list of `Done`.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Any

from reviewclean.batch.sources import Item
from reviewclean.batch.work import Done, Settings, clean_items, failed
from reviewclean.errors import ReviewcleanError

COMMAND = (sys.executable, "-m", "reviewclean.batch.cell")
RECYCLED = 5000  # pages after which a process gives way to a fresh one, with whatever it holds on to
START = 120.0  # seconds to load a model in


class Died(ReviewcleanError):
    """The process ended without an answer; the text says how."""


class Cell:
    """One process, which loads its model while others go on; `ready` waits for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.pages = 0
        self._process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with _lock:
            _all.add(self)
        with suppress(OSError):  # that it is gone already is told by its answer
            self._say(settings)

    def ready(self) -> Cell:
        """Wait until it can work. Raises ReviewcleanError where it cannot start as it should (its model is missing, for one)."""
        answer = self._hear(START)
        if isinstance(answer, ReviewcleanError):
            self.close()
            raise answer
        return self

    def clean(self, items: Sequence[Item]) -> list[Done]:
        """Clean some pages there. Raises Died."""
        self.pages += len(items)
        answer: list[Done] = self._hear(self._settings.limits.seconds, list(items))
        return answer

    def _say(self, frame: Any) -> None:
        assert self._process.stdin is not None
        pickle.dump(frame, self._process.stdin, pickle.HIGHEST_PROTOCOL)
        self._process.stdin.flush()

    def _hear(self, seconds: float, *questions: Any) -> Any:
        """The next answer, after some questions."""
        assert self._process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        clock = threading.Timer(seconds, stop)
        clock.daemon = True
        clock.start()
        try:
            for question in questions:
                self._say(question)
            return pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self.close()
            raise Died(f"limit seconds: it took longer than {seconds:g} s (raise it with --max-seconds)" if late.is_set() else self._death()) from None
        finally:
            clock.cancel()

    def _death(self) -> str:
        code = self._process.returncode
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"its process died of {signal.Signals(-code).name}: the page crashes it, or somebody killed it, or the memory was full"
        return f"its process ended with code {code}"

    def kill(self) -> None:
        """End the process, whatever it does; who waits for its answer learns that it died."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and let go of it."""
        self.kill()
        self._process.wait()
        with _lock:
            _all.discard(self)
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]  # both are pipes, see above


_idle: dict[Settings, list[Cell]] = {}  # processes that wait for work
_all: set[Cell] = set()  # and all that live
_lock = threading.Lock()
_ended = threading.Event()  # no more work is wanted in this process


def close_all() -> None:
    """End all processes, those that are at work as well."""
    _ended.set()
    with _lock:
        living, waiting = list(_all), [cell for cells in _idle.values() for cell in cells]
        _idle.clear()
    for cell in living:
        cell.kill()
    for cell in waiting:
        cell.close()  # the others are closed by the threads that wait for their answers


def take(settings: Settings) -> Cell:
    """A process that waits for work, or a new one."""
    with _lock:
        waiting = _idle.get(settings)
        if waiting:
            return waiting.pop()
    return Cell(settings).ready()


def open_cells(settings: Settings, count: int) -> None:
    """Let so many processes begin together, and wait for work. Raises ReviewcleanError where they cannot start as they should."""
    _ended.clear()
    cells = [Cell(settings) for _ in range(count)]
    try:
        for cell in cells:
            give_back(cell.ready(), settings)
    except BaseException:
        for cell in cells:
            cell.close()
        raise


def give_back(cell: Cell, settings: Settings) -> None:
    """Let a process wait for work; one that has done its share ends."""
    if cell.pages >= RECYCLED or _ended.is_set():
        cell.close()
        return
    with _lock:
        _idle.setdefault(settings, []).append(cell)


def clean_chunk(items: Sequence[Item], settings: Settings) -> list[Done]:
    """What joblib runs, anywhere: some pages in a process of their own. If it dies, each page is done again by itself, so that the killer is known."""
    start = time.perf_counter()
    if _ended.is_set():
        return [failed(item, "the run has ended") for item in items]
    try:
        cell = take(settings)
        done = cell.clean(items)
    except Died as died:
        if len(items) == 1 or _ended.is_set():
            return [failed(item, str(died), time.perf_counter() - start) for item in items]
        return [one for item in items for one in clean_chunk([item], settings)]
    give_back(cell, settings)
    return done


# ---------------------------------------------------------------- the other end


def main() -> None:
    """Answer frames on standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the parent decides
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not stand among the answers
    settings: Settings = pickle.load(sys.stdin.buffer)
    from reviewclean.cleaner import Cleaner

    try:
        cleaner = Cleaner(settings.model, settings.mode, settings.keep, settings.rules)
    except ReviewcleanError as error:
        _answer(error, answers)
        return
    _bound_memory(settings.limits.memory)
    _answer("ready", answers)
    with suppress(EOFError):  # the parent is done, or gone
        while True:
            _answer(clean_items(pickle.load(sys.stdin.buffer), cleaner, settings), answers)


def _answer(value: Any, answers: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pickle.dump(value, answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _bound_memory(extra: int) -> None:
    """Refuse this process more memory than it has now and `extra` bytes; where the system knows no such bound, there is none."""
    try:
        import resource
    except ImportError:
        return
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", encoding="ascii") as file:
            now = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + extra, resource.getrlimit(resource.RLIMIT_AS)[1]))


if __name__ == "__main__":
    main()
