"""Samples become a model."""

from pathlib import Path

import pytest
from tests.conftest import KEPT, PAGE, ROOT

from reviewclean import Cleaner, SampleError
from reviewclean.judging.loading import load
from reviewclean.judging.model import golden
from reviewclean.teaching import holdout
from reviewclean.teaching import train as module
from reviewclean.teaching.boost import fold_of
from reviewclean.teaching.card import model_card
from reviewclean.teaching.samples import read_promos, read_samples
from reviewclean.teaching.train import train

SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model of some of our samples, on disk."""
    patch = pytest.MonkeyPatch()
    for name in ("STRUCTURE", "CONTEXT", "SENTENCE"):
        patch.setattr(module, name, getattr(module, name) | {"plan": ((5, 0.3), (20, 0.1))})
    patch.setattr(holdout, "QUICK", holdout.QUICK | {"plan": ((5, 0.3), (5, 0.1))})
    samples = [s for s in read_samples(SAMPLES) if fold_of(s.id, 4) == 0]
    model, table = train(samples, read_promos(SAMPLES / "promos"), rounds=1)
    assert table.foreign.any() and table.measures.any() and not table.measures.all()
    patch.undo()
    path = tmp_path_factory.mktemp("small") / "small.joblib"
    model.save(path)
    assert golden(load(path)) == golden(model)
    return path


def test_a_trained_model_cleans(small: Path) -> None:
    """Loaded equals trained, and it tells review from chrome."""
    text = Cleaner(model=small).clean(PAGE).text
    assert sum(part in text for part in KEPT) >= 4
    assert "Privacy policy" not in text


def test_the_card_says_what_it_saw_and_how_good_it_is(small: Path) -> None:
    """For machines and for people."""
    card = load(small).card
    assert card["saw"]["samples"] >= 40 and set(card["held_out"]) == {"careful", "balanced", "strict"}
    assert 0 < card["held_out"]["balanced"]["review_lost"] <= 0.003 < card["held_out"]["strict"]["review_lost"] <= 0.0105
    assert card["held_out_styles"] and card["saw"]["hosted_promos"] > 0
    told = model_card(small)
    assert card["sha256"] in told and "Worst style" in told


def test_too_little_is_refused() -> None:
    """A sentence instead of a bad model."""
    samples = [s for s in read_samples(SAMPLES) if s.page.kind == "html"][:3]
    with pytest.raises(SampleError, match="sites: at least 4"):
        train(samples, [])
