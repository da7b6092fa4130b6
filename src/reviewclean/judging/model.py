"""Model: what was learnt, as plain arrays. Save, load, card, the safe loader.

A model is two files: `NAME.joblib`, a dictionary of arrays and numbers, and `NAME.card.json`, which says what it is, what it saw, how good it
is, and holds its sha256 and golden predictions. No object of ours or of scikit-learn is pickled, so a model outlives both.
"""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler

from reviewclean.data import Label
from reviewclean.errors import ModelError
from reviewclean.judging import context, page, within
from reviewclean.judging.batch import Batch
from reviewclean.judging.context import Running, Units, units_of
from reviewclean.judging.habits import NO_HABITS, Habits
from reviewclean.judging.telling import Told
from reviewclean.judging.trees import Trees, sigmoid
from reviewclean.judging.weights import Weights

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FORMAT = 2
MODES = ("careful", "balanced", "strict")
SURE = 2.5  # log-odds: beyond it, what the structure model says of a block adds nothing; a promo in a paragraph of its own looks like review to it
PLAIN = 6.0  # log-odds at which a promo is plain: beyond it, nobody asks further
NEVER = 2.0  # a threshold that no chance reaches
SLACK = 1e-4  # by how much golden predictions may differ between machines
TABLES = {"structure": page.NAMES, "context": context.NAMES, "sentence": within.NAMES}  # what each ensemble of trees sees


@dataclass(frozen=True, slots=True)
class Reasons:
    """A linear softmax that names why a block is not review."""

    columns: npt.NDArray[np.int32]  # (features,): which columns of a table it sees
    mean: Floats  # (features,)
    scale: Floats  # (features,)
    weight: Floats  # (features, labels)
    bias: Floats  # (labels,)
    labels: tuple[str, ...]

    def name(self, rows: Floats) -> list[Label]:
        """The reason of each row of a table."""
        if not len(rows):
            return []
        # einsum, not @: for tables this small the threads of a BLAS cost more than they bring
        scores = np.einsum("ij,jk->ik", np.clip((squash(rows[:, self.columns]) - self.mean) / self.scale, -4, 4), self.weight) + self.bias
        return [Label(self.labels[i]) for i in scores.argmax(axis=1)]


def squash(rows: Floats) -> Floats:
    """Counts and lengths on a scale where a linear model can use them."""
    return np.copysign(np.log1p(np.abs(rows)), rows)


@dataclass(frozen=True, slots=True)
class Point:
    """One operating point: from which chance of not being review a block goes, by label.

    `promise`: the share of review text that the filter of running text may lose, as it was chosen on held-out pages.
    """

    promise: float
    structure: dict[str, float]  # label -> chance, for blocks as the structure model sees them
    context: dict[str, float]  # label -> chance, for running text on a page
    text: dict[str, float]  # label -> chance, for plain text
    span: float  # chance from which a sentence inside a paragraph goes; NEVER: sentences are not asked
    short: float = 0.0  # log-odds that are asked more of units of short texts
    short_span: float = 0.0  # the same of their sentences; less than nothing where a plug is likelier there


@dataclass(frozen=True)
class Model:
    """Everything that was learnt, and the questions that can be asked of it."""

    weights: Weights
    structure: Trees
    context: Trees
    sentence: Trees
    rarity: Floats
    page_reasons: Reasons
    text_reasons: Reasons
    calibration: dict[str, tuple[float, ...]]  # stage -> (slope, offset[, weight of what the structure model said])
    points: dict[str, Point]
    habits: Habits = NO_HABITS
    corrections: Trees | None = None  # of the context model's calibrated log-odds, which they see as well, by somebody's own labels (`teaching.refine`)
    card: dict[str, Any] = field(default_factory=dict, compare=False)

    def page_rows(self, batch: Batch) -> Floats:
        """What the structure model sees of some pages: (blocks, features)."""
        return page.measure(batch, self.weights)

    def review_odds(self, rows: Floats) -> Doubles:
        """Log-odds that each block is review, by its place in the page."""
        slope, offset = self.calibration["structure"]
        return self.structure.log_odds(rows) * slope + offset

    def units(self, told: Told, running: Sequence[Running]) -> Units:
        """Running texts, ready to be asked about."""
        return units_of(told, running, self.rarity)

    def context_odds(self, rows: Floats) -> Doubles:
        """What the context model says of each unit, before it is calibrated."""
        odds = self.context.log_odds(rows)
        if self.corrections is None:
            return odds
        return odds + self.corrections.log_odds(with_odds(rows, self.foreign_odds(odds))) / self.calibration["text"][0]

    def foreign_odds(self, odds: Doubles, review_odds: Doubles | None = None) -> Doubles:
        """Log-odds that each unit does not belong to its text. `review_odds`: of the same blocks, where they stood in a page."""
        if review_odds is None:
            slope, offset = self.calibration["text"]
            return odds * slope + offset
        slope, offset, weight = self.calibration["context"]
        return odds * slope + offset + weight * np.minimum(review_odds, SURE)

    def sentence_odds(self, rows: Floats) -> Doubles:
        """Log-odds that each sentence does not belong to its text."""
        slope, offset = self.calibration["sentence"]
        return self.sentence.log_odds(rows) * slope + offset

    # ------------------------------------------------------------ files

    def content(self) -> dict[str, Any]:
        """The model as arrays, numbers and strings alone."""
        return {
            "format": FORMAT,
            "features": {name: list(columns) for name, columns in TABLES.items()},
            "word_weights": self.weights.word_weights.astype(np.float16),
            "token_weights": self.weights.token_weights.astype(np.float16),
            "rarity": self.rarity.astype(np.float16),
            **{name: getattr(self, name).as_dict() for name in ("structure", "context", "sentence")},
            **{name: {f: getattr(getattr(self, name), f) for f in Reasons.__slots__} for name in ("page_reasons", "text_reasons")},
            "calibration": self.calibration,
            "points": {mode: {f: getattr(point, f) for f in Point.__slots__} for mode, point in self.points.items()},
            "habits": {f: getattr(self.habits, f) for f in Habits.__slots__},
            **({} if self.corrections is None else {"corrections": self.corrections.as_dict()}),
        }

    def save(self, path: Path) -> None:
        """Write the model and its card; both whole, or neither."""
        buffer = io.BytesIO()
        joblib.dump(self.content(), buffer, compress=("zlib", 6))
        body = buffer.getvalue()
        card = self.card | {"format": FORMAT, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body), "golden": golden(self)}
        path.parent.mkdir(parents=True, exist_ok=True)
        for file, data in ((path, body), (card_path(path), (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode("utf-8"))):
            part = file.with_name(file.name + ".part")
            part.write_bytes(data)
            part.replace(file)


def card_path(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".joblib") + ".card.json")


def from_content(content: dict[str, Any], card: dict[str, Any] | None = None) -> Model:
    """A model from its arrays: the one way that a model is made, after training as after loading."""
    return Model(
        weights=Weights(content["word_weights"].astype(np.float32), content["token_weights"].astype(np.float32)),
        rarity=content["rarity"].astype(np.float32),
        structure=Trees(**content["structure"]),
        context=Trees(**content["context"]),
        sentence=Trees(**content["sentence"]),
        page_reasons=Reasons(**content["page_reasons"]),
        text_reasons=Reasons(**content["text_reasons"]),
        calibration={stage: tuple(pair) for stage, pair in content["calibration"].items()},
        points={mode: Point(**point) for mode, point in content["points"].items()},
        habits=Habits(**content["habits"]) if "habits" in content else NO_HABITS,
        corrections=Trees(**content["corrections"]) if "corrections" in content else None,
        card=card or {},
    )


def golden(model: Model) -> dict[str, list[float]]:
    """Predictions on rows of made-up numbers: equal wherever the model is the same."""
    out = {}
    for name, columns in TABLES.items():
        rows = np.array([[((i * 37 + j * 11) % 23) / (1 + j % 5) for j in range(len(columns))] for i in range(8)], np.float32)
        out[name] = [round(float(v), 6) for v in sigmoid(getattr(model, name).log_odds(rows))]
    return out


def with_odds(rows: Floats, odds: Doubles) -> Floats:
    """Rows of the context model with what it says of them, calibrated, as a last column: what corrections see."""
    return np.concatenate((rows, np.clip(odds, within.UNLIKELY, PLAIN)[:, None].astype(np.float32)), axis=1)


# ---------------------------------------------------------------- the shipped model


def shipped() -> Path:
    """The model that came with the package; in a checkout, the repository's models/."""
    here = Path(__file__).resolve().parent.parent
    for candidate in (here / "models" / "reviewclean.joblib", here.parent.parent / "models" / "reviewclean.joblib"):
        if candidate.exists():
            return candidate
    raise ModelError("the shipped model is missing from this installation: install reviewclean again, or name a model of your own")


def name_of(path: str | Path | None) -> str:
    """Name and beginning of the hash of a model file, or of the shipped one. Raises ModelError where there is none."""
    path = Path(path) if path is not None else shipped()
    return f"{path.name} {read_card(path).get('sha256', '')[:12]}"


# ---------------------------------------------------------------- loading

ALLOWED = {
    ("numpy", "ndarray"), ("numpy", "dtype"), ("numpy.dtypes", "Float16DType"), ("numpy.dtypes", "Float32DType"), ("numpy.dtypes", "Float64DType"),
    ("numpy.dtypes", "Int32DType"), ("numpy.dtypes", "Int64DType"), ("numpy.dtypes", "UInt64DType"),
}  # fmt: skip


class _Arrays(NumpyArrayWrapper):  # type: ignore[misc]
    """Arrays of numbers only: an array of objects would be unpickled by a loader that allows everything."""

    def read(self, unpickler: Any, *args: Any, **kwargs: Any) -> Any:
        if self.dtype.hasobject:
            raise pickle.UnpicklingError("an array of objects")
        return super().read(unpickler, *args, **kwargs)


class _Unpickler(NumpyUnpickler):  # type: ignore[misc]
    """Unpickles plain values and arrays of numbers; whatever else a file names is refused before it is imported."""

    def find_class(self, module: str, name: str) -> Any:
        if name == "NumpyArrayWrapper" and module == "joblib.numpy_pickle":
            return _Arrays
        if (module, name) in ALLOWED:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a model")


def load(path: str | Path) -> Model:
    """Read a model. Raises ModelError, with what to do, where the file is missing, damaged, hostile, or of another format."""
    path = Path(path)
    card = read_card(path)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from None
    if hashlib.sha256(body).hexdigest() != card.get("sha256"):
        raise ModelError(f"{path} does not match its card (sha256 differs): restore both files, or train the model again")
    if card.get("format") != FORMAT:
        raise ModelError(f"{path}: model format {card.get('format')}, this version reads format {FORMAT}: train it again with `reviewclean train`")
    content = unpickle(body, path)
    for name, columns in TABLES.items():
        if (content.get("features") or {}).get(name) != list(columns):
            raise ModelError(f"{path}: its {name} model was made for other features than this version measures: train it again with `reviewclean train`")
    try:
        model = from_content(content, card)
        told = golden(model)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ModelError(f"{path}: parts are missing or misshapen ({error!r}): restore the file, or train it again") from None
    for name, values in card.get("golden", {}).items():
        if not np.allclose(values, told.get(name, []), atol=SLACK):
            raise ModelError(f"{path}: its golden predictions do not come out on this machine ({name}): install numpy anew, and report it")
    return model


def read_card(path: Path) -> dict[str, Any]:
    """The card of a model file."""
    if not path.exists():
        raise ModelError(f"{path}: no such model; leave out --model for the shipped one, or train one with `reviewclean train`")
    card = card_path(path)
    try:
        value = json.loads(card.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{path}: its card {card.name} is missing; a model is read only with its card beside it") from None
    except (ValueError, OSError) as error:
        raise ModelError(f"{card}: cannot be read ({error})") from None
    if not isinstance(value, dict):
        raise ModelError(f"{card}: not a model card")
    return value


DAMAGED = (
    pickle.UnpicklingError, zlib.error, struct.error, ValueError, EOFError, LookupError, TypeError, AttributeError, ImportError, OSError, MemoryError, ArithmeticError, RecursionError, AssertionError,
)  # fmt: skip
"""what reading a damaged or hostile file raises, as far as tests/test_fuzz.py has found"""


def unpickle(body: bytes, path: Path) -> dict[str, Any]:
    """What a model file holds, with nothing in it run."""
    try:
        raw = _decompressed(body)
        content = _Unpickler(str(path), io.BytesIO(raw), ensure_native_byte_order=True).load()
    except DAMAGED as error:
        raise ModelError(f"{path}: not a model of ours ({error}); nothing in it was run") from None
    if not isinstance(content, dict):
        raise ModelError(f"{path}: not a model of ours; nothing in it was run")
    return content


def _decompressed(body: bytes) -> bytes:
    if body[:1] != b"\x78":
        return body
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(body, 1 << 29)
    if unpacker.unconsumed_tail:
        raise ValueError("larger than any model")
    return raw
