"""The base table: numbers of some of the units that taught a model, without their text. It goes with the model, so that whoever teaches it more can see that it forgets nothing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reviewclean.errors import SampleError
from reviewclean.judging import context
from reviewclean.teaching.boost import Doubles, Flags, Floats, Ints
from reviewclean.teaching.running import UnitTable

HARDEST = 3_000  # host units that held-out models found likeliest to be foreign: all of them are in the table
OTHERS = 5_000  # of the rest of the host units, by lot
FOREIGN = 4_000  # promos and clutter, by lot
MEASURED_FOLD = 0  # sites whose units measure; those of the others teach


@dataclass(frozen=True, slots=True)
class BaseTable:
    """Units of texts into which promos were planted, with what a model that did not see their sites says of them."""

    rows: Floats  # (units, len(context.NAMES))
    odds: Doubles  # held-out log-odds, before calibration
    foreign: Flags
    sizes: Ints  # words
    few: Flags  # stands in a short text
    weight: Floats  # how many units of its kind each stands for
    measures: Flags

    def save(self, path: Path) -> None:
        """Write the table; whole or not at all."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, features=np.array(context.NAMES), rows=np.clip(self.rows, -6e4, 6e4).astype(np.float16), odds=self.odds.astype(np.float32), foreign=self.foreign,
            sizes=self.sizes.astype(np.int32), few=self.few, weight=self.weight, measures=self.measures,
        )  # fmt: skip
        part = path.with_name(path.name + ".part")
        part.write_bytes(buffer.getvalue())
        part.replace(path)


def table_path(model: Path) -> Path:
    """Where the base table of a model file lies."""
    return model.with_name(model.name.removesuffix(".joblib") + ".base.npz")


def load_table(path: Path) -> BaseTable:
    """Read a base table. Raises SampleError where it is damaged, or was made for other features."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            if file["features"].tolist() != list(context.NAMES):
                raise SampleError(f"{path}: made for other features than this version measures; train the model anew, which writes it")
            columns = {name: file[name] for name in BaseTable.__slots__}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SampleError(f"{path}: not a base table ({error}): restore it, or train the model anew, which writes it") from None
    return BaseTable(**columns | {"rows": columns["rows"].astype(np.float32), "odds": columns["odds"].astype(np.float64), "sizes": columns["sizes"].astype(np.int64)})


def drawn(units: UnitTable, odds: Doubles, few: int, seed: int) -> BaseTable:
    """A table out of all units that taught. `odds`: held-out log-odds of all; `few`: units from which on a text is not short."""
    lots = np.random.default_rng(seed)
    host, foreign = np.flatnonzero(units.use & ~units.foreign), np.flatnonzero(units.use & units.foreign)
    host = host[np.argsort(-odds[host], kind="stable")]
    parts = [host[:HARDEST], _some(host[HARDEST:], OTHERS, lots), _some(foreign, FOREIGN, lots)]
    stands_for = [1.0, max(len(host) - HARDEST, 0) / max(len(parts[1]), 1), len(foreign) / max(len(parts[2]), 1)]
    at = np.concatenate(parts)
    return BaseTable(
        units.rows[at], odds[at], units.foreign[at], units.sizes[at], units.count[at] < few, np.repeat(np.array(stands_for, np.float32), [len(part) for part in parts]),
        units.fold[at] == MEASURED_FOLD,
    )  # fmt: skip


def _some(at: Ints, count: int, lots: np.random.Generator) -> Ints:
    return np.sort(lots.choice(at, min(count, len(at)), replace=False))
