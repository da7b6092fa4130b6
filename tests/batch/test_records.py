"""Files of many pages: JSON lines, Parquet, WARC."""

import gzip
import io
import json
from pathlib import Path

import pytest
from tests.conftest import PAGE

from reviewclean.batch import records
from reviewclean.batch.records import GUESSED, Fields, read
from reviewclean.batch.sources import items
from reviewclean.errors import InputError


def lines(path: Path, *rows: object) -> str:
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return str(path)


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.NDJSON"])
def test_json_lines_hold_pages(tmp_path: Path, name: str) -> None:
    """With an id, an address, html or text; fields are guessed or named."""
    path = lines(tmp_path / name, {"id": 7, "url": "https://a.example/x", "html": PAGE}, "", {"text": "plain"}, {"page": PAGE})
    first, second, third = read(path, GUESSED)
    assert (first.id, first.url, first.body, first.kind) == ("7", "https://a.example/x", PAGE, "html")
    assert (second.body, second.kind) == ("plain", "text")
    assert "no field html, raw_html, content, body, text, raw_content" in third.why
    assert [record.body for record in read(path, Fields(html="page"))][-1] == PAGE


def test_a_bad_line_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not JSON, no object, longer than may be, nested beyond reason: each is told with its number."""
    monkeypatch.setattr(records, "LONGEST_LINE", 300_000)
    path = lines(tmp_path / "x.jsonl", "{", "[1]", json.dumps({"html": "x" * 400_000}), "[" * 100_000, {"html": "<p>good"})
    found = list(read(path, GUESSED))
    assert [word in record.why for word, record in zip(("line 1 of", "no JSON object", "limit bytes", "line 4 of"), found, strict=False)] == [True] * 4
    assert found[4].body == "<p>good" and not found[4].why


def test_a_packed_file_that_is_cut_off_says_so(tmp_path: Path) -> None:
    """What came before is used."""
    path = Path(lines(tmp_path / "x.jsonl.gz", *({"html": f"<p>{i}", "id": str(i)} for i in range(5000))))
    path.write_bytes(path.read_bytes()[:-500])
    found = list(read(str(path), GUESSED))
    assert found[0].id == "0" and "cut off or damaged" in found[-1].why and not any(record.why for record in found[:-1])


def test_parquet_holds_pages(tmp_path: Path) -> None:
    """In a column that is guessed or named; a file without one is refused at once, with what it has."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = str(tmp_path / "x.parquet")
    pq.write_table(pa.table({"id": ["a", "b"], "raw_html": [PAGE, None], "stars": [4, 5]}), path)
    first, second = read(path, GUESSED)
    assert (first.id, first.body) == ("a", PAGE) and "row 2 of" in second.why
    with pytest.raises(InputError, match="no column page; it has id, raw_html, stars: name one with --html-field"):
        read(path, Fields(html="page"))
    Path(path).write_bytes(Path(path).read_bytes()[:100])
    with pytest.raises(InputError, match="damaged"):
        read(path, GUESSED)


def warc(*bodies: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    out = io.BytesIO()
    for number, body in enumerate(bodies):
        http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/{number}\r\nWARC-Date: 2024-05-05T05:05:05Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        out.write(gzip.compress(head.encode() + f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n".encode() + http + b"\r\n\r\n"))
    return out.getvalue()


def test_warc_holds_pages(tmp_path: Path) -> None:
    """Responses that are pages and went well, with address and charset; images and errors are passed over."""
    path = tmp_path / "x.warc.gz"
    path.write_bytes(warc(PAGE.encode(), PAGE.encode()) + warc(b"\x89PNG", kind="image/png") + warc(b"<p>gone", status="404 Not Found"))
    found = list(items([str(path)]))
    assert [item.name for item in found] == ["https://a.example/0", "https://a.example/1"]
    page = found[0].page()
    assert page.body == PAGE.encode() and page.url == "https://a.example/0" and page.charset == "utf-8"


def test_a_warc_that_is_cut_in_the_middle_says_so(tmp_path: Path) -> None:
    """The records before the cut are used, and no half page is taken for a whole one."""
    path = tmp_path / "x.warc.gz"
    whole = warc(PAGE.encode(), *(PAGE.replace("Marta", f"{i:05}" * 50).encode() for i in range(20)))
    path.write_bytes(whole[: len(whole) * 2 // 3])
    found = list(read(str(path), GUESSED))
    assert len(found) > 5 and found[-1].why
    assert all(record.body.endswith(b"</html>") for record in found[:-1] if isinstance(record.body, bytes))


def test_records_of_one_name_stay_apart(tmp_path: Path) -> None:
    """An address that was fetched twice."""
    path = lines(tmp_path / "x.jsonl", {"html": "a", "url": "u"}, {"html": "b", "url": "u"}, {"html": "c"})
    assert [item.name for item in items([path])] == ["u", "u~2", "x.jsonl#3"]
