"""A model is saved, loaded, and refused where it is not what its card says."""

import hashlib
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest

from reviewclean import Cleaner, ModelError
from reviewclean.judging.loading import load, shipped
from reviewclean.judging.model import card_path, golden


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped model in a folder of its own."""
    path = tmp_path / "mine.joblib"
    shutil.copy(shipped(), path)
    shutil.copy(card_path(shipped()), card_path(path))
    return path


def with_card(path: Path, **changes: object) -> Path:
    card = json.loads(card_path(path).read_text()) | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()} | changes
    card_path(path).write_text(json.dumps(card))
    return path


def test_saved_equals_loaded(copy: Path, tmp_path: Path) -> None:
    """A model that is written and read again holds the same numbers and predicts the same."""
    model = load(copy)
    model.save(tmp_path / "again.joblib")
    again = load(tmp_path / "again.joblib")
    assert golden(again) == golden(model)
    np.testing.assert_equal(again.content(), model.content())


def test_a_model_holds_plain_values_alone(copy: Path) -> None:
    """Arrays of numbers, strings, numbers, lists, dictionaries: nothing of ours or scikit-learn's."""
    plain = (np.ndarray, str, int, float, list, tuple, dict, np.floating)

    def check(value: object) -> None:
        assert isinstance(value, plain), type(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
            check(inner)

    check(joblib.load(copy))


def test_a_missing_model_or_card_is_told(tmp_path: Path, copy: Path) -> None:
    """What, where, what now."""
    with pytest.raises(ModelError, match="no such model"):
        load(tmp_path / "none.joblib")
    card_path(copy).unlink()
    with pytest.raises(ModelError, match="card mine.card.json is missing"):
        load(copy)


def test_a_changed_file_is_refused(copy: Path) -> None:
    """One byte is enough."""
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="sha256 differs"):
        load(copy)


def test_another_format_is_refused(copy: Path) -> None:
    """With the way out: train again."""
    with pytest.raises(ModelError, match="format 99"):
        load(with_card(copy, format=99))


def test_other_features_are_refused(copy: Path) -> None:
    """A model for other measurements cannot be used with these."""
    content = joblib.load(copy)
    content["features"]["structure"] = content["features"]["structure"][:-1]
    joblib.dump(content, copy, compress=("zlib", 6))
    with pytest.raises(ModelError, match="structure model was made for other features"):
        load(with_card(copy))


def test_other_golden_predictions_are_refused(copy: Path) -> None:
    """A model whose numbers do not come out is not used."""
    told = json.loads(card_path(copy).read_text())["golden"]
    told["structure"][0] += 0.1
    with pytest.raises(ModelError, match="golden"):
        load(with_card(copy, golden=told))


@pytest.mark.parametrize("change", [lambda content: content.pop("rarity"), lambda content: content.update(topics=content["topics"][:, :3])])
def test_missing_and_misshapen_parts_are_refused(copy: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """A dictionary with holes is no model, nor is one with a table of another size."""
    content = joblib.load(copy)
    change(content)
    joblib.dump(content, copy, compress=("zlib", 6))
    with pytest.raises(ModelError, match="parts are missing"):
        load(with_card(copy))


class Exploit:
    """Unpickled by a careless loader, leaves a file behind."""

    def __init__(self, witness: Path) -> None:
        self.witness = witness

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.witness),)


def exploits(witness: Path) -> dict[str, object]:
    return {"plain": Exploit(witness), "nested": {"format": 2, "rarity": [Exploit(witness)]}, "object array": {"rarity": np.array([Exploit(witness)], dtype=object)}}


@pytest.mark.parametrize("kind", ["plain", "nested", "object array"])
@pytest.mark.parametrize("compress", [0, ("zlib", 3)])
def test_a_hostile_pickle_runs_nothing(kind: str, compress: object, tmp_path: Path, copy: Path) -> None:
    """The exploit is real: joblib's own loader runs it; ours refuses it, though its card is in order."""
    witness = tmp_path / "witness"
    joblib.dump(exploits(witness)[kind], copy, compress=compress)
    with pytest.raises(ModelError, match="nothing in it was run"):
        load(with_card(copy))
    assert not witness.exists()
    joblib.load(copy)
    assert witness.exists()


def test_other_files_are_refused(copy: Path) -> None:
    """A bare pickle of a builtin, text, nothing at all."""
    for body in (pickle.dumps(eval), b"hello", b"", pickle.dumps([1, 2])):
        copy.write_bytes(body)
        with pytest.raises(ModelError):
            load(with_card(copy))


def test_the_cleaner_refuses_as_the_loader_does(copy: Path) -> None:
    """The public door says the same sentence."""
    copy.write_bytes(b"x")
    with pytest.raises(ModelError, match="sha256 differs"):
        Cleaner(model=copy)
