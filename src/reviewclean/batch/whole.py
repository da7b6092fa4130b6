"""Files that are there whole or not at all, in a folder that stays what it was; what goes wrong with them, as a sentence."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from reviewclean.errors import DiskError, OutputError

STOPPERS = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up", errno.EROFS: "it is read-only", errno.EIO: "the disk fails", errno.ESTALE: "the file system is gone", errno.ENOTCONN: "the file system is gone"}  # fmt: skip


def part_of(path: Path, kind: str = "part") -> Path:
    """The name that a file has while it grows."""
    return path.with_name(f"{path.name}.{kind}")


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """What goes wrong with a file becomes an OutputError that names `path` and says what to do."""
    try:
        yield
    except OSError as error:
        raise output_error(path, error) from None


@contextlib.contextmanager
def whole(path: Path) -> Iterator[IO[str]]:
    """A file to write that is there whole or not at all. Raises OutputError with what to do."""
    part = part_of(path)
    try:
        with disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                yield file
            os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all. Raises OutputError with what to do."""
    with whole(path) as file:
        file.write(text)


def output_error(path: Path, error: OSError) -> OutputError:
    """The sentence for a failed write; a DiskError where going on would fail for every page."""
    why = STOPPERS.get(error.errno or 0)
    if why is None:
        return OutputError(f"{path}: cannot be written: {error.strerror or error}; choose another -o, or clear the way")
    return DiskError(f"{path}: cannot be written: {why}. What was finished is kept; make room or choose another -o, and run the same command again")


class Folder:
    """OUT, which must stay what it was: where its file system is gone, what is left is an empty folder of the same name on another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with disk(path):
            path.mkdir(parents=True, exist_ok=True)
            self._was = self._is()

    def _is(self) -> tuple[int, int]:
        found = self.path.stat()
        return found.st_dev, found.st_ino

    def check(self) -> None:
        """Raises DiskError where it is not the folder that it was."""
        with contextlib.suppress(OSError):
            if self._is() == self._was:
                return
        raise DiskError(f"{self.path}: cannot be written: it is gone, or another folder has its name now. Mount it again, and run the same command again")
