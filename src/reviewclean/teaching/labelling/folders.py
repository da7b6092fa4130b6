"""Folders of samples on disk: written whole or not at all, found again, held by one process at a time."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reviewclean.errors import OutputError
from reviewclean.reading.decode import unpack
from reviewclean.teaching.labelling.queue import key_of
from reviewclean.teaching.samples import Sample, read_sample, write_sample

PART, OLD = ".labelling-part", ".labelling-old"  # endings of a folder that is being written, and of the one that it replaces
PAGES = ("page.html", "page.txt", "page.html.gz")
UNSAFE = re.compile(r"[^\w.-]+")
ENDINGS = re.compile(r"(?:(?<=.)/(?:page|index))?(?:\.(?:x?html?|shtml|txt|text|md))?(?:\.gz)?$", re.IGNORECASE)  # a page that lies in a folder of its own has its name
LONGEST_NAME = 80  # characters of the name of a folder


def folder_name(name: str) -> str:
    """The name of a page as the name of a folder: no path, nothing hidden, not too long."""
    return UNSAFE.sub("-", ENDINGS.sub("", name)).strip(".-")[-LONGEST_NAME:].strip(".-") or "page"


def write_folder(sample: Sample, folder: Path) -> None:
    """A sample in its folder. One that was there is replaced; what else it held, and what a person wrote into its meta.json, stays."""
    part, old = folder.with_name(f".{folder.name}{PART}"), folder.with_name(f".{folder.name}{OLD}")
    shutil.rmtree(part, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, part)
        earlier = read_sample(folder)
        sample = replace(sample, kind=sample.kind or earlier.kind, hard_negative=sample.hard_negative or earlier.hard_negative)
        for name in PAGES:
            (part / name).unlink(missing_ok=True)
    write_sample(sample, part)
    for file in part.iterdir():
        if file.is_file():
            _sync(file)
    if folder.exists():
        os.replace(folder, old)
    os.replace(part, folder)
    shutil.rmtree(old, ignore_errors=True)
    _sync(folder.parent)


def _sync(path: Path) -> None:
    """What was written to a file, or the names in a folder, are on disk. Windows opens no folders."""
    if path.is_dir() and os.name != "posix":
        return
    opened = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def sweep(folder: Path) -> None:
    """After a crash: what was half written goes, and what was about to be replaced and was not is back."""
    for part in folder.glob(f".*{PART}"):
        shutil.rmtree(part)
    for old in folder.glob(f".*{OLD}"):
        whole = old.with_name(old.name.removeprefix(".").removesuffix(OLD))
        if whole.exists():
            shutil.rmtree(old)
        else:
            os.replace(old, whole)


def pages_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and key of each sample in a folder."""
    for entry in sorted(folder.iterdir(), reverse=True):  # of two folders that hold one page, the first is taken
        page = next((entry / name for name in PAGES if (entry / name).is_file()), None)
        if page is not None and (entry / "labels.jsonl").is_file():
            yield entry.name, key_of(unpack(page.read_bytes()))


def locked(path: Path) -> int:
    """The lock, held: the system lets go of it when this process ends, however it ends. It tells the process by its number."""
    opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _hold(opened)
    except OSError:
        holder = os.read(opened, 20).decode("ascii", "ignore").strip() or "unknown"
        os.close(opened)
        raise OutputError(f"{path.parent} is being labelled by another reviewclean (process {holder}): end that one, or label into another folder") from None
    os.ftruncate(opened, 0)
    os.write(opened, f"{os.getpid()}\n".encode())
    return opened


if sys.platform == "win32":
    import msvcrt

    def _hold(opened: int) -> None:
        os.lseek(opened, 1 << 20, os.SEEK_SET)  # beyond the number of the process, which others may read
        msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        os.lseek(opened, 0, os.SEEK_SET)
else:
    import fcntl

    def _hold(opened: int) -> None:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """What goes wrong with a file becomes an OutputError that says what to do."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error}): make room, or clear the way; what was saved before is kept") from None
