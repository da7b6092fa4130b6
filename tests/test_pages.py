"""A test that is a folder: page.html or page.txt, and what must stay and what must go, one line each.

tests/pages holds what works; tests/mistakes what did not when it was found: solved ones must stay solved, open ones are expected to fail, and a model
that gets one of them right makes its test fail until it is moved.
"""

from pathlib import Path

import pytest
from tests.conftest import ROOT

from reviewclean import Cleaner


def _folders(*parents: str) -> list[Path]:
    return [path for parent in parents for path in sorted((ROOT / "tests" / parent).glob("*")) if path.is_dir()]


CASES = [
    *_folders("pages", "mistakes/solved"),
    *(pytest.param(path, marks=pytest.mark.xfail(strict=True, reason="a known mistake")) for path in _folders("mistakes/open")),
]


@pytest.mark.parametrize("folder", CASES, ids=lambda p: p.name)
def test_page(folder: Path, cleaner: Cleaner) -> None:
    """Every line of stays.txt is in the review, no line of goes.txt is."""
    page = next(folder.glob("page.*"))
    body = page.read_bytes()
    text = " ".join((cleaner.clean(body) if page.suffix == ".html" else cleaner.clean_text(body)).text.split())
    lost = [line for line in (folder / "stays.txt").read_text(encoding="utf-8").splitlines() if line and line not in text]
    left = [line for line in (folder / "goes.txt").read_text(encoding="utf-8").splitlines() if line and line in text]
    assert (lost, left) == ([], [])
