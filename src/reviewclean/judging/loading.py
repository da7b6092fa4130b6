"""Reading a model file, as if a stranger had sent it: nothing in it is run, and what does not match its card is refused."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from joblib.numpy_pickle import NumpyArrayWrapper, NumpyUnpickler

from reviewclean.errors import ModelError
from reviewclean.judging.model import FORMAT, TABLES, Model, card_path, from_content, golden

SLACK = 1e-4  # by how much golden predictions may differ between machines


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


ALLOWED = {
    ("numpy", "ndarray"), ("numpy", "dtype"), ("numpy.dtypes", "Float16DType"), ("numpy.dtypes", "Float32DType"), ("numpy.dtypes", "Float64DType"),
    ("numpy.dtypes", "Int16DType"), ("numpy.dtypes", "Int32DType"), ("numpy.dtypes", "Int64DType"), ("numpy.dtypes", "UInt64DType"),
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
