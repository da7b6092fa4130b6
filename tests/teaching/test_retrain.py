"""Samples of one's own make a model better, or are told why not."""

import pytest
from tests.teaching.test_adapt import sample
from tests.teaching.test_refine import text

from reviewclean.data import Label, Page
from reviewclean.errors import SampleError
from reviewclean.judging.loading import load, shipped
from reviewclean.teaching import refine
from reviewclean.teaching.retrain import retrain
from reviewclean.teaching.samples import Sample, Told
from reviewclean.teaching.table import load_table, table_path

BASE, TABLE = load(shipped()), load_table(table_path(shipped()))


def test_sites_and_filter_are_taught_in_one_go() -> None:
    """Pages teach their site, texts the filter."""
    found = retrain(BASE, TABLE, [*(sample(n) for n in range(8)), *(text(n) for n in range(24))])
    assert found.sites[0].better and found.filter is not None and found.filter.better
    assert found.model.habits.hosts == ("moth.example",) and found.model.corrections is not None


def test_texts_of_few_sites_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of a site are on both sides then."""
    monkeypatch.setattr(refine, "SHAPE", refine.SHAPE | {"n_estimators": 30})
    texts = [Sample(one.id, one.page, one.told, site="one") for one in (text(n) for n in range(24))]
    found = retrain(BASE, TABLE, texts)
    assert found.filter is not None and found.filter.apart == "text" and any("fewer than four sites" in warning for warning in found.warnings)


def test_what_teaches_nothing_is_refused() -> None:
    """With the reasons."""
    with pytest.raises(SampleError, match="8 samples and 8 different blocks labelled ad"):
        retrain(BASE, TABLE, [Sample("t", Page("One line.", kind="text"), (Told("One line.", Label.REVIEW),))])
    with pytest.raises(SampleError, match="none of the samples has a block of review"):
        retrain(BASE, TABLE, [Sample("t", Page("One line.", kind="text"), (Told("One line.", Label.AD),))])


def test_contradictions_and_thin_labels_are_told() -> None:
    """Before anybody believes the result."""
    warnings = " ".join(retrain(BASE, TABLE, [sample(n, pitch=Label.REVIEW if n == 0 else Label.AD) for n in range(4)]).warnings)
    assert "1 blocks are review on one page and not on another, e.g. on moth.example: 'Our shop has moved" in warnings
    assert "label notice: 4 blocks" in warnings


def test_without_a_base_table_sites_are_learnt_alone() -> None:
    """And it says why."""
    found = retrain(BASE, None, [sample(n) for n in range(8)])
    assert found.filter is None and found.sites[0].better and any("no base table" in warning for warning in found.warnings)


def test_what_was_taught_before_is_replaced_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that was taught once is measured without what it was taught."""
    monkeypatch.setattr(refine, "SHAPE", refine.SHAPE | {"n_estimators": 30})
    texts = [text(n) for n in range(24)]
    again = retrain(retrain(BASE, TABLE, texts).model, TABLE, texts)
    assert again.filter is not None and any("is replaced" in warning for warning in again.warnings)
