"""Trees as arrays predict what scikit-learn predicts."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from reviewclean.judging.trees import sigmoid
from reviewclean.teaching.boost import trees_of


def fitted() -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(600, 7)).astype(np.float32)
    truth = (rows[:, 0] * rows[:, 1] + rows[:, 2] > 0) ^ (rng.random(600) < 0.1)
    return HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=9, max_bins=31, random_state=0).fit(rows, truth), rows


def test_arrays_and_scikit_learn_agree() -> None:
    """To float32's precision, on all rows."""
    model, rows = fitted()
    np.testing.assert_allclose(sigmoid(trees_of(model).log_odds(rows)), model.predict_proba(rows)[:, 1], atol=1e-5)


def test_checks_settle_rows_beyond_their_bounds_alone() -> None:
    """The others get all their trees."""
    model, rows = fitted()
    trees = trees_of(model)
    five, ten, whole = trees.after(rows, 5), trees.after(rows, 10), trees.log_odds(rows)
    low, high = np.quantile(five, 0.2), np.quantile(ten, 0.7)
    checked = replace(trees, checks=np.array([[5, low, np.inf], [10, -np.inf, high]]))
    low = five < low
    settled = ~low & (ten > high)
    assert low.any() and settled.any()
    np.testing.assert_allclose(checked.log_odds(rows), np.where(low, five, np.where(settled, ten, whole)))
    said = replace(checked, floor=-9.0, ceiling=9.0).log_odds(rows)  # what they were settled for is what they are said to be
    np.testing.assert_allclose(said, np.where(low, -9.0, np.where(settled, 9.0, whole)))


def test_a_row_is_judged_alike_alone_and_among_others() -> None:
    """To the last bit: sums are of whole numbers."""
    model, rows = fitted()
    trees = trees_of(model)
    np.testing.assert_array_equal(trees.log_odds(rows), np.concatenate([trees.log_odds(rows[i : i + 7]) for i in range(0, len(rows), 7)]))


def test_no_rows_give_no_sums() -> None:
    """An empty batch."""
    model, _ = fitted()
    assert trees_of(model).log_odds(np.zeros((0, 7), np.float32)).shape == (0,)


def test_trees_that_lead_out_of_themselves_are_refused() -> None:
    """A walk in compiled code would leave the arrays, or never end."""
    model, rows = fitted()
    trees = trees_of(model)
    leaf = int(np.flatnonzero(trees.left == np.arange(len(trees.left)))[0])
    for name, at, value in (("left", 0, len(trees.left) - 1), ("left", 0, -1), ("left", 5, 1), ("feature", 0, -1), ("roots", 0, len(trees.left)), ("threshold", leaf, 0.0)):
        column = getattr(trees, name).copy()
        column[at] = value
        with pytest.raises(ValueError, match="lead out"):
            replace(trees, **{name: column})
    with pytest.raises(ValueError, match="lead out"):
        replace(trees, value=trees.value[:-1])
    with pytest.raises(ValueError, match="rows of 2 features"):
        trees.log_odds(rows[:, :2])
