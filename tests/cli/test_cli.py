"""The command line: what it prints, writes and returns."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import PAGE, PROMO

from reviewclean.cli import VERBS, main
from reviewclean.judging.loading import shipped


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the program in this process; its exit code."""
    monkeypatch.setattr(sys, "argv", ["reviewclean", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "ferry.html"
    path.parent.mkdir()
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """--help of each."""
    assert call(monkeypatch, verb, "--help") == 0
    assert "Usage:" in capsys.readouterr().out


def test_help_names_all_verbs_and_imports_nothing_heavy() -> None:
    """And comes at once."""
    code = "import sys; sys.argv = ['reviewclean', '--help']\nfrom reviewclean.cli import main\ntry: main()\nexcept SystemExit: assert not {'numpy', 'selectolax', 'sklearn'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert all(verb in done.stdout for verb in VERBS)


def test_one_page_goes_to_standard_output(page: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Data on stdout, nothing else there."""
    assert call(monkeypatch, "clean", str(page)) == 0
    out = capfdbinary.readouterr().out.decode()
    assert out.startswith("The Glass Ferry opens") and PROMO not in out


def test_standard_input_is_a_page(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """`-`, in any format."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PAGE.encode())))
    assert call(monkeypatch, "clean", "-", "--format", "json") == 0
    assert json.loads(capfdbinary.readouterr().out)["author"] == "Ines Holloway"


def test_a_folder_becomes_a_folder(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The main job; the second run finds it done."""
    for expected in ("1 clean", "1 done before"):
        assert call(monkeypatch, "clean", str(page.parent), "-o", str(tmp_path / "out"), "--format", "md") == 0
        assert expected in capsys.readouterr().err
    assert "## Verdict" in (tmp_path / "out" / "ferry.md").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "report.json").exists()
    assert call(monkeypatch, "clean", str(page.parent), "-o", str(tmp_path / "out"), "--format", "md", "--again") == 0
    assert "1 clean" in capsys.readouterr().err


def test_exit_codes(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """1 some failed, 2 wrong use, 3 nothing clean, 4 model refused; each with a sentence."""
    out = ["-o", str(tmp_path / "out")]
    (page.parent / "image.html").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert call(monkeypatch, "clean", str(page.parent), *out) == 1
    assert "image.html: not a page: it begins like a PNG image" in capsys.readouterr().err
    assert call(monkeypatch, "clean", str(tmp_path / "none"), *out) == 2
    assert "no such file or folder" in capsys.readouterr().err
    assert call(monkeypatch, "clean", str(page), "--mode", "bold") == 2
    assert call(monkeypatch, "clean", str(page), "--keep", "adverts") == 2
    assert "choose among review" in capsys.readouterr().err
    assert call(monkeypatch, "clean", str(page), str(page.parent / "image.html")) == 2
    assert "-o OUT" in capsys.readouterr().err
    assert call(monkeypatch, "clean", str(page.parent / "image.html"), "-o", str(tmp_path / "out3")) == 3
    assert call(monkeypatch, "clean", str(page), "--model", str(tmp_path / "none.joblib")) == 4
    assert "no such model" in capsys.readouterr().err


def test_an_interrupt_says_how_to_go_on(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 130."""
    from reviewclean.batch import run

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run", interrupted)
    assert call(monkeypatch, "clean", str(page.parent), "-o", str(tmp_path / "out")) == 130
    assert "goes on from there" in capsys.readouterr().err


def test_what_was_taken_out_can_be_kept(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--removed, for one page and for many."""
    for name, rest in (("one", []), ("many", ["-o", str(tmp_path / "out")])):
        side = tmp_path / f"{name}.jsonl"
        assert call(monkeypatch, "clean", str(page), "--removed", str(side), *rest) == 0
        assert any(PROMO in json.loads(line)["text"] for line in side.read_text(encoding="utf-8").splitlines())


def test_explain_shows_every_block(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On the terminal and as a page."""
    assert call(monkeypatch, "explain", str(page)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("- ad") and PROMO in line for line in lines)
    assert call(monkeypatch, "explain", str(page), "--html", str(tmp_path / "why.html")) == 0
    assert PROMO in (tmp_path / "why.html").read_text(encoding="utf-8")


def test_model_info_and_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The card, and the check against it."""
    assert call(monkeypatch, "model", "info") == 0
    assert "sha256" in json.loads(capsys.readouterr().out)
    assert call(monkeypatch, "model", "verify") == 0
    for file in shipped().parent.glob("reviewclean.*"):
        shutil.copy(file, tmp_path)
    broken = tmp_path / shipped().name
    broken.write_bytes(broken.read_bytes()[:-9])
    assert call(monkeypatch, "model", "verify", str(broken)) == 4
    assert "refused" in capsys.readouterr().err


def test_evaluate_shows_figures_and_holds_floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By label, kind, language and site; exit 1 below a floor."""
    sample = tmp_path / "samples" / "ferry"
    sample.mkdir(parents=True)
    (sample / "page.txt").write_text("The film opens on a harbour and stays there for an hour.\n", encoding="utf-8")
    (sample / "labels.jsonl").write_text('{"label": "review", "text": "The film opens on a harbour and stays there for an hour."}\n', encoding="utf-8")
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--floor", "review_kept=0.9", "--json", str(tmp_path / "f.json")) == 0
    assert "review_kept 1.0000" in capsys.readouterr().out
    assert json.loads((tmp_path / "f.json").read_text())["all"]["pages"] == 1
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--floor", "clutter_removed=0.9") == 1
    assert "floor missed" in capsys.readouterr().err
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--floor", "beauty=1") == 2
    assert call(monkeypatch, "evaluate", str(tmp_path / "nothing")) == 1
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--report", str(tmp_path / "report.html")) == 0
    assert "1 page of 1 site" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--report", str(tmp_path / "report.html"), "--hold-out", "style") == 2
    (tmp_path / "ids.txt").write_text("ferry\n")
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--only", str(tmp_path / "ids.txt")) == 0
    (tmp_path / "ids.txt").write_text("other\n")
    assert call(monkeypatch, "evaluate", str(tmp_path / "samples"), "--only", str(tmp_path / "ids.txt")) == 2


def test_compare_tells_which_model_is_better(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A model is no worse than itself."""
    sample = tmp_path / "samples" / "ferry"
    sample.mkdir(parents=True)
    (sample / "page.txt").write_text("The film opens on a harbour and stays there for an hour.\n", encoding="utf-8")
    (sample / "labels.jsonl").write_text('{"label": "review", "text": "The film opens on a harbour and stays there for an hour."}\n', encoding="utf-8")
    assert call(monkeypatch, "compare", str(shipped()), str(shipped()), str(tmp_path / "samples"), "--json", str(tmp_path / "c.json")) == 0
    assert "no difference beyond chance" in capsys.readouterr().out
    assert json.loads((tmp_path / "c.json").read_text())["changes"] == []
