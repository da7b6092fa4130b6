"""Files that hold many pages: JSON lines, Parquet, WARC. Each is read record by record, in constant memory."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import msgspec

from reviewclean.errors import InputError

JSONL = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
PARQUET = (".parquet",)
WARC = (".warc", ".warc.gz", ".wet.gz", ".wet")
HTML_FIELDS = ("html", "raw_html", "content", "body")  # where pages are looked for, unless --html-field says where
TEXT_FIELDS = ("text", "raw_content")
LONGEST_LINE = 128_000_000  # bytes of a line of JSON: what is longer is passed over, and recorded
ROWS = 64  # of a Parquet file that are in memory at a time
READABLE = ("html", "text/plain", "xml")  # in the content type of a record of a WARC file that may be a page
DAMAGED = (OSError, EOFError, zlib.error, ValueError)  # what reading a damaged file raises


@dataclass(frozen=True, slots=True)
class Fields:
    """Names of the fields (or columns) of a record; empty ones are guessed."""

    html: str = ""
    text: str = ""
    url: str = "url"
    id: str = "id"

    def body(self, names: Sequence[str]) -> tuple[str, Literal["html", "text"]] | None:
        """Which of the names holds the page, and what it is."""
        if self.html or self.text:
            return (self.html, "html") if self.html in names else (self.text, "text") if self.text in names else None
        for guesses, kind in ((HTML_FIELDS, "html"), (TEXT_FIELDS, "text")):
            for guess in guesses:
                if guess in names:
                    return guess, kind  # type: ignore[return-value]  # the pairs above are what is promised
        return None

    @property
    def asked(self) -> str:
        return " or ".join(filter(None, (self.html, self.text))) or ", ".join((*HTML_FIELDS, *TEXT_FIELDS))


GUESSED = Fields()


@dataclass(frozen=True, slots=True)
class Record:
    """A page as a file of records has it, or why there is none."""

    body: bytes | str = b""
    kind: Literal["auto", "html", "text"] = "auto"
    id: str = ""
    url: str = ""
    charset: str = ""
    why: str = ""


def are_records(path: str) -> bool:
    """Whether a file holds many pages, by its ending."""
    return path.lower().endswith((*JSONL, *PARQUET, *WARC))


def read(path: str, fields: Fields) -> Iterator[Record]:
    """The records of a file. Raises InputError at once where it cannot be opened or lacks the fields; what is damaged further on is a record with a reason."""
    name = path.lower()
    read_one = _jsonl if name.endswith(JSONL) else _parquet if name.endswith(PARQUET) else _warc
    try:
        way = read_one(path, fields)
        first = next(way, None)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from None
    return iter(()) if first is None else chain((first,), way)


# ---------------------------------------------------------------- JSON lines


def _jsonl(path: str, fields: Fields) -> Iterator[Record]:
    with open(path, "rb") as packed, gzip.open(packed) if path.lower().endswith(".gz") else packed as file:
        number = 0
        while True:
            number += 1
            try:
                line = file.readline(LONGEST_LINE + 1)
                if len(line) > LONGEST_LINE:
                    _pass_over(file.readline)
                    yield Record(why=f"line {number} of {path}: limit bytes: it is longer than {LONGEST_LINE:,} bytes")
                    continue
            except DAMAGED as error:
                yield Record(why=f"{path} is cut off or damaged after line {number - 1} ({error})")
                return
            if not line:
                return
            if line.strip():
                yield _of_line(line, number, path, fields)


def _pass_over(readline: Callable[[int], bytes]) -> None:
    """Read to the end of a line without keeping it."""
    while (part := readline(1 << 20)) and not part.endswith(b"\n"):
        pass


def _of_line(line: bytes, number: int, path: str, fields: Fields) -> Record:
    try:
        row = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Record(why=f"line {number} of {path} is not JSON ({error})")
    if not isinstance(row, dict):
        return Record(why=f"line {number} of {path} is no JSON object")
    return _of_row(row, fields, f"line {number} of {path}")


def _of_row(row: dict[str, Any], fields: Fields, where: str) -> Record:
    found = fields.body([name for name, value in row.items() if isinstance(value, str | bytes)])
    if found is None:
        return Record(id=_word(row.get(fields.id)), url=_word(row.get(fields.url)), why=f"{where} has no field {fields.asked} that holds a page: name it with --html-field or --text-field")
    name, kind = found
    return Record(row[name], kind, _word(row.get(fields.id)), _word(row.get(fields.url)))


def _word(value: Any) -> str:
    return str(value) if isinstance(value, str | int) else ""


# ---------------------------------------------------------------- Parquet


def _parquet(path: str, fields: Fields) -> Iterator[Record]:
    try:
        import pyarrow.parquet
    except ImportError:
        raise InputError(f"{path}: reading Parquet needs pyarrow: pip install 'reviewclean[parquet]'") from None
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except pyarrow.ArrowInvalid as error:
        raise InputError(f"{path}: not a Parquet file, or a damaged one ({error})") from None
    with file:
        names = file.schema_arrow.names
        found = fields.body(names)
        if found is None:
            raise InputError(f"{path}: no column {fields.asked}; it has {', '.join(names)}: name one with --html-field or --text-field")
        columns = [found[0], *(name for name in (fields.id, fields.url) if name in names)]
        try:
            for number, batch in enumerate(file.iter_batches(ROWS, columns=columns)):
                for at, row in enumerate(batch.to_pylist(), 1):
                    yield _of_row(row, fields, f"row {number * ROWS + at} of {path}")
        except (OSError, pyarrow.ArrowException) as error:
            yield Record(why=f"{path} is damaged ({error})")


# ---------------------------------------------------------------- WARC


def _warc(path: str, _: Fields) -> Iterator[Record]:
    """The pages of a WARC file: responses that are HTML or text and went well, and texts that were extracted already (WET)."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise InputError(f"{path}: reading WARC needs fastwarc: pip install 'reviewclean[warc]'") from None
    number = last = 0
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        try:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource):
                number, last = number + 1, record.stream_pos
                http = record.http_headers
                if http is not None and (http.status_code or 200) != 200:
                    continue
                kind = (record.http_content_type or record.headers.get("Content-Type") or "").lower()
                if kind and not any(word in kind for word in READABLE):
                    continue
                body, promised = record.reader.read(), record.content_length
                if len(body) < promised:
                    yield Record(url=record.headers.get("WARC-Target-URI") or "", why=f"record {number} of {path} is cut off: {len(body):,} of {promised:,} bytes are there")
                    continue
                yield Record(
                    body, "text" if "text/plain" in kind else "html", url=(record.headers.get("WARC-Target-URI") or "").strip("<>"), charset=record.http_charset or ""
                )
        except DAMAGED as error:
            yield Record(why=f"{path} is damaged after record {number} ({error})")
            return
    if not number and size:
        yield Record(why=f"{path}: no record of a WARC file is in it")
    elif not _ends_whole(path, last):
        yield Record(why=f"{path} is cut off after record {number}")


def _ends_whole(path: str, start: int) -> bool:
    """Whether what follows `start` in a packed file can be unpacked to its end: the reader says nothing of a record whose head is cut."""
    with open(path, "rb") as file:
        file.seek(start)
        unpacker = None
        while part := file.read(1 << 16):
            while part:
                if unpacker is None:
                    if not part.startswith(b"\x1f"):
                        return True  # not packed
                    unpacker = zlib.decompressobj(wbits=31)
                unpacker.decompress(part)
                part = unpacker.unused_data
                if unpacker.eof:
                    unpacker = None
    return unpacker is None
