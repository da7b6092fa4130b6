"""Blocks to numbers for the structure model."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import PAGE

from reviewclean.data import Page
from reviewclean.judging.batch import batch_of
from reviewclean.judging.page import NAMES, measure
from reviewclean.judging.weights import BUCKETS, DISTANCES, Weights
from reviewclean.reading import read

RANDOM = np.random.default_rng(0)
WEIGHTS = Weights(RANDOM.normal(size=BUCKETS).astype(np.float32), RANDOM.normal(size=(DISTANCES + 1, BUCKETS)).astype(np.float32))
PARTS = ["<div class='post'>", "</div>", "<p>", "<ul class='nav'><li>", "<a href='https://x.example/a'>link text</a>", "Some words of prose that go on for a while, and end. ", "<h2>Related posts</h2>", "<br><br>", "short", "<table><tr><td>a</td><td>b</td></tr></table>", "<span class='c'>£5</span>"]  # fmt: skip


def rows_of(html: str, url: str | None = None) -> dict[str, dict[str, float]]:
    reading = read(Page(html, kind="html", url=url))
    table = measure(batch_of([reading]), WEIGHTS)
    assert table.shape == (len(reading.blocks), len(NAMES)) and np.isfinite(table).all()
    return {block.text[:12]: dict(zip(NAMES, row.tolist(), strict=True)) for block, row in zip(reading.blocks, table, strict=True)}


def test_prose_and_menus_measure_apart() -> None:
    """Links, prose around, place in the main element."""
    rows = rows_of(PAGE)
    menu, prose = rows["Home"], rows["Director Pau"]
    assert menu["link_share"] == 1 and prose["link_share"] == 0
    assert prose["inside_main"] == 1 and menu["inside_main"] == 0
    assert prose["up body"] == 1 and menu["up nav"] <= 3
    assert prose["parent_prose"] > 0.9 > menu["parent_prose"]


def test_links_know_their_site() -> None:
    """By the page's address, or by the one that it gives as its own."""
    page = "<p>See <a href='https://www.lantern.example/a'>this</a></p><p>And <a href='https://shop.example/go/b?tag=x'>that</a></p>"
    for html, url in ((page, "https://lantern.example/p"), (f"<link rel='canonical' href='https://lantern.example/p'>{page}", None)):
        own, other = rows_of(html, url).values()
        assert (own["link_internal"], own["link_external"], other["link_internal"], other["link_external"], other["link_shop"]) == (1, 0, 0, 1, 1)


def test_hidden_means_nothing_where_all_prose_is_hidden() -> None:
    """Pages that a script unveils are not thrown away."""
    hidden = PAGE.replace('<div class="entry-content">', '<div class="entry-content" hidden>')
    assert rows_of(hidden)["Director Pau"]["hidden"] == 0
    assert rows_of(PAGE.replace('<footer class="site-footer">', '<footer class="site-footer" hidden>'))["Copyright 20"]["hidden"] == 1


def test_the_heading_above_is_remembered() -> None:
    """What stands below "Related posts" knows it."""
    row = rows_of(PAGE)["Ten Films Ab"]
    assert row["heading links"] > 0 and row["heading_distance"] == 1


def test_the_headline_is_found_by_the_title() -> None:
    """Distances are counted from it."""
    rows = rows_of(PAGE)
    assert rows["The Glass Fe"]["from_title"] > 0 or rows["By Ines Holl"]["from_title"] == 1
    assert rows["The Glass Fe"]["title_share"] > rows["Not everythi"]["title_share"]


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=30), min_size=2, max_size=4))
def test_a_page_measures_alike_alone_and_among_others(pages: list[list[str]]) -> None:
    """To the last bit: the batch does not matter."""
    readings = [reading for parts in pages if (reading := read(Page("".join(parts), kind="html"))).blocks]
    if len(readings) > 1:
        together = measure(batch_of(readings), WEIGHTS)
        np.testing.assert_array_equal(together, np.concatenate([measure(batch_of([one]), WEIGHTS) for one in readings]))
