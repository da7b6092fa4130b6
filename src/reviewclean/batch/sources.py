"""Where pages come from: files, folders, globs, lists of files, standard input; and the files of `records`. Disk is read here and there.

Everything is handed out one by one, in a stable order, so that a run over any number of pages needs the memory of a few.
"""

from __future__ import annotations

import glob
import os
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import Literal

from reviewclean.batch import records
from reviewclean.batch.records import GUESSED, Fields, Record
from reviewclean.batch.seen import Seen
from reviewclean.data import Page
from reviewclean.errors import InputError
from reviewclean.reading import MARKUP
from reviewclean.reading.decode import unpack

HTML = (".html", ".htm", ".xhtml", ".shtml")
TEXT = (".txt", ".text", ".md")
SNIFFED = 4096  # bytes of a file of unknown ending that are looked at
MAX_READ = 1 << 31  # bytes of a file that are read at most: the limits refuse far smaller ones
NOT_PAGES = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"RIFF": "a RIFF file (WebP, WAV)", b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or office file",
    b"\x7fELF": "a program", b"MZ": "a program", b"OggS": "audio", b"ID3": "audio", b"\x00\x00\x01\x00": "an icon", b"SQLite": "a database", b"wOF": "a font", b"7z\xbc": "an archive", b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file", b"(\xb5/\xfd": "a zstd file", b"PAR1": "a Parquet file", b"WARC/1": "a WARC file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One input of a run: a file that is read when its turn comes, or a record that carries its page."""

    name: str  # unique in a run, with forward slashes; also its name among the outputs
    path: str = ""
    kind: Literal["auto", "html", "text"] = "auto"
    record: Record | None = None

    def page(self) -> Page:
        """Read it. Raises InputError where it is no page."""
        if self.record is None:
            try:
                with open(self.path, "rb") as file:
                    return Page(checked(file.read(MAX_READ)), id=self.name, kind=self.kind)
            except OSError as error:
                raise InputError(f"cannot be read ({error.strerror})") from None
        if self.record.why:
            raise InputError(self.record.why)
        if isinstance(self.record.body, bytes):
            checked(self.record.body)
        return Page(self.record.body, id=self.name, kind=self.record.kind, url=self.record.url or None, charset=self.record.charset or None)


def checked(body: bytes) -> bytes:
    """The bytes of a page as they are. Raises InputError where they are plainly something else."""
    head = unpack(body[: 4 * SNIFFED], SNIFFED)
    for magic, what in NOT_PAGES.items():
        if head.startswith(magic):
            raise InputError(f"not a page: it begins like {what}")
    if head.count(0) > len(head) // 10 and not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise InputError("not a page: it is binary")
    return body


def items(inputs: Sequence[str], listed: Iterable[str] = (), fields: Fields = GUESSED) -> Iterator[Item]:
    """All pages that the inputs and the list of files name, each file once, in a stable order.

    Raises InputError at once where an input names none, or a file of records lacks the fields that are asked for.
    """
    ways = [_checked_input(text, fields) for text in inputs]
    return _unique(chain(*ways, chain.from_iterable(_listed(line, fields) for line in listed)))


def _checked_input(text: str, fields: Fields) -> Iterator[Item]:
    """The pages of one input, of which the first has been found."""
    if records.are_records(text) and os.path.isfile(text):
        return _records(text, fields)
    way = _expand(text, fields)
    first = next(way, None)
    if first is None:
        what = "no pages in it (files that end in .html, .htm, .xhtml or .txt, also with .gz, or begin like HTML); name JSONL, Parquet and WARC files themselves"
        raise InputError(f"{text}: {what if os.path.isdir(text) else 'no such file or folder'}")
    return chain((first,), way)


def _listed(line: str, fields: Fields) -> Iterator[Item]:
    """What one line of a list of files names; a file that is not there is recorded as failed when its turn comes."""
    if records.are_records(line) and os.path.isfile(line):
        return _records(line, fields)
    return iter((Item(_name(line, "/" if os.path.isabs(line) else ""), line, _kind(line)),))


def _expand(text: str, fields: Fields) -> Iterator[Item]:
    """The pages that one input names."""
    if os.path.isdir(text):
        for path in _walk(text):
            yield Item(_name(path, text), path, _kind(path))
    elif os.path.exists(text):
        yield Item(_name(text, os.path.dirname(text)), text, _kind(text))
    elif any(c in text for c in "*?["):
        root = os.path.dirname(text.split("*", maxsplit=1)[0].split("?", maxsplit=1)[0].split("[", maxsplit=1)[0])
        for path in sorted(glob.iglob(text, recursive=True)):
            if os.path.isfile(path):
                yield from _records(path, fields) if records.are_records(path) else (Item(_name(path, root), path, _kind(path)),)


def _records(path: str, fields: Fields) -> Iterator[Item]:
    """The pages of a file of records, named by their id, else their address, else their place."""
    return (Item(record.id or record.url or f"{os.path.basename(path)}#{number}", path, record=record) for number, record in enumerate(records.read(path, fields), 1))


def _walk(folder: str) -> Iterator[str]:
    """Pages below a folder, in order of their names; links to folders are not followed, so no loop is."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(place, name)
            if not records.are_records(name) and os.path.isfile(path) and (_kind(path) != "auto" or _sniffed(path)):
                yield path


def _kind(path: str) -> Literal["auto", "html", "text"]:
    name = path.lower().removesuffix(".gz")
    return "html" if name.endswith(HTML) else "text" if name.endswith(TEXT) else "auto"


def _sniffed(path: str) -> bool:
    """Whether a file of unknown ending begins like HTML."""
    try:
        with open(path, "rb") as file:
            head = unpack(file.read(SNIFFED))
    except OSError:
        return False
    return MARKUP.match(head.removeprefix(BOM_UTF8)) is not None


def _name(path: str, root: str) -> str:
    """A name for the outputs that stays below OUT, whatever the path was."""
    relative = os.path.relpath(path, root or ".")
    parts = [part for part in PurePosixPath(relative.replace(os.sep, "/")).parts if part not in ("..", "/", ".")]
    return "/".join(parts).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _unique(found: Iterator[Item]) -> Iterator[Item]:
    """Each file once; two inputs of one name (from two folders, or two records) get names apart."""
    files, names = Seen(), Seen()
    for item in found:
        if item.record is not None or files.add(os.path.realpath(item.path)):
            stem, dot, ending = (item.name, "", "") if item.record is not None else item.name.partition(".")
            yield replace(item, name=names.unique(item.name, (f"{stem}~{n}{dot}{ending}" for n in count(2))))


def how_many(inputs: Sequence[str]) -> int | None:
    """How many pages the inputs hold, for a progress bar: files are counted by their names; None where there are others."""
    if any(records.are_records(text) for text in inputs):
        return None
    return sum(sum(_kind(name) != "auto" for _, _, files in os.walk(text) for name in files) if os.path.isdir(text) else 1 for text in inputs)


def lines_of(file: Path) -> Iterator[str]:
    """The lines of a list of files, which may come from standard input ("-")."""
    try:
        with sys.stdin.buffer if str(file) == "-" else file.open("rb") as lines:
            for line in lines:
                if path := os.fsdecode(line.rstrip(b"\r\n")):
                    yield path
    except OSError as error:
        raise InputError(f"{file}: the list of files cannot be read ({error.strerror})") from None


def standard_input() -> Page:
    """The one page that stands on standard input."""
    return Page(checked(sys.stdin.buffer.read()), id="-")
