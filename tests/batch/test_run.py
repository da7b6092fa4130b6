"""Many pages: each accounted for once, whatever happens to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import PAGE, PROMO

from reviewclean.batch import cell
from reviewclean.batch import run as module
from reviewclean.batch.limits import Limits
from reviewclean.batch.report import Report
from reviewclean.batch.run import Beside, Where, run
from reviewclean.batch.sources import Item, items
from reviewclean.batch.work import Settings
from reviewclean.errors import InputError, ReviewcleanError

ONE = Where(jobs=1)


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


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cell, "COMMAND", (sys.executable, str(Path(__file__).with_name("hostile.py"))))


def clean(pages: Path, out: Path, settings: Settings | None = None, **how: object) -> dict[str, str]:
    """Run over a folder; every page's status as the report has it."""
    report: Report = run(items([str(pages)]), out, settings or Settings(), **{"where": ONE, **how})  # type: ignore[arg-type]
    assert report.counts.total() == len(told(out))
    return {name: page["status"] for name, page in told(out).items()}


def told(out: Path) -> dict[str, dict[str, str]]:
    report = json.loads((out / "report.json").read_text())
    assert sum(report["counts"].values()) == len(report["pages"])
    return {page["id"]: page for page in report["pages"]}


def files(out: Path) -> dict[str, bytes]:
    """Everything that a run wrote, but for the report, which tells of times."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file() and path.name != "report.json"}


def test_every_input_is_accounted_for_once(pages: Path, tmp_path: Path) -> None:
    """Clean, thin with the reason, failed with the error; then skipped, but for what failed."""
    out = tmp_path / "out"
    assert clean(pages, out) == {**{f"p{i}.html": "clean" for i in range(5)}, "sub/q.htm": "clean", "empty.html": "thin", "image.html": "failed"}
    assert PROMO not in (out / "sub" / "q.txt").read_text(encoding="utf-8")
    assert "no text" in told(out)["empty.html"]["why"] and "PNG" in told(out)["image.html"]["why"]
    assert clean(pages, out) == {**{f"p{i}.html": "skipped" for i in range(5)}, "sub/q.htm": "skipped", "empty.html": "skipped", "image.html": "failed"}
    assert sorted(files(out)) == ["empty.txt", *(f"p{i}.txt" for i in range(5)), "sub/q.txt"]


@pytest.mark.parametrize("form", ["txt", "jsonl"])
def test_a_second_run_does_what_is_missing(pages: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After an interrupt, it comes to what an undisturbed run comes to, byte for byte; also in the files beside."""
    monkeypatch.setattr(module, "CHUNK", 2)
    seen = []

    def tick(outcome: object) -> None:
        seen.append(outcome)
        if len(seen) == 4:
            raise KeyboardInterrupt

    for name in ("whole", "cut"):
        beside = Beside(tmp_path / name / "removed", tmp_path / name / "spans")
        if name == "cut":
            with pytest.raises(KeyboardInterrupt):
                run(items([str(pages)]), tmp_path / name, Settings(form=form), where=ONE, beside=beside, tick=tick)
            assert json.loads((tmp_path / name / "report.json").read_text())["finished"] is False
        clean(pages, tmp_path / name, Settings(form=form), beside=beside)
    assert files(tmp_path / "whole") == files(tmp_path / "cut")


def test_json_lines_are_one_file(pages: Path, tmp_path: Path) -> None:
    """With the fields that were promised; what was taken out, and all verdicts, beside it."""
    out, beside = tmp_path / "out", Beside(tmp_path / "removed.jsonl", tmp_path / "spans.jsonl")
    clean(pages, out, Settings(form="jsonl"), beside=beside)
    rows = [json.loads(line) for line in (out / "reviews.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["empty.html", "p0.html", "p1.html", "p2.html", "p3.html", "p4.html", "sub/q.htm"]
    assert rows[1]["title"] == "The Glass Ferry review" and rows[1]["author"] == "Ines Holloway"
    gone = [json.loads(line) for line in (tmp_path / "removed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any(PROMO in one["text"] and one["label"] == "ad" and one["by"] == "model" for one in gone)
    page = json.loads((tmp_path / "spans.jsonl").read_text(encoding="utf-8").splitlines()[1])
    (promo,) = [span for span in page["spans"] if PROMO in page["text"][span["start"] : span["end"]]]
    assert promo["label"] == "ad" and not promo["kept"] and promo["score"] > 0.5
    assert any(span["label"] == "review" and span["kept"] for span in page["spans"])


def test_workers_give_what_one_worker_gives(pages: Path, tmp_path: Path) -> None:
    """Whatever their number, and whatever process they are in."""
    for i in range(40):
        (pages / f"more{i}.html").write_text(PAGE, encoding="utf-8")
    for name, where in (("1", ONE), ("2", Where(jobs=2)), ("loky", Where(jobs=2, backend="loky"))):
        clean(pages, tmp_path / name, Settings(form="jsonl"), where=where)
        assert files(tmp_path / name) == files(tmp_path / "1")


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize(
    ("what", "why", "limits"),
    [
        ("BOOM", "RuntimeError: boom", Limits()),
        ("CRASH", "its process died of SIGSEGV", Limits()),
        ("HANG", "limit seconds: it took longer than 3 s", Limits(seconds=3)),
        ("EAT", "limit memory: it needs more than 4,000,000,000 bytes", Limits()),
        ("LONG", "limit bytes: it has more than 20,000 bytes", Limits(bytes=20_000)),
        ("TAGS", "limit nodes: it has 2,", Limits(nodes=2000)),
    ],
)
def test_a_page_that_does_harm_costs_itself_alone(pages: Path, tmp_path: Path, what: str, why: str, limits: Limits) -> None:
    """It is recorded with what it did; the others of its batch are done."""
    filling = {"LONG": "long " * 5000, "TAGS": "<b>x</b>" * 1000}.get(what, what)
    (pages / "p2.html").write_text(PAGE.replace("Verdict", filling), encoding="utf-8")
    found = clean(pages, tmp_path / "out", Settings(limits=limits))
    assert found["p2.html"] == "failed" and told(tmp_path / "out")["p2.html"]["why"].startswith(why)
    assert found["p1.html"] == found["p3.html"] == found["sub/q.htm"] == "clean"


def test_a_page_that_cannot_be_written_costs_itself_alone(pages: Path, tmp_path: Path) -> None:
    """A folder stands where its output should be."""
    out = tmp_path / "out"
    (out / "p1.txt").mkdir(parents=True)
    (out / "p1.txt" / "something").write_text("x")
    found = clean(pages, out, again=True)
    assert found["p1.html"] == "failed"
    assert found["p0.html"] == found["p2.html"] == "clean"


def test_a_full_disk_ends_the_run_with_a_sentence(pages: Path, tmp_path: Path) -> None:
    """/dev/full stands in for it: nothing is written there, and the error says how to go on."""
    beside = Beside(log=Path("/dev/full"))
    with pytest.raises(module.DiskError, match="the disk is full.*run the same command again"):
        clean(pages, tmp_path / "out", beside=beside)


def test_an_input_that_breaks_off_ends_the_run_after_what_came_before(pages: Path, tmp_path: Path) -> None:
    """A file of records further down the list that cannot be read."""
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    with pytest.raises(module.InputError, match=r"bad\.parquet"):
        run(items([str(pages)], [str(tmp_path / "bad.parquet")]), tmp_path / "out", Settings(), where=ONE)
    assert (tmp_path / "out" / "p1.txt").exists()


def test_a_worker_is_recycled(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some thousand pages (here two), a fresh process goes on."""
    started = []
    start = subprocess.Popen

    def counted(*arguments: object, **settings: object) -> object:
        started.append(arguments)
        return start(*arguments, **settings)  # type: ignore[call-overload]

    monkeypatch.setattr(cell.subprocess, "Popen", counted)
    monkeypatch.setattr(cell, "RECYCLED", 2)
    monkeypatch.setattr(module, "CHUNK", 2)
    assert list(clean(pages, tmp_path / "out").values()).count("clean") == 6
    assert len(started) >= 3


@pytest.mark.parametrize(("chunk", "jobs", "together"), [(4, 2, 2), (8, 2, 1), (4, 1, 1)])
def test_two_begin_together_where_there_is_work_for_them(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, jobs: int, together: int) -> None:
    """Not for a handful of pages, nor for one job."""
    asked: list[int] = []

    def counted(settings: Settings, count: int) -> None:
        asked.append(count)
        cell.open_cells(settings, count)

    monkeypatch.setattr(module, "open_cells", counted)
    monkeypatch.setattr(module, "CHUNK", chunk)
    assert len(clean(pages, tmp_path / "out", where=Where(jobs))) == 8
    assert asked == [together]


def test_inputs_that_go_wrong_go_wrong_where_they_did(tmp_path: Path, pages: Path) -> None:
    """Pages before are cleaned, and the run ends with the reason."""

    def broken() -> Iterator[Item]:
        yield from list(items([str(pages)]))[:3]
        raise InputError("the rest is gone")

    with pytest.raises(InputError, match="the rest is gone"):
        run(broken(), tmp_path / "out", Settings(), where=ONE)
    assert len(told(tmp_path / "out")) == 3


def test_a_worker_that_cannot_start_is_told(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence before anything is written; in the middle of a run, it costs the pages that it was for."""
    broken = (sys.executable, "-c", "raise SystemExit(3)")
    monkeypatch.setattr(cell, "COMMAND", broken)
    with pytest.raises(ReviewcleanError, match="its process ended with code 3"):
        clean(pages, tmp_path / "out")
    assert not (tmp_path / "out").exists() and not cell._all
    with pytest.raises(ReviewcleanError, match="its process ended with code 3"):
        cell.open_cells(Settings(), 2)
    assert not cell._all
    cell.open_cells(Settings(), 0)
    assert [done.outcome.status for done in cell.clean_chunk(list(items([str(pages)]))[:2], Settings())] == ["failed"] * 2
    cell.close_all()
    assert [done.outcome.why for done in cell.clean_chunk(list(items([str(pages)]))[:1], Settings())] == ["the run has ended"]


def test_the_log_tells_what_happens(pages: Path, tmp_path: Path) -> None:
    """A line at the start, one a page, one at the end with the counts."""
    clean(pages, tmp_path / "out", beside=Beside(log=tmp_path / "log.jsonl"))
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events] == ["start", *["page"] * 8, "end"]
    assert events[-1]["counts"] == {"clean": 6, "thin": 1, "failed": 1, "skipped": 0}
    assert len(events[-1]["slowest"]) == 8


@pytest.mark.parametrize("form", ["txt", "jsonl", "parquet"])
def test_killed_from_outside_nothing_is_lost_or_done_twice(tmp_path: Path, form: str) -> None:
    """kill -9 of the parent in the middle: the next run completes, and comes to what an undisturbed run comes to."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for i in range(150):
        (folder / f"p{i:03}.html").write_text(PAGE.replace("Marta Quill", f"Marta Quill {i}"), encoding="utf-8")

    def command(out: str) -> list[str]:
        script = "import sys; from reviewclean.batch import run, shards; run.CHUNK = 2; shards.SHARD = 20; from reviewclean.cli import main; main()"
        return [sys.executable, "-c", script, "clean", str(folder), "-o", str(tmp_path / out), "--format", form, "--removed", str(tmp_path / out / "removed.jsonl"), "--jobs", "1"]

    process = subprocess.Popen(command("killed"), stderr=subprocess.DEVNULL)
    while process.poll() is None and len(list((tmp_path / "killed").glob("*.txt"))) < 30 and (tmp_path / "killed" / "removed.jsonl.part").exists() is False:
        time.sleep(0.01)
    deadline = time.monotonic() + 30
    while (process.poll() is None and time.monotonic() < deadline and (tmp_path / "killed" / "removed.jsonl.part").stat().st_size < 20_000):  # fmt: skip
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "killed" / "removed.jsonl").exists()
    for out in ("killed", "whole"):
        subprocess.run(command(out), check=True, capture_output=True)
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
