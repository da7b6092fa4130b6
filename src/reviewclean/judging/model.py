"""Model: what was learnt, as plain arrays, and the questions that it answers. `loading` reads its files.

A model is two files: `NAME.joblib`, a dictionary of arrays and numbers, and `NAME.card.json`, which says what it is, what it saw, how good it
is, and holds its sha256 and golden predictions. No object of ours or of scikit-learn is pickled, so a model outlives both.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import numpy.typing as npt

from reviewclean.data import Label
from reviewclean.judging import clauses, context, page, within
from reviewclean.judging.batch import Batch
from reviewclean.judging.habits import NO_HABITS, Habits
from reviewclean.judging.ngrams import BUCKETS, Ngrams
from reviewclean.judging.stems import STEM_BUCKETS, TOPICS, Lexis
from reviewclean.judging.telling import Told
from reviewclean.judging.trees import Trees, sigmoid
from reviewclean.judging.units import Running, Units, units_of
from reviewclean.judging.weights import Weights

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FORMAT = 5
MODES = ("careful", "balanced", "strict")
SURE = 2.5  # log-odds: beyond it, what the structure model says of a block adds nothing; a promo in a paragraph of its own looks like review to it
PLAIN = 6.0  # log-odds at which a promo is plain: beyond it, nobody asks further
NEVER = 2.0  # a threshold that no chance reaches
TABLES = {"structure": page.NAMES, "context": context.NAMES, "sentence": within.NAMES, "clause": clauses.NAMES}  # what each ensemble of trees sees


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
        # einsum, not @: for tables this small the threads of a BLAS cost more than they bring; weights by label, so that it runs along both
        scores = np.einsum("ij,kj->ik", np.clip((squash(rows[:, self.columns]) - self.mean) / self.scale, -4, 4), np.ascontiguousarray(self.weight.T)) + self.bias
        labels = [Label(name) for name in self.labels]
        return [labels[i] for i in scores.argmax(axis=1).tolist()]


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
    clause: float = NEVER  # chance from which a piece of a sentence goes
    short_clause: float = 0.0  # log-odds that are asked more of pieces of sentences in short texts


@dataclass(frozen=True)
class Model:
    """Everything that was learnt, and the questions that can be asked of it."""

    weights: Weights
    structure: Trees
    context: Trees
    sentence: Trees
    clause: Trees
    lexis: Lexis
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
        return units_of(told, running, self.lexis)

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

    def clause_odds(self, rows: Floats) -> Doubles:
        """Log-odds that each piece of a sentence does not belong to its text."""
        slope, offset = self.calibration["clause"]
        return self.clause.log_odds(rows) * slope + offset

    # ------------------------------------------------------------ files

    def content(self) -> dict[str, Any]:
        """The model as arrays, numbers and strings alone."""
        return {
            "format": FORMAT,
            "features": {name: list(columns) for name, columns in TABLES.items()},
            "word_weights": self.weights.word_weights.astype(np.float16),
            "token_weights": self.weights.token_weights.astype(np.float16),
            "rarity": self.lexis.rarity.astype(np.float16),
            "topics": self.lexis.topics.astype(np.float16),
            "ngrams": {f: getattr(self.lexis.ngrams, f) for f in Ngrams.__slots__},
            **{name: getattr(self, name).as_dict() for name in TABLES},
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
        lexis=_lexis(content["rarity"].astype(np.float32), content["topics"].astype(np.float32), Ngrams(**content["ngrams"])),
        structure=Trees(**content["structure"]),
        context=Trees(**content["context"]),
        sentence=Trees(**content["sentence"]),
        clause=Trees(**content["clause"]),
        page_reasons=Reasons(**content["page_reasons"]),
        text_reasons=Reasons(**content["text_reasons"]),
        calibration={stage: tuple(pair) for stage, pair in content["calibration"].items()},
        points={mode: Point(**point) for mode, point in content["points"].items()},
        habits=Habits(**content["habits"]) if "habits" in content else NO_HABITS,
        corrections=Trees(**content["corrections"]) if "corrections" in content else None,
        card=card or {},
    )


def _lexis(rarity: Floats, topics: Floats, ngrams: Ngrams) -> Lexis:
    if rarity.shape != (STEM_BUCKETS,) or topics.shape != (STEM_BUCKETS, TOPICS):
        raise ValueError(f"stems in tables of {rarity.shape} and {topics.shape}")
    if any(weights.shape != (BUCKETS,) or weights.dtype != np.int16 for weights in (ngrams.words, ngrams.pairs)):
        raise ValueError(f"words in tables of {ngrams.words.shape} and {ngrams.pairs.shape}, of {ngrams.words.dtype}")
    return Lexis(rarity, topics, ngrams)


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
