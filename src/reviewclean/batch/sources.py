"""Where pages come from: files, folders, globs, standard input. Disk is read here."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from reviewclean.data import Page
from reviewclean.errors import InputError
from reviewclean.reading import MARKUP
from reviewclean.reading.decode import unpack

HTML = (".html", ".htm", ".xhtml", ".shtml")
TEXT = (".txt", ".text", ".md")
SNIFFED = 4096  # bytes of a file of unknown ending that are looked at
NOT_PAGES = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"RIFF": "a RIFF file (WebP, WAV)", b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive or office file",
    b"\x7fELF": "a program", b"MZ": "a program", b"OggS": "audio", b"ID3": "audio", b"\x00\x00\x01\x00": "an icon", b"SQLite": "a database", b"wOF": "a font", b"7z\xbc": "an archive", b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file", b"(\xb5/\xfd": "a zstd file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A page on disk: its name among the outputs (with forward slashes, unique in a run) and its path."""

    name: str
    path: str
    kind: Literal["auto", "html", "text"]

    def page(self) -> Page:
        """Read it. Raises InputError where it is no page."""
        try:
            body = Path(self.path).read_bytes()
        except OSError as error:
            raise InputError(f"cannot be read ({error.strerror})") from None
        return Page(checked(body), id=self.name, kind=self.kind)


def checked(body: bytes) -> bytes:
    """The bytes of a page, unpacked. Raises InputError where they are plainly something else."""
    body = unpack(body)
    for magic, what in NOT_PAGES.items():
        if body.startswith(magic):
            raise InputError(f"not a page: it begins like {what}")
    head = body[:SNIFFED]
    if head.count(0) > len(head) // 10 and not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        raise InputError("not a page: it is binary")
    return body


def find(inputs: Sequence[str]) -> list[Found]:
    """All pages that the inputs name, each once, in a stable order. Raises InputError where an input names none."""
    found: dict[str, Found] = {}
    for text in inputs:
        one = list(_expand(text))
        if not one:
            what = "no pages in it (files that end in .html, .htm, .xhtml or .txt, also with .gz, or begin like HTML)" if os.path.isdir(text) else "no such file or folder"
            raise InputError(f"{text}: {what}")
        for path, root in one:
            real = os.path.realpath(path)
            if real not in found:
                found[real] = Found(_name(path, root), str(path), _kind(path))
    return _unique(list(found.values()))


def _expand(text: str) -> Iterator[tuple[str, str]]:
    """(path, root that its name is relative to) of all pages that one input names."""
    if os.path.isdir(text):
        for path in _walk(text):
            yield path, text
    elif os.path.exists(text):
        yield text, os.path.dirname(text)
    elif any(c in text for c in "*?["):
        root = os.path.dirname(text.split("*", maxsplit=1)[0].split("?", maxsplit=1)[0].split("[", maxsplit=1)[0])
        for path in sorted(glob.glob(text, recursive=True)):
            if os.path.isfile(path):
                yield path, root


def _walk(folder: str) -> Iterator[str]:
    """Pages below a folder, in order of their names; links to folders are not followed, so no loop is."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(place, name)
            if os.path.isfile(path) and (_kind(path) != "auto" or _sniffed(path)):
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
    return MARKUP.match(head.decode("utf-8", "ignore").lstrip("\ufeff")) is not None


def _name(path: str, root: str) -> str:
    """A name for the outputs that stays below OUT, whatever the path was."""
    relative = os.path.relpath(path, root or ".")
    parts = [part for part in PurePosixPath(relative.replace(os.sep, "/")).parts if part not in ("..", "/", ".")]
    return "/".join(parts).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _unique(found: list[Found]) -> list[Found]:
    """Two inputs of one name (from two folders) get names apart."""
    taken: set[str] = set()
    out = []
    for one in found:
        name, n = one.name, 2
        while name in taken:
            stem, dot, ending = one.name.partition(".")
            name, n = f"{stem}~{n}{dot}{ending}", n + 1
        taken.add(name)
        out.append(Found(name, one.path, one.kind))
    return out


def standard_input() -> Page:
    """The one page that stands on standard input."""
    return Page(checked(sys.stdin.buffer.read()), id="-")
