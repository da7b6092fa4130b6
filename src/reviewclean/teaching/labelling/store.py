"""What a person said, on disk: a journal of every change as it is made, and a folder in the format of samples for each page that is done.

    mine/.labelling.jsonl   the journal: only ever appended to, and on disk before a change counts as saved
    mine/.labelling.lock    held by the process that labels into mine/
    mine/the-glass-ferry/   a page that is done: whole or not there

A page is done where a folder holds it and the journal has no later change of it; so a folder that is taken away is a page to be labelled again.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from reviewclean.data import Block, Label, Page
from reviewclean.errors import OutputError, ReviewcleanError, SampleError
from reviewclean.teaching.labelling.folders import disk, folder_name, locked, pages_in, sweep, write_folder
from reviewclean.teaching.labelling.queue import body_of, key_of
from reviewclean.teaching.samples import Sample, Told, lay, read_sample

JOURNAL, LOCK = ".labelling.jsonl", ".labelling.lock"

Status = Literal["new", "begun", "skipped", "done"]


class StaleError(ReviewcleanError):
    """A change was made to an older state of a page than the one that is kept."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as far as it is labelled: what is said of each of its blocks, and how often that was changed."""

    key: str
    name: str
    told: tuple[Told, ...]
    revision: int = 0
    status: Status = "new"


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of one block from now on."""

    block: int
    label: Label
    spans: tuple[tuple[str, Label], ...] = ()  # stretches of a review block that are not review


class Begun(msgspec.Struct, frozen=True, tag_field="event", tag="begun"):
    """The first change of a page is about to come: what its blocks are, and what was said of them before."""

    page: str
    name: str
    revision: int
    told: tuple[Told, ...]
    at: str = ""


class Changed(msgspec.Struct, frozen=True, tag_field="event", tag="changed"):
    page: str
    revision: int
    changes: tuple[Change, ...]
    at: str = ""


class Done(msgspec.Struct, frozen=True, tag_field="event", tag="done"):
    page: str
    revision: int
    folder: str
    at: str = ""


class Skipped(msgspec.Struct, frozen=True, tag_field="event", tag="skipped"):
    page: str
    at: str = ""


Event = Begun | Changed | Done | Skipped


class Store:
    """A folder that is labelled into, by one process at a time. Use it as a context; raises OutputError where another process holds it.

    All changes name the revision that they were made to; one that names an older revision than the last is refused with StaleError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._told: dict[str, tuple[Told, ...]] = {}  # of the pages that are begun and not done
        self._revisions: dict[str, int] = {}
        self._skipped: set[str] = set()
        with disk(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = locked(folder / LOCK)
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, self._lock)
            with disk(folder):
                sweep(folder)
                self._folders = {key: name for name, key in pages_in(folder)}
                self._journal = os.open(folder / JOURNAL, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
            undo.callback(os.close, self._journal)
            self._read()
            self._close = undo.pop_all()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self._close.close()

    @property
    def has_samples(self) -> bool:
        return bool(self._folders)

    def status(self, key: str) -> Status:
        return "skipped" if key in self._skipped else "begun" if key in self._told else "done" if key in self._folders else "new"

    def sheet(self, key: str, name: str, fresh: tuple[Told, ...]) -> Sheet:
        """What is said of a page so far: by its journal, else by its sample, else `fresh`, what the model says of its blocks."""
        told = self._told.get(key)
        if told is None and key in self._folders:
            told = read_sample(self.folder / self._folders[key]).told
        return Sheet(key, name, fresh if told is None else transferred(told, fresh), self._revisions.get(key, 0), self.status(key))

    def change(self, sheet: Sheet, revision: int, changes: Sequence[Change]) -> Sheet:
        """The sheet with some blocks changed, once that is on disk. Raises StaleError, and SampleError where a change does not fit its block."""
        self._check(sheet, revision)
        for change in changes:
            _check_change(change, sheet)
        begun = () if sheet.key in self._told else (Begun(sheet.key, sheet.name, revision, sheet.told, _now()),)
        self._append(*begun, Changed(sheet.key, revision + 1, tuple(changes), _now()))
        return self.sheet(sheet.key, sheet.name, sheet.told)

    def finish(self, sheet: Sheet, revision: int, sample: Sample) -> Path:
        """Write a page that is done; the folder that holds it. Raises StaleError."""
        self._check(sheet, revision)
        return self._put(sheet.key, revision + 1, sample)

    def put(self, sample: Sample) -> Path:
        """Take in a sample that was labelled elsewhere, in place of what was said of its page here; the folder that holds it.

        Where the sample that it was exported from is still here, known by its name and its text, that one keeps its page.
        """
        folder = self.folder / folder_name(sample.id)
        if (folder / "labels.jsonl").is_file() and _text_of(earlier := read_sample(folder)) == _text_of(sample):
            sample = replace(earlier, told=sample.told)
        key = key_of(body_of(sample.page)[0])
        return self._put(key, self._revisions.get(key, 0) + 1, sample)

    def skip(self, key: str) -> None:
        """Put a page off: it comes last, in later sittings too."""
        self._append(Skipped(key, _now()))

    # ------------------------------------------------------------ the journal

    def _check(self, sheet: Sheet, revision: int) -> None:
        latest = self._revisions.get(sheet.key, 0)
        if revision != latest:
            raise StaleError(f"{sheet.name} was changed in another tab (revision {latest}, not {revision}): it is loaded again, and this change was not taken")

    def _read(self) -> None:
        """Take up earlier sittings. A last line that was cut off by a crash was never confirmed, and is dropped."""
        path, end = self.folder / JOURNAL, 0
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                try:
                    self._take(msgspec.json.decode(line, type=Event))
                except (msgspec.DecodeError, UnicodeDecodeError, KeyError) as error:
                    raise OutputError(f"{path}:{number}: not a line of a labelling journal ({error}): restore the file, or label into another folder") from None
                end += len(line)
        os.ftruncate(self._journal, end)
        os.lseek(self._journal, end, os.SEEK_SET)

    def _append(self, *events: Event) -> None:
        """Events go to disk, all or none, and count from then on."""
        before = os.lseek(self._journal, 0, os.SEEK_CUR)
        lines = b"".join(msgspec.json.encode(event) + b"\n" for event in events)
        try:
            with disk(self.folder / JOURNAL):
                if os.write(self._journal, lines) < len(lines):
                    raise OSError("the disk is full")
                os.fsync(self._journal)
        except OutputError:
            os.ftruncate(self._journal, before)
            os.lseek(self._journal, before, os.SEEK_SET)
            raise
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        """What an event means."""
        match event:
            case Skipped(page=page):
                self._skipped.add(page)
            case Begun(page=page, told=told):
                self._told[page] = told
                self._skipped.discard(page)
            case Changed(page=page, revision=revision, changes=changes):
                self._told[page] = _changed(self._told[page], changes)
                self._revisions[page] = revision
                self._skipped.discard(page)
            case Done(page=page, revision=revision):
                self._told.pop(page, None)
                self._revisions[page] = revision
                self._skipped.discard(page)

    # ------------------------------------------------------------ samples

    def _put(self, key: str, revision: int, sample: Sample) -> Path:
        name = self._folders.get(key) or self._free(sample.id)
        folder = self.folder / name
        with disk(folder):
            write_folder(sample, folder)
        self._folders[key] = name
        self._append(Done(key, revision, name, _now()))
        return folder

    def _free(self, name: str) -> str:
        """A name for a new folder that no other has, on file systems that tell capitals from small letters and on others."""
        safe = folder_name(name)
        taken = {entry.name.casefold() for entry in self.folder.iterdir()}
        number, free = 1, safe
        while free.casefold() in taken:
            number += 1
            free = f"{safe}~{number}"
        return free


def _text_of(sample: Sample) -> str:
    return "\n".join(one.text for one in sample.told if one.text)


def transferred(told: Sequence[Told], fresh: tuple[Told, ...]) -> tuple[Told, ...]:
    """What was said of a page, on its blocks as they are cut today. Blocks of which nothing was said keep what `fresh` says of them."""
    if [one.text for one in told] == [one.text for one in fresh]:
        return tuple(told)
    laid = lay(Sample("", Page(""), tuple(told)), [Block(one.text) for one in fresh])
    return tuple(
        new if old.label is None else Told(new.text, old.label, tuple((new.text[span.start : span.end], span.label) for span in old.spans))
        for new, old in zip(fresh, laid, strict=True)
    )


def _check_change(change: Change, sheet: Sheet) -> None:
    if not 0 <= change.block < len(sheet.told):
        raise SampleError(f"{sheet.name} has no block {change.block}: load the page again")
    text = sheet.told[change.block].text
    if change.spans and change.label is not Label.REVIEW:
        raise SampleError(f"block {change.block} of {sheet.name} is {change.label}: only a review block has spans")
    for stretch, label in change.spans:
        if not stretch or stretch not in text or label is Label.REVIEW:
            raise SampleError(f"block {change.block} of {sheet.name} has no span {stretch[:60]!r} of {label}: mark it again")


def _changed(told: tuple[Told, ...], changes: Sequence[Change]) -> tuple[Told, ...]:
    new = {change.block: change for change in changes}
    return tuple(Told(one.text, new[i].label, new[i].spans) if i in new else one for i, one in enumerate(told))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
