"""The boosted trees of reviewclean as a scikit-learn classifier, for pipelines, searches and cross-validation of one's own."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from reviewclean.judging.trees import sigmoid
from reviewclean.teaching.boost import boost


class BoostedTreesClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Two classes by gradient-boosted trees (Friedman 2001) that are kept and walked as arrays, as the shipped models are.

    Parameters
    ----------
    first, rest: (trees, learning rate) of the first trees, in long strides, and of the others.
    max_leaf_nodes, max_depth, min_samples_leaf, l2_regularization, max_features, max_bins: as HistGradientBoostingClassifier has them.
    random_state: int, for features drawn by lot.

    After `fit`: `classes_`, `n_features_in_`, `trees_` (a `judging.trees.Trees`, which needs no scikit-learn).
    """

    def __init__(
        self, first: tuple[int, float] = (12, 0.3), rest: tuple[int, float] = (88, 0.1), max_leaf_nodes: int = 31, max_depth: int | None = None, min_samples_leaf: int = 20,
        l2_regularization: float = 1.0, max_features: float = 1.0, max_bins: int = 63, random_state: int = 0,
    ) -> None:  # fmt: skip
        self.first, self.rest = first, rest
        self.max_leaf_nodes, self.max_depth, self.min_samples_leaf = max_leaf_nodes, max_depth, min_samples_leaf
        self.l2_regularization, self.max_features, self.max_bins, self.random_state = l2_regularization, max_features, max_bins, random_state

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None) -> Self:
        """Fit to rows X (rows, features) and their classes y. Raises ValueError where there are not two of them."""
        rows, labels = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(labels)
        if type_of_target(labels) != "binary":
            raise ValueError(f"Only binary classification is supported. The type of the target is {type_of_target(labels)}.")
        self.classes_, truth = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("Classifier can't train when only one class is present.")
        weight = _check_sample_weight(sample_weight, rows, dtype=np.float32)
        used = weight > 0
        names = ("max_leaf_nodes", "max_depth", "min_samples_leaf", "l2_regularization", "max_features", "max_bins")
        settings: dict[str, Any] = {name: getattr(self, name) for name in names} | {"plan": (self.first, self.rest)}
        self.trees_ = boost(rows[used], truth[used].astype(np.bool_), weight[used], settings, self.random_state)
        return self

    def decision_function(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Log-odds of the second class."""
        check_is_fitted(self)
        return self.trees_.log_odds(validate_data(self, X, dtype=np.float32, reset=False))

    def predict_proba(self, X: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Chances of both classes, (rows, 2)."""
        chance = sigmoid(self.decision_function(X))
        return np.stack((1 - chance, chance), axis=1)

    def predict(self, X: npt.ArrayLike) -> npt.NDArray[Any]:
        """The likelier class of each row."""
        second = self.decision_function(X) > 0
        found: npt.NDArray[Any] = self.classes_[second.astype(np.intp)]
        return found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags
