"""Where results go: one file a page, or one file of JSON lines. Whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reviewclean.data import Cleaned
from reviewclean.errors import DiskError, OutputError
from reviewclean.writing.render import as_markdown, as_record, as_text

FORMATS = ("txt", "md", "json", "jsonl")
ENDINGS = (".html", ".htm", ".xhtml", ".shtml", ".txt", ".text", ".md")
STOPPERS = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up", errno.EROFS: "it is read-only", errno.EIO: "the disk fails"}
REPORT = "report.json"


def rendered(cleaned: Cleaned, form: str) -> str:
    """A page in one of FORMATS; ends in a line break where it holds anything."""
    if form in ("json", "jsonl"):
        return json.dumps(as_record(cleaned), ensure_ascii=False, indent=1 if form == "json" else None) + "\n"
    text = as_markdown(cleaned) if form == "md" else as_text(cleaned)
    return text + "\n" if text else ""


def target(out: Path, names: Iterable[str], form: str) -> dict[str, Path]:
    """Where each page goes: its own name below OUT with the format's ending; two that would meet keep their own ending as well."""
    places: dict[str, Path] = {}
    taken = {REPORT}  # a page called report.html must not become it
    for name in names:
        bare = name.removesuffix(".gz")
        for ending in ENDINGS:
            if bare.lower().endswith(ending):
                bare = bare[: -len(ending)]
                break
        place = f"{bare}.{form}"
        while place in taken:
            place = f"{name}.{form}" if f"{name}.{form}" not in taken else f"{place}~.{form}"
        taken.add(place)
        places[name] = out / place
    return places


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all. Raises OutputError with what to do."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise output_error(path, error) from None


def output_error(path: Path, error: OSError) -> OutputError:
    """The sentence for a failed write; a DiskError where going on would fail for every page."""
    why = STOPPERS.get(error.errno or 0)
    if why is None:
        return OutputError(f"{path}: cannot be written: {error.strerror or error}; choose another -o, or clear the way")
    return DiskError(f"{path}: cannot be written: {why}. What was finished is kept; make room or choose another -o, and run the same command again")


class Lines:
    """One file of JSON lines that grows as pages are done: below its name with .part until it is whole; a second run goes on from there."""

    def __init__(self, path: Path, again: bool = False) -> None:
        self.path, self.part = path, path.with_name(path.name + ".part")
        self.done: set[str] = set()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if again:
                path.unlink(missing_ok=True)
                self.part.unlink(missing_ok=True)
            else:
                self._take_up(self.part if self.part.exists() else path)
            self._file = self.part.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")
        except OSError as error:
            raise output_error(path, error) from None

    def _take_up(self, earlier: Path) -> None:
        """Take note of what an earlier run wrote; a last line that was cut off is dropped. A file that is not ours is not touched."""
        if not earlier.exists():
            return
        end = 0
        with earlier.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                try:
                    row: dict[str, Any] = json.loads(line)
                    self.done.add(row["id"])
                except (ValueError, KeyError, TypeError):
                    raise OutputError(f"{earlier}:{number}: not a line of ours, so the file is left as it is: choose another name, or --again to begin anew") from None
                end += len(line)
        if earlier != self.part:
            os.replace(earlier, self.part)
        with self.part.open("r+b") as file:
            file.truncate(end)

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            raise output_error(self.path, error) from None

    def finish(self) -> None:
        """All is in: the file gets its name."""
        self.close()
        os.replace(self.part, self.path)

    def close(self) -> None:
        self._file.close()
