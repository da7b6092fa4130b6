"""Many pages: each accounted for once, whatever happens to it."""

import json
from pathlib import Path

import pytest
from tests.conftest import PAGE, PROMO

from reviewclean.batch import run as module
from reviewclean.batch.run import Settings, run
from reviewclean.batch.sources import find
from reviewclean.cleaner import Cleaner
from reviewclean.data import Cleaned, Page


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    for i in range(5):
        (folder / f"p{i}.html").write_text(PAGE.replace("Marta Quill", f"Marta Quill {i}"), encoding="utf-8")
    (folder / "sub" / "q.htm").write_text(PAGE, encoding="utf-8")
    (folder / "empty.html").write_text("")
    (folder / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return folder


def statuses(out: Path) -> dict[str, str]:
    told = json.loads((out / "report.json").read_text())
    assert sum(told["counts"].values()) == len(told["pages"])
    return {page["id"]: page["status"] for page in told["pages"]}


def test_every_input_is_accounted_for_once(pages: Path, tmp_path: Path) -> None:
    """Clean, thin with the reason, failed with the error; then skipped, but for what failed."""
    out = tmp_path / "out"
    run(find([str(pages)]), out, Settings())
    assert statuses(out) == {**{f"p{i}.html": "clean" for i in range(5)}, "sub/q.htm": "clean", "empty.html": "thin", "image.html": "failed"}
    assert PROMO not in (out / "sub" / "q.txt").read_text(encoding="utf-8")
    told = {page["id"]: page for page in json.loads((out / "report.json").read_text())["pages"]}
    assert "no text" in told["empty.html"]["why"] and "PNG" in told["image.html"]["why"]
    run(find([str(pages)]), out, Settings())
    assert statuses(out) == {**{f"p{i}.html": "skipped" for i in range(5)}, "sub/q.htm": "skipped", "empty.html": "skipped", "image.html": "failed"}


def test_a_second_run_does_what_is_missing(pages: Path, tmp_path: Path) -> None:
    """And comes to the same result, byte for byte."""
    out = tmp_path / "out"
    run(find([str(pages)]), out, Settings())
    before = (out / "p3.txt").read_bytes()
    (out / "p3.txt").unlink()
    run(find([str(pages)]), out, Settings())
    assert statuses(out)["p3.html"] == "clean"
    assert (out / "p3.txt").read_bytes() == before


def test_json_lines_are_one_file(pages: Path, tmp_path: Path) -> None:
    """With the fields that were promised, and what was taken out beside it."""
    out, side = tmp_path / "out", tmp_path / "removed.jsonl"
    run(find([str(pages)]), out, Settings(form="jsonl", removed=True), removed=side)
    rows = [json.loads(line) for line in (out / "reviews.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["id"] for r in rows] == ["empty.html", "p0.html", "p1.html", "p2.html", "p3.html", "p4.html", "sub/q.htm"]
    assert rows[1]["title"] == "The Glass Ferry review" and rows[1]["author"] == "Ines Holloway"
    gone = [json.loads(line) for line in side.read_text(encoding="utf-8").splitlines()]
    assert any(PROMO in g["text"] and g["label"] == "ad" and g["by"] == "model" for g in gone)


def test_processes_give_what_one_process_gives(pages: Path, tmp_path: Path) -> None:
    """Whatever their number."""
    for i in range(40):
        (pages / f"more{i}.html").write_text(PAGE, encoding="utf-8")
    for jobs in (1, 2):
        run(find([str(pages)]), tmp_path / str(jobs), Settings(form="jsonl"), jobs=jobs)
    assert (tmp_path / "1" / "reviews.jsonl").read_bytes() == (tmp_path / "2" / "reviews.jsonl").read_bytes()


def test_one_bad_page_costs_itself_alone(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw is recorded; the other pages of its batch are done."""
    judge = Cleaner._judge

    def bad(self: Cleaner, batch: list[Page]) -> list[Cleaned]:
        if any(page.id == "p2.html" for page in batch):
            raise RuntimeError("boom")
        return judge(self, batch)

    monkeypatch.setattr(Cleaner, "_judge", bad)
    out = tmp_path / "out"
    run(find([str(pages)]), out, Settings())
    found = statuses(out)
    assert found["p2.html"] == "failed" and found["p1.html"] == found["p3.html"] == "clean"
    why = {page["id"]: page.get("why") for page in json.loads((out / "report.json").read_text())["pages"]}
    assert why["p2.html"] == "RuntimeError: boom"


def test_an_interrupted_run_keeps_what_it_finished(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its report says that it did not finish; the next run goes on."""
    monkeypatch.setattr(module, "CHUNK", 2)
    out = tmp_path / "out"
    seen = []

    def tick(outcome: object) -> None:
        seen.append(outcome)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(find([str(pages)]), out, Settings(), tick=tick)
    assert json.loads((out / "report.json").read_text())["finished"] is False
    run(find([str(pages)]), out, Settings())
    told = statuses(out)
    assert len(told) == 8 and list(told.values()).count("failed") == 1


def test_a_page_that_cannot_be_written_costs_itself_alone(pages: Path, tmp_path: Path) -> None:
    """A folder stands where its output should be."""
    out = tmp_path / "out"
    (out / "p1.txt").mkdir(parents=True)
    (out / "p1.txt" / "something").write_text("x")
    run(find([str(pages)]), out, Settings(), again=True)
    found = statuses(out)
    assert found["p1.html"] == "failed"
    assert found["p0.html"] == found["p2.html"] == "clean"
