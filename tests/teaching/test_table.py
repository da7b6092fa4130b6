"""The base table: what goes with a model so that it can be taught more."""

from pathlib import Path

import numpy as np
import pytest

from reviewclean.errors import SampleError
from reviewclean.judging import context
from reviewclean.judging.loading import shipped
from reviewclean.teaching.running import UnitTable
from reviewclean.teaching.table import FOREIGN, HARDEST, OTHERS, drawn, load_table, table_path


def units(count: int) -> UnitTable:
    lots = np.random.default_rng(0)
    foreign = np.arange(count) % 3 == 0
    names = np.full(count, "")
    return UnitTable(
        lots.random((count, len(context.NAMES))).astype(np.float32), foreign, np.arange(count) % 10 != 0, ~foreign, np.full(count, 9), names, names, names, names,
        np.arange(count) % 4, np.full(count, 5), np.zeros(count, np.bool_),
    )  # fmt: skip


def test_a_table_stands_for_all_units() -> None:
    """The hardest of the reviews all, the others by lot, with weights that add up."""
    all_units = units(40_000)
    odds = np.linspace(-3, 3, 40_000)
    table = drawn(all_units, odds, 8, 20)
    assert len(table.odds) == HARDEST + OTHERS + FOREIGN and table.few.all()
    assert table.weight[table.foreign].sum() == pytest.approx((all_units.use & all_units.foreign).sum(), rel=1e-3)
    assert table.weight[~table.foreign].sum() == pytest.approx((all_units.use & ~all_units.foreign).sum(), rel=1e-3)
    host = np.sort(odds[all_units.use & ~all_units.foreign])
    assert np.array_equal(np.sort(table.odds[: HARDEST]), host[-HARDEST:])
    assert np.array_equal(drawn(all_units, odds, 8, 20).odds, table.odds)


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """But for the last bits of its rows; of few units it has what there is."""
    table = drawn(units(60), np.zeros(60), 8, 20)
    path = table_path(tmp_path / "mine.joblib")
    table.save(path)
    again = load_table(path)
    assert path.name == "mine.base.npz" and np.allclose(again.rows, table.rows, atol=1e-3) and np.array_equal(again.measures, table.measures)
    assert again.rows.dtype == np.float32 and [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_what_is_no_table_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged, missing, or of other features; nothing in it is run."""
    path = tmp_path / "x.base.npz"
    for body in (b"", b"PK", table_path(shipped()).read_bytes()[:5_000]):
        path.write_bytes(body)
        with pytest.raises(SampleError, match="not a base table"):
            load_table(path)
    with pytest.raises(SampleError, match="not a base table"):
        load_table(tmp_path / "none.npz")
    np.savez(path, features=np.array(["other"]))
    with pytest.raises(SampleError, match="other features"):
        load_table(path)
