"""Trees as arrays predict what scikit-learn predicts."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from reviewclean.judging.trees import sigmoid
from reviewclean.teaching.train import trees_of


def fitted() -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(600, 7)).astype(np.float32)
    truth = (rows[:, 0] * rows[:, 1] + rows[:, 2] > 0) ^ (rng.random(600) < 0.1)
    return HistGradientBoostingClassifier(max_iter=25, max_leaf_nodes=9, max_bins=31, random_state=0).fit(rows, truth), rows


def test_arrays_and_scikit_learn_agree() -> None:
    """To float32's precision, on all rows."""
    model, rows = fitted()
    np.testing.assert_allclose(sigmoid(trees_of(model).log_odds(rows)), model.predict_proba(rows)[:, 1], atol=1e-5)


def test_the_early_way_out_changes_hopeless_rows_alone() -> None:
    """Rows above the bound get all their trees."""
    model, rows = fitted()
    trees = trees_of(model)
    whole, early = trees.log_odds(rows), trees.log_odds(rows, early=10, hopeless=0.0)
    after_ten = trees.log_odds(rows, early=10, hopeless=np.inf)
    np.testing.assert_allclose(early[after_ten >= 0], whole[after_ten >= 0])
    assert (after_ten < 0).any()
    np.testing.assert_allclose(early[after_ten < 0], after_ten[after_ten < 0])


def test_no_rows_give_no_sums() -> None:
    """An empty batch."""
    model, _ = fitted()
    assert trees_of(model).log_odds(np.zeros((0, 7), np.float32)).shape == (0,)
