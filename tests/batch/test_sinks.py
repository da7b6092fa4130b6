"""Results are written whole or not at all."""

import errno
import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from reviewclean.batch import shards
from reviewclean.batch.shards import Shards
from reviewclean.batch.sinks import Files, Lines, safe_path, sink
from reviewclean.batch.whole import write_whole
from reviewclean.errors import DiskError, OutputError


def target(out: Path, names: list[str], form: str) -> dict[str, Path]:
    files = Files(out, form, again=False)
    return {name: files.place(name) for name in names}


def test_names_are_mirrored_and_stay_apart(tmp_path: Path) -> None:
    """Two pages that would meet keep their endings."""
    places = target(tmp_path, ["a/x.html", "a/x.htm", "b/y.txt.gz", "z"], "md")
    assert [place.relative_to(tmp_path).as_posix() for place in places.values()] == ["a/x.md", "a/x.htm.md", "b/y.md", "z.md"]


def test_no_page_takes_the_place_of_the_report_or_of_another(tmp_path: Path) -> None:
    """Whatever the names."""
    places = target(tmp_path, ["a.html.json.txt", "a.htm", "report.html", "a.html"], "json")
    assert len(set(places.values())) == 4
    assert tmp_path / "report.json" not in places.values()


@pytest.mark.parametrize("form", ["txt", "jsonl", "parquet"])
@pytest.mark.parametrize("instead", [True, False])
def test_a_folder_that_is_another_one_now_ends_the_run(tmp_path: Path, form: str, instead: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where its mount vanished: nothing is written beside what was there, and a sentence says what to do."""
    if form == "parquet":
        pytest.importorskip("pyarrow")
    monkeypatch.setattr(shards, "SHARD", 1)
    out = tmp_path / "out"
    opened = sink(out, form, again=False)
    line = json.dumps({"id": "a", "removed": []}) + "\n"
    assert not opened.has("a")
    assert not opened.has("b")
    opened.put("a", line)
    before = sorted(path.name for path in out.iterdir())
    out.rename(tmp_path / "elsewhere")
    if instead:
        out.mkdir()
    with closing(opened), pytest.raises(DiskError, match="it is gone, or another folder has its name now"):
        opened.put("b", line)
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == before and (not out.exists() or not list(out.iterdir()))


@pytest.mark.parametrize(("number", "why"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "it is read-only"), (errno.ESTALE, "the file system is gone"), (errno.EIO, "the disk fails")])
def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str) -> None:
    """A full disk, a read-only or vanished one: no half file, and a sentence that says what to do."""

    def full(*_: object, **__: object) -> int:
        raise OSError(number, "no")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match=f"{why}.*run the same command again"):
        write_whole(tmp_path / "a" / "x.txt", "text")
    assert os.listdir(tmp_path / "a") == []


def test_lines_go_on_where_an_earlier_run_was_cut_off(tmp_path: Path) -> None:
    """A half last line is dropped; whole ones are known as done."""
    path = tmp_path / "reviews.jsonl"
    first = Lines(path)
    first.write('{"id": "a"}\n')
    first.write('{"id": "b", "te')
    first.close()
    assert not path.exists()
    second = Lines(path)
    assert second.has("a") and not second.has("b")
    second.write('{"id": "b"}\n')
    second.finish()
    assert path.read_text() == '{"id": "a"}\n{"id": "b"}\n'
    for again in (False, True):
        lines = Lines(path, again)
        assert lines.has("a") is lines.has("b") is not again
        lines.close()


def test_a_file_beside_is_cut_to_what_the_main_one_has(tmp_path: Path) -> None:
    """A run that was killed between the two writes must not tell of a page twice."""
    path = tmp_path / "removed.jsonl"
    first = Lines(path)
    first.write('{"id": "a"}\n{"id": "b"}\n')
    first.close()
    second = Lines(path, known=lambda name: name == "a")
    second.write('{"id": "b", "again": 1}\n')
    second.finish()
    assert path.read_text() == '{"id": "a"}\n{"id": "b", "again": 1}\n'


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "etc/passwd"), ("https://example.org/a/b.html?q=1", "example.org/a/b.html_q=1"), ("/a//b", "a/b"), ("...", "page"), ("C:\\x\x00y", "C__x_y"), ("caf\udce9", "caf\udce9"),
    ],
)  # fmt: skip
def test_no_name_climbs_out(name: str, path: str) -> None:
    """Addresses, ids and paths become relative paths that a file system takes."""
    assert safe_path(name) == path
    assert all(len(part.encode("utf-8", "replace")) < 255 for part in safe_path(name * 300).split("/"))


def test_parquet_files_are_whole_and_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files of two pages and one; a second run goes on behind them, and a strange file is not touched."""
    monkeypatch.setattr("reviewclean.batch.shards.SHARD", 2)
    row = '{{"id": "{}", "url": null, "title": "t", "author": "", "date": "", "site": "", "language": "en", "rating": "", "text": "x", "confidence": 0.5, "note": "", "removed": []}}\n'
    shards = Shards(tmp_path, again=False)
    for name in "abcde":
        shards.put(name, row.format(name))
    shards.finish()
    told = json.loads((tmp_path / "manifest.json").read_text())
    assert told["pages"] == 5 and [file["rows"] for file in told["files"]] == [2, 2, 1]
    again = Shards(tmp_path, again=False)
    assert again.has("e") and not again.has("f")
    again.put("f", row.format("f"))
    again.finish()
    assert json.loads((tmp_path / "manifest.json").read_text())["files"][3]["first"] == "f"
    (tmp_path / "reviews-00009.parquet").write_text("mine")
    with pytest.raises(OutputError, match="not a Parquet file of ours"):
        Shards(tmp_path, again=False)


def test_a_file_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    """Lines that are not ours are neither read as done nor cut off."""
    path = tmp_path / "mine.jsonl"
    path.write_text('{"name": "x"}\n{"name": "y"}\n')
    with pytest.raises(OutputError, match=r"mine.jsonl:1: not a line of ours"):
        Lines(path)
    assert path.read_text() == '{"name": "x"}\n{"name": "y"}\n'
