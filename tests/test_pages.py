"""A test that is a folder: page.html or page.txt, and what must stay and what must go, one line each."""

from pathlib import Path

import pytest
from tests.conftest import ROOT

from reviewclean import Cleaner

FOLDERS = sorted(path for path in (ROOT / "tests" / "pages").iterdir() if path.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda p: p.name)
def test_page(folder: Path, cleaner: Cleaner) -> None:
    """Every line of stays.txt is in the review, no line of goes.txt is."""
    page = next(folder.glob("page.*"))
    body = page.read_bytes()
    text = " ".join((cleaner.clean(body) if page.suffix == ".html" else cleaner.clean_text(body)).text.split())
    lost = [line for line in (folder / "stays.txt").read_text(encoding="utf-8").splitlines() if line and line not in text]
    left = [line for line in (folder / "goes.txt").read_text(encoding="utf-8").splitlines() if line and line in text]
    assert (lost, left) == ([], [])
