"""What repeats across a site."""

import tomllib
from pathlib import Path

import pytest
from tests.cli.test_cli import call
from tests.conftest import PAGE

from reviewclean import Cleaner, Page
from reviewclean.teaching.repeats import as_rules, repeated

LINE = "The captain of ferry {} looks at her instruments, and the film looks at her, and nobody on board says a word."


def pages(folder: Path, count: int) -> Path:
    """Pages with one line in common, which looks like review."""
    folder.mkdir()
    for i in range(count):
        lines = [f"Paragraph {chr(97 + i)}{chr(97 + k)} tells at length of ropes, tickets and a timetable that nobody on the harbour reads any more." for k in range(7)]
        html = "".join(f"<p>{line}</p>" for line in (*lines[:4], LINE.format(i), *lines[4:]))
        (folder / f"{i}.html").write_text(f'<link rel="canonical" href="https://moth.example/{i}"><article>{html}</article>', encoding="utf-8")
    return folder


def test_lines_that_come_again_become_rules(tmp_path: Path, cleaner: Cleaner) -> None:
    """Whatever the number in them; from eight pages on."""
    folder = pages(tmp_path / "p", 9)
    cleaned = list(cleaner.clean_many(Page(path.read_bytes(), kind="html") for path in sorted(folder.iterdir())))
    found = repeated(cleaned)
    assert [(one.host, one.line, one.pages, one.of) for one in found] == [("moth.example", LINE.format(0).lower(), 9, 9)]
    assert tomllib.loads(as_rules(found)) == {"moth.example": {"drop_lines": [LINE.format(0).lower()]}}
    assert repeated(cleaned[:7]) == []


def test_pages_that_are_all_alike_are_left_alone(cleaner: Cleaner) -> None:
    """Lines that hold most of a page's review are no habit but the review."""
    page = PAGE.replace("<head>", '<head><link rel="canonical" href="https://moth.example/">')
    assert repeated(list(cleaner.clean_many([Page(page, kind="html")] * 9))) == []


def test_rules_are_written_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By `site learn`, for `clean --rules`."""
    folder = pages(tmp_path / "p", 9)
    assert call(monkeypatch, "site", "learn", str(folder), "-o", str(tmp_path / "sites.toml")) == 0
    assert call(monkeypatch, "clean", str(folder / "3.html"), "--rules", str(tmp_path / "sites.toml")) == 0
    assert "looks at her instruments" not in capsys.readouterr().out
    assert call(monkeypatch, "site", "learn", str(folder / "3.html")) == 3
