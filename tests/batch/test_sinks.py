"""Results are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from reviewclean.batch.sinks import Lines, target, write_whole
from reviewclean.errors import OutputError


def test_names_are_mirrored_and_stay_apart() -> None:
    """Two pages that would meet keep their endings."""
    places = target(Path("out"), ["a/x.html", "a/x.htm", "b/y.txt.gz", "z"], "md")
    assert [str(p) for p in places.values()] == ["out/a/x.md", "out/a/x.htm.md", "out/b/y.md", "out/z.md"]


def test_no_page_takes_the_place_of_the_report_or_of_another() -> None:
    """Whatever the names."""
    places = target(Path("out"), ["a.html.json.txt", "a.htm", "report.html", "a.html"], "json")
    assert len(set(places.values())) == 4
    assert Path("out/report.json") not in places.values()


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: no half file, and a sentence that says what to do."""

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError, match="the disk is full.*run the same command again"):
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
    assert second.done == {"a"}
    second.write('{"id": "b"}\n')
    second.finish()
    assert path.read_text() == '{"id": "a"}\n{"id": "b"}\n'
    for again, done in ((False, {"a", "b"}), (True, set())):
        lines = Lines(path, again)
        assert lines.done == done
        lines.close()


def test_a_file_of_somebody_else_is_not_touched(tmp_path: Path) -> None:
    """Lines that are not ours are neither read as done nor cut off."""
    path = tmp_path / "mine.jsonl"
    path.write_text('{"name": "x"}\n{"name": "y"}\n')
    with pytest.raises(OutputError, match=r"mine.jsonl:1: not a line of ours"):
        Lines(path)
    assert path.read_text() == '{"name": "x"}\n{"name": "y"}\n'
