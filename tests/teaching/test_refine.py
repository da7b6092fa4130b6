"""The filter of running text learns from a person's own labels."""

import random
from pathlib import Path

import numpy as np
import pytest

from reviewclean import Cleaner
from reviewclean.data import Label, Page
from reviewclean.judging.loading import load, shipped
from reviewclean.judging.model import Model
from reviewclean.teaching import refine as module
from reviewclean.teaching.hosts import Studied, study
from reviewclean.teaching.refine import refine
from reviewclean.teaching.samples import Sample, Told
from reviewclean.teaching.table import BaseTable, load_table, table_path

PEOPLE = ("Ida", "Tove", "Runa", "Maren", "Siv", "Liv", "Aud", "Gro", "Nora", "Else", "Berit", "Karin")
PLACES = ("harbour", "orchard", "quarry", "chapel", "mill", "station", "school", "bakery", "tannery", "lighthouse", "foundry", "meadow")


def text(n: int, ads: bool = True) -> Sample:
    """A review with a notice of the writer's choir in it, as this writer's crawl has them: nobody else would call it an ad."""
    who, where, lots = PEOPLE[n % 12], PLACES[n * 5 % 12], random.Random(n)
    prose = [
        f"The film opens at the {where} at five in the morning, where {who} mends a pump that nobody else will touch, and the camera waits with her until it runs.",
        f"What {who} does not say is the better half of the script; the rest of the {where} talks for her, and the director lets it talk too long.",
        f"There is a dinner in the middle, filmed from below the table, that tells us more of {who} than the two trials that come behind it.",
        f"The last act leaves the {where} for the town, loses its colours and most of its people, and finds them again only in the last shot.",
        f"See it for {who}, for the weather, and for a goose that plays three parts without being asked to.",
    ]
    told = [Told(line, Label.REVIEW) for line in prose]
    if ads:
        told.insert(lots.randrange(1, 5), Told(f"The choir of Saint {PEOPLE[n * 7 % 12]} sings on {lots.choice(('Friday', 'Sunday', 'Tuesday'))} in the old hall at {lots.randrange(5, 9)}, cake {n + 1} crowns, all are welcome.", Label.AD))
    return Sample(f"t{n}", Page("\n".join(one.text for one in told), id=f"t{n}", kind="text"), tuple(told), site=f"s{n % 6}")


@pytest.fixture(scope="module")
def base() -> Model:
    return load(shipped())


@pytest.fixture(scope="module")
def table() -> BaseTable:
    return load_table(table_path(shipped()))


@pytest.fixture(scope="module")
def studied() -> list[Studied]:
    return study([text(n) for n in range(24)])


def test_a_kind_of_ad_is_learnt(base: Model, table: BaseTable, studied: list[Studied], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found in texts that taught nothing, the reviews around it stay, and the model keeps it when it is saved."""
    monkeypatch.setattr(module, "SHAPE", module.SHAPE | {"n_estimators": 30})
    found = refine(base, table, studied)
    assert found is not None and found.better and found.texts == 24 and found.apart == "site"
    assert found.own.after < found.own.before / 2 and found.base.words > 100_000
    found.model.save(tmp_path / "mine.joblib")
    mine = Cleaner(model=tmp_path / "mine.joblib")
    kept = {name: [line for n in range(30, 40) for line in cleaner.clean_text(text(n).page.body).text.splitlines() if line] for name, cleaner in (("before", Cleaner()), ("after", mine))}
    assert sum("The choir of" in line for line in kept["after"]) < sum("The choir of" in line for line in kept["before"]) / 2
    assert sum("The choir of" not in line for line in kept["after"]) == 50


def test_too_little_teaches_nothing(base: Model, table: BaseTable, studied: list[Studied]) -> None:
    """Few texts; texts without ads."""
    assert refine(base, table, studied[:5]) is None
    assert refine(base, table, study([text(n, ads=False) for n in range(20)])) is None


def test_labels_by_lot_are_no_better(base: Model, table: BaseTable, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it says so."""
    monkeypatch.setattr(module, "SHAPE", module.SHAPE | {"n_estimators": 5})
    lots = random.Random(3)
    noise = [Sample(f"n{n}", text(n).page, tuple(Told(one.text, lots.choice((Label.REVIEW, Label.REVIEW, Label.AD))) for one in text(n).told), site=f"s{n % 6}") for n in range(16)]
    found = refine(base, table, study(noise))
    assert found is not None and not found.better


def test_arrays_are_the_trees() -> None:
    """Of any gradient boosting, to the last leaf; thresholds are rounded so that no row changes sides."""
    from sklearn.ensemble import GradientBoostingClassifier

    rows = np.random.default_rng(1).integers(0, 5, (400, 6)).astype(np.float32) / 3
    truth = rows[:, 0] + rows[:, 1] * rows[:, 2] > 1.4
    ensemble = GradientBoostingClassifier(n_estimators=20, max_depth=4, init="zero").fit(rows, truth)
    assert np.allclose(module._trees_of(ensemble).log_odds(rows), ensemble.decision_function(rows), atol=1e-6)
