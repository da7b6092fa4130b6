"""Trees are fitted, by folds and whole."""

import numpy as np

from reviewclean.judging.trees import sigmoid
from reviewclean.teaching.boost import FOLDS, boost, fitted, fold_of, platt

SETTINGS = {"plan": ((5, 0.3), (15, 0.1)), "max_leaf_nodes": 9}


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(800, 4)).astype(np.float32)
    return rows, rows[:, 0] + 0.5 * rows[:, 1] > rng.normal(size=800) * 0.3


def test_held_out_odds_come_from_trees_that_did_not_see_the_fold() -> None:
    """Each row is judged by what the other folds taught; rows that may not teach are judged all the same."""
    rows, truth = data()
    fold = np.arange(800) % FOLDS
    use = np.arange(800) % 5 > 0
    found = fitted(rows, truth, np.ones(800, np.float32), fold, SETTINGS, 0, use)
    again = boost(rows[(fold != 2) & use], truth[(fold != 2) & use], np.ones(int(((fold != 2) & use).sum())), SETTINGS, 0)
    np.testing.assert_allclose(found.odds[fold == 2], again.log_odds(rows[fold == 2]))
    assert ((found.odds > 0) == truth).mean() > 0.85


def test_calibrated_odds_mean_what_they_say() -> None:
    """Odds that are twice too sure are halved."""
    rng = np.random.default_rng(2)
    odds = rng.normal(size=4000) * 2
    truth = rng.random(4000) < sigmoid(odds)
    slope, offset = platt(2 * odds[:, None], truth, np.ones(4000))
    assert abs(slope - 0.5) < 0.08 and abs(offset) < 0.15


def test_a_site_is_in_one_fold_for_ever() -> None:
    """By its name."""
    assert fold_of("lantern.example") == fold_of("lantern.example") in range(4)
