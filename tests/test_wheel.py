"""The wheel holds the model: built, installed elsewhere, it cleans a page."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.conftest import PAGE, ROOT


@pytest.mark.parametrize("pure", [False, True], ids=["compiled, where there is a compiler", "python"])
def test_an_installed_wheel_cleans_a_page(pure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unpacked where an installer would unpack it, away from the repository."""
    if pure:
        monkeypatch.setenv("REVIEWCLEAN_PURE", "1")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "reviewclean/models/reviewclean.joblib" in names and "reviewclean/models/reviewclean.card.json" in names
    assert any(name.endswith("phrases/offer.txt") for name in names)
    assert not any(name.endswith(".pyx") for name in names)
    assert any(name.endswith((".so", ".pyd")) for name in names) is not wheel.name.endswith("-none-any.whl")
    assert not pure or wheel.name.endswith("-none-any.whl")
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    code = "import sys; sys.path.insert(0, sys.argv[1]); import reviewclean; assert sys.argv[1] in reviewclean.__file__; from reviewclean import clean; print(clean(open(sys.argv[2], encoding='utf-8').read()).text)"
    done = subprocess.run([sys.executable, "-c", code, str(target), str(tmp_path / "page.html")], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "Not everything holds" in done.stdout
