"""The trees as scikit-learn knows classifiers."""

import numpy as np
import pytest
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from reviewclean.teaching.estimator import BoostedTreesClassifier

NOT_HERE = {"check_sample_weight_equivalence_on_dense_data": "min_samples_leaf counts rows, and bins are made of rows, whatever they weigh: as in HistGradientBoostingClassifier"}
SMALL = BoostedTreesClassifier(first=(3, 0.3), rest=(8, 0.3), min_samples_leaf=2)


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([SMALL], expected_failed_checks=lambda _: NOT_HERE)
def test_scikit_learns_own_checks_pass(estimator: BoostedTreesClassifier, check: object) -> None:
    """All that it has for a classifier of two classes."""
    check(estimator)  # type: ignore[operator]


def test_it_goes_where_classifiers_go() -> None:
    """Into cross-validation, with names for classes."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(300, 4))
    classes = np.where(rows[:, 0] + rows[:, 1] > 0, "review", "ad")
    assert cross_val_score(BoostedTreesClassifier(), rows, classes).mean() > 0.85
