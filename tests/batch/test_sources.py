"""Files, folders and globs become pages."""

import gzip
import os
from pathlib import Path

import pytest

from reviewclean.batch.sources import Item, how_many, items, lines_of
from reviewclean.errors import InputError


def find(inputs: list[str]) -> list[Item]:
    return list(items(inputs))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "one.html").write_text("<p>1</p>")
    (tmp_path / "a" / "b" / "two.HTM").write_text("<p>2</p>")
    (tmp_path / "a" / "three.txt.gz").write_bytes(gzip.compress(b"three"))
    (tmp_path / "a" / "page-without-ending").write_text("<!DOCTYPE html><p>4</p>")
    (tmp_path / "a" / "style.css").write_text("p {}")
    (tmp_path / "a" / "data.json").write_text("{}")
    return tmp_path / "a"


def test_a_folder_gives_its_pages_by_name(folder: Path) -> None:
    """Recursive, in order, names mirrored; other files are left alone, unknown endings looked into."""
    assert [f.name for f in find([str(folder)])] == ["one.html", "page-without-ending", "three.txt.gz", "b/two.HTM"]


def test_a_page_is_found_once(folder: Path) -> None:
    """However many inputs name it."""
    assert len(find([str(folder), str(folder / "one.html"), str(folder / "*.html")])) == 4


def test_globs_work_where_the_shell_has_none(folder: Path) -> None:
    """Also across folders."""
    assert [f.name for f in find([str(folder / "**" / "*.HTM")])] == ["b/two.HTM"]


def test_two_inputs_of_one_name_stay_apart(tmp_path: Path) -> None:
    """Names among the outputs are unique."""
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.html").write_text("<p>x</p>")
    assert [f.name for f in find([str(tmp_path / "x"), str(tmp_path / "y")])] == ["p.html", "p~2.html"]


def test_a_loop_of_links_ends(folder: Path) -> None:
    """Links to folders are not followed."""
    os.symlink(folder, folder / "loop")
    assert len(find([str(folder)])) == 4


def test_names_never_climb_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path with .. in it gives a name below OUT."""
    monkeypatch.chdir(folder / "b")
    assert find(["../one.html"])[0].name == "one.html"


def test_a_name_that_is_not_utf8_is_survived(tmp_path: Path) -> None:
    """As old archives hold them."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.html"
    with open(path, "wb") as file:
        file.write(b"<p>x</p>")
    (found,) = find([str(tmp_path)])
    found.name.encode("utf-8")
    assert found.page().body == b"<p>x</p>"


def test_missing_and_empty_inputs_say_so(tmp_path: Path) -> None:
    """What, where, what now."""
    with pytest.raises(InputError, match="no such file"):
        find([str(tmp_path / "none")])
    with pytest.raises(InputError, match="no pages in it"):
        find([str(tmp_path)])


@pytest.mark.parametrize(("body", "what"), [(b"\x89PNG\r\n\x1a\n", "PNG"), (b"%PDF-1.7", "PDF"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"a\0b\0" * 50, "binary")])
def test_what_is_no_page_is_told(tmp_path: Path, body: bytes, what: str) -> None:
    """An image that is named .html is not cleaned into nothing."""
    (tmp_path / "x.html").write_bytes(body)
    with pytest.raises(InputError, match=what):
        find([str(tmp_path / "x.html")])[0].page()


def test_a_list_of_files_is_read_as_it_comes(folder: Path, tmp_path: Path) -> None:
    """One path a line; what is not there is recorded when its turn comes, and costs itself alone."""
    (tmp_path / "list").write_text(f"{folder / 'one.html'}\n\n{tmp_path / 'gone.html'}\n")
    found = list(items([], lines_of(tmp_path / "list")))
    assert [item.name for item in found] == [str(path)[1:] for path in (folder / "one.html", tmp_path / "gone.html")]
    with pytest.raises(InputError, match="cannot be read"):
        found[1].page()
    with pytest.raises(InputError, match="list of files cannot be read"):
        list(lines_of(tmp_path / "nolist"))


def test_pages_are_counted_for_the_progress_bar(folder: Path) -> None:
    """By their names; files of records hold nobody knows how many."""
    assert how_many([str(folder), str(folder / "one.html")]) == 4
    assert how_many(["crawl.warc.gz"]) is None
