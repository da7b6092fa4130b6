"""The guide, walked through: each of its commands as it stands there, in an empty folder with pages in it."""

import gzip
import json
import re
import shlex
import signal
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.conftest import KEPT, PAGE, PROMO, ROOT
from tests.teaching.labelling.test_server import address_of, run
from tests.teaching.test_adapt import PITCH, VERDICT, sample
from tests.teaching.test_refine import text

from reviewclean.cli import main

GUIDE = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")


def commands(heading: str) -> list[list[str]]:
    """The reviewclean commands of a section, in order."""
    section = re.split(r"^## ", GUIDE.split(f"\n## {heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]
    return [shlex.split(line)[1:] for line in re.findall(r"^    (reviewclean .*)$", section, re.MULTILINE)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def walk(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    """One command; it must succeed."""
    monkeypatch.setattr(sys, "argv", ["reviewclean", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert not left.value.code, arguments


def test_clean_a_crawl(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of pages, and WARC files."""
    pytest.importorskip("fastwarc", reason="fastwarc is not installed: pip install 'reviewclean[warc]'")
    (here / "pages" / "film").mkdir(parents=True)
    (here / "pages" / "film" / "ferry.html").write_text(PAGE, encoding="utf-8")
    body = PAGE.encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    record = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://lantern.example/ferry\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
    (here / "crawl-0.warc.gz").write_bytes(gzip.compress(record + b"Content-Length: %d\r\n\r\n" % len(answer) + answer + b"\r\n\r\n"))
    folder, crawl = commands("Clean a crawl")
    walk(monkeypatch, folder)
    cleaned = (here / "cleaned" / "film" / "ferry.txt").read_text(encoding="utf-8")
    assert all(part in cleaned for part in KEPT) and PROMO not in cleaned and json.loads((here / "cleaned" / "report.json").read_text(encoding="utf-8"))["counts"]["clean"] == 1
    walk(monkeypatch, crawl)
    (line,) = (here / "cleaned" / "reviews.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["url"] == "https://lantern.example/ferry" and PROMO in (here / "gone.jsonl").read_text(encoding="utf-8") and (here / "log.jsonl").exists()


def test_see_why(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In the terminal, and as a page."""
    (here / "page.html").write_text(PAGE, encoding="utf-8")
    for arguments in commands("See why"):
        walk(monkeypatch, arguments)
    assert PROMO in capsys.readouterr().out and PROMO in (here / "why.html").read_text(encoding="utf-8")


def test_say_what_you_know(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of a site that come again become rules."""
    (here / "pages-of-one-site").mkdir()
    for n in range(9):
        prose = "".join(f"<p>{told.text}</p>" for told in text(n, ads=False).told)
        page = f'<html><head><link rel="canonical" href="https://lantern.example/{n}"></head><body><article>{prose}<p>That is the weather of it, and Ines would not have it otherwise.</p></article></body></html>'
        (here / "pages-of-one-site" / f"{n}.html").write_text(page, encoding="utf-8")
    (learn,) = commands("Say what you know: rules")
    walk(monkeypatch, learn)
    assert "drop_lines" in (here / "sites.toml").read_text(encoding="utf-8")


def test_correct_a_mistake_and_train_again(here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Pages are labelled over HTTP, as the browser does it; the model that learns from them makes the mistake no more."""
    pytest.importorskip("uvicorn", reason="uvicorn is not installed: pip install 'reviewclean[label]'")
    (here / "pages").mkdir()
    for n in range(10):
        (here / "pages" / f"{n}.html").write_text(str(sample(n).page.body), encoding="utf-8")
    label, train, clean, _compare = commands("Correct a mistake and train again")
    server = run(*label[1:], "--no-browser")
    try:
        _label_all(address_of(server))
    finally:
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)
    walk(monkeypatch, train)
    assert "learnt" in capfd.readouterr().out
    walk(monkeypatch, ["clean", "pages/", "-o", "cleaned/"])
    before = (here / "cleaned" / "3.txt").read_text(encoding="utf-8")
    walk(monkeypatch, clean)
    after = (here / "cleaned" / "3.txt").read_text(encoding="utf-8")
    assert (PITCH in before, VERDICT.format(n=3) in before) != (False, True)
    assert (PITCH in after, VERDICT.format(n=3) in after) == (False, True)


def _label_all(address: str) -> None:
    """Say of each page what its promo and its verdict are."""

    def ask(path: str, body: object = None) -> dict[str, object]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address + path, data, {"origin": address.rsplit("/", 2)[0], "content-type": "application/json"})
        return dict(json.load(urllib.request.urlopen(request)))

    for page in ask("pages")["pages"]:  # type: ignore[attr-defined]
        blocks = ask(f"pages/{page['key']}")["blocks"]
        said = [{"block": i, "label": "ad" if block["text"] == PITCH else "notice" if "Copyright" in block["text"] else "review"} for i, block in enumerate(blocks)]  # type: ignore[arg-type, var-annotated]
        told = ask(f"pages/{page['key']}/changes", {"revision": 0, "changes": said})
        ask(f"pages/{page['key']}/done", {"revision": told["revision"]})
