"""Two models on the same samples."""

import dataclasses
import json
from pathlib import Path

import pytest

from reviewclean import Cleaner
from reviewclean.data import Label
from reviewclean.teaching.compare import compare
from reviewclean.teaching.samples import read_samples

LINES = ["The film opens on a harbour and stays there for an hour, with great patience and without a word.", "Spin the reels at Lucky Marble Casino, where new players get 200 free spins and a bonus when they sign up today."]  # fmt: skip


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    for i in range(6):
        folder = tmp_path / "samples" / f"ferry{i}"
        folder.mkdir(parents=True)
        (folder / "page.txt").write_text("\n".join([LINES[0]] * 8 + LINES[1:]) + "\n", encoding="utf-8")
        told = [{"label": "review", "text": LINES[0]}] * 8 + [{"label": "ad", "text": LINES[1]}]
        (folder / "labels.jsonl").write_text("".join(json.dumps(line) + "\n" for line in told), encoding="utf-8")
    return tmp_path / "samples"


def keeps_all(cleaner: Cleaner) -> Cleaner:
    """A model that takes nothing out of running text."""
    other = Cleaner()
    point = dataclasses.replace(other._model.points["balanced"], text=dict.fromkeys(map(str, Label), 2.0), span=2.0)
    other._model = dataclasses.replace(other._model, points={**other._model.points, "balanced": point})
    return other


def test_a_model_that_finds_less_is_worse(samples: Path, cleaner: Cleaner) -> None:
    """Beyond chance, with the blocks that it got wrong; the other way round it is better."""
    read = list(read_samples(samples))
    found = compare(cleaner, keeps_all(cleaner), read)
    assert found.worse and found.differences["clutter_removed"].worse and not found.differences["review_kept"].worse
    assert {(change.label, change.better) for change in found.changes if LINES[1] in change.text} == {("ad", False)}
    back = compare(keeps_all(cleaner), cleaner, read)
    assert not back.worse and back.differences["clutter_removed"].better


def test_a_model_is_as_good_as_itself(samples: Path, cleaner: Cleaner) -> None:
    """No block differs."""
    found = compare(cleaner, cleaner, list(read_samples(samples)))
    assert not found.worse and found.changes == () and all(d.a == d.b and d.low == d.high == 0 for d in found.differences.values())
