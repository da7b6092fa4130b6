"""Where results go: one file a page, one file of JSON lines, or Parquet files of some thousand pages. Whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

from reviewclean.batch.seen import Seen
from reviewclean.batch.shards import Shards
from reviewclean.batch.whole import Folder, disk, part_of, write_whole
from reviewclean.data import Cleaned
from reviewclean.errors import OutputError
from reviewclean.writing.render import as_markdown, as_record

FORMATS = ("txt", "md", "json", "jsonl", "parquet")
ENDINGS = (".html", ".htm", ".xhtml", ".shtml", ".txt", ".text", ".md")
REPORT = "report.json"
LONGEST_NAME = 200  # bytes of a part of a path: file systems allow 255, and endings come on top
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")


def rendered(cleaned: Cleaned, form: str, plain: str) -> str:
    """A page in one of FORMATS; ends in a line break where it holds anything. `plain`: its text."""
    if form in ("json", "jsonl", "parquet"):
        return json.dumps(as_record(cleaned), ensure_ascii=False, indent=1 if form == "json" else None) + "\n"
    text = as_markdown(cleaned) if form == "md" else plain
    return text + "\n" if text else ""


class Sink(Protocol):
    """Where pages go, one after another."""

    def has(self, name: str) -> bool:
        """Whether an earlier run wrote this page; asked once for each, in the order of the inputs."""

    def known(self, name: str) -> bool:
        """The same, asked of names that an earlier run has told, at any time."""

    def put(self, name: str, text: str) -> None:
        """Write a page. Raises OutputError where it alone cannot be written, DiskError where none can."""

    def finish(self) -> None:
        """All pages are in."""

    def close(self) -> None:
        """The run ends here, finished or not."""


def sink(out: Path, form: str, again: bool) -> Sink:
    """The sink for one of FORMATS."""
    if form == "jsonl":
        return Lines(out / "reviews.jsonl", again)
    return Shards(out, again) if form == "parquet" else Files(out, form, again)


class Files:
    """A file for each page."""

    def __init__(self, out: Path, form: str, again: bool) -> None:
        self._out, self._form, self._again = out, form, again
        self._folder = Folder(out)
        self._taken = Seen()
        self._taken.add(REPORT)  # a page called report.html must not become it
        self._places: dict[str, Path] = {}  # of the pages that are under way

    def place(self, name: str) -> Path:
        """Where a page goes: its own name below OUT with the format's ending; two that would meet keep their own ending as well."""
        safe = safe_path(name)
        bare = _bare(safe)

        def others() -> Iterator[str]:
            yield f"{safe}.{self._form}"
            place = bare
            while True:
                place += "~"
                yield f"{place}.{self._form}"

        return self._out / self._taken.unique(f"{bare}.{self._form}", others())

    def has(self, name: str) -> bool:
        place = self.place(name)
        if not self._again and place.is_file():
            return True
        self._places[name] = place
        return False

    def known(self, name: str) -> bool:
        safe = safe_path(name)
        return any((self._out / f"{stem}.{self._form}").is_file() for stem in (_bare(safe), safe))

    def put(self, name: str, text: str) -> None:
        self._folder.check()
        write_whole(self._places.pop(name), text)

    def finish(self) -> None:
        """Each page is whole already."""

    def close(self) -> None:
        """No file is open."""


def _bare(name: str) -> str:
    """A name without the ending of a page."""
    bare = name.removesuffix(".gz")
    ending = next((ending for ending in ENDINGS if bare.lower().endswith(ending)), "")
    return bare[: len(bare) - len(ending)]


def safe_path(name: str) -> str:
    """A relative path from a name that may be anything: an address, an id, a path that climbs."""
    parts = []
    for part in SCHEME.sub("", name).split("/"):
        safe = UNSAFE.sub("_", part).rstrip(" .") if part not in (".", "..") else ""
        if len(safe.encode("utf-8", "replace")) > LONGEST_NAME:
            digest = blake2b(part.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
            safe = safe.encode("utf-8", "replace")[: LONGEST_NAME - 14].decode("utf-8", "ignore") + "~" + digest
        if safe:
            parts.append(safe)
    return "/".join(parts) or "page"


# ---------------------------------------------------------------- JSON lines


class Lines:
    """One file of JSON lines that grows as pages are done: below its name with .part until it is whole; a second run goes on from there."""

    def __init__(self, path: Path, again: bool = False, known: Callable[[str], bool] | None = None) -> None:
        """`known`: of a file beside another, whether that other has a page: what goes beyond it was written just before the run was killed."""
        self.path, self.part = path, part_of(path)
        self._folder = Folder(path.parent)
        self._done = Seen()
        with disk(path):
            if again:
                path.unlink(missing_ok=True)
                self.part.unlink(missing_ok=True)
            else:
                self._take_up(self.part if self.part.exists() else path, known)
            self._file = self.part.open("a", encoding="utf-8", errors="backslashreplace", newline="\n")

    def _take_up(self, earlier: Path, known: Callable[[str], bool] | None) -> None:
        """Take note of what an earlier run wrote; a last line that was cut off is dropped. A file that is not ours is not touched."""
        if not earlier.exists():
            return
        end = 0
        with earlier.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    break
                try:
                    name: str = json.loads(line)["id"]
                    self._done.add(name)
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise OutputError(f"{earlier}:{number}: not a line of ours, so the file is left as it is: choose another name, or --again to begin anew") from None
                if known is not None and not known(name):
                    break
                end += len(line)
        if earlier != self.part:
            os.replace(earlier, self.part)
        with self.part.open("r+b") as file:
            file.truncate(end)

    def has(self, name: str) -> bool:
        return name in self._done

    def known(self, name: str) -> bool:
        return self.has(name)

    def put(self, name: str, text: str) -> None:
        self.write(text)

    def write(self, text: str) -> None:
        self._folder.check()
        with disk(self.path):
            self._file.write(text)
            self._file.flush()

    def finish(self) -> None:
        """All is in: the file gets its name."""
        with disk(self.path):
            self._file.close()
            os.replace(self.part, self.path)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # each line was flushed, and what went wrong then was told
            self._file.close()
