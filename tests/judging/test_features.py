"""Blocks to numbers for the structure model."""

import numpy as np
from tests.conftest import PAGE

from reviewclean.data import About, Page
from reviewclean.judging.features import NAMES, NO_WEIGHTS, measure, tokens_of
from reviewclean.reading import read


def rows_of(html: str) -> dict[str, dict[str, float]]:
    reading = read(Page(html, kind="html"))
    table = measure(reading.blocks, reading.about, None, NO_WEIGHTS)
    assert np.isfinite(table).all()
    return {block.text[:12]: dict(zip(NAMES, row.tolist(), strict=True)) for block, row in zip(reading.blocks, table, strict=True)}


def test_one_row_a_block_and_one_column_a_name() -> None:
    """The shape that the model was trained on."""
    reading = read(Page(PAGE, kind="html"))
    assert measure(reading.blocks, reading.about, None, NO_WEIGHTS).shape == (len(reading.blocks), len(NAMES))
    assert measure((), About(), None, NO_WEIGHTS).shape == (0, len(NAMES))


def test_prose_and_menus_measure_apart() -> None:
    """Links, prose around, place in the main element."""
    rows = rows_of(PAGE)
    menu, prose = rows["Home"], rows["Director Pau"]
    assert menu["link_share"] == 1 and prose["link_share"] == 0
    assert prose["inside_main"] == 1 and menu["inside_main"] == 0
    assert prose["up body"] == 1 and menu["up nav"] <= 3
    assert prose["parent_prose"] > 0.9 > menu["parent_prose"]


def test_hidden_means_nothing_where_all_prose_is_hidden() -> None:
    """Pages that a script unveils are not thrown away."""
    hidden = PAGE.replace('<div class="entry-content">', '<div class="entry-content" hidden>')
    assert rows_of(hidden)["Director Pau"]["hidden"] == 0
    assert rows_of(PAGE.replace('<footer class="site-footer">', '<footer class="site-footer" hidden>'))["Copyright 20"]["hidden"] == 1


def test_the_heading_above_is_remembered() -> None:
    """What stands below "Related posts" knows it."""
    row = rows_of(PAGE)["Ten Films Ab"]
    assert row["heading links"] > 0 and row["heading_distance"] == 1


def test_class_names_become_words() -> None:
    """Camel case and hyphens are cut; digits teach nothing."""
    assert set(tokens_of("entry-content postBody item-4711")) == {"entry", "content", "entry-content", "post", "body", "postbody", "item"}
