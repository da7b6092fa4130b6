"""Habits of single sites correct what the structure model says there, and nowhere else."""

import numpy as np

from reviewclean.data import Page
from reviewclean.judging.habits import NO_HABITS, SIGNS, Habits, signs_of
from reviewclean.reading import Reading, read

HTML = '<div class="post-{n}"><h2>Verdict</h2><p class="c{n}">Worth {n} evenings.</p></div><div class="box"><p>Join us today.</p></div>'


def page(number: int, url: str | None = "https://www.moth.example/a") -> Reading:
    return read(Page(HTML.format(n=number), url=url, kind="html"))


def habits(host: str, weight: float = 3.0) -> Habits:
    """All that the first page has is known."""
    signs = np.unique(signs_of(page(1), host))
    return Habits((host,), signs, np.full(len(signs), weight / SIGNS, np.float32))


def test_numbers_in_names_and_lines_tell_nothing() -> None:
    """They differ from page to page; everything else makes a sign."""
    np.testing.assert_array_equal(signs_of(page(1), "h"), signs_of(page(22), "h"))
    assert not set(signs_of(page(1), "h").ravel().tolist()) & set(signs_of(page(1), "other").ravel().tolist())


def test_habits_are_a_sites_own() -> None:
    """Another site with the same markup gets nothing."""
    known = habits("moth.example")
    added = known.of(page(7))
    assert added is not None
    np.testing.assert_allclose(added, 3.0, rtol=1e-6)
    assert known.of(page(1, "https://fly.example/")) is None and NO_HABITS.of(page(1)) is None


def test_a_page_that_does_not_say_where_it_stands_is_known_by_its_markup() -> None:
    """Where most of it was met on a site without a name, and only there."""
    assert habits("~").of(page(3, None)) is not None
    assert habits("~").of(page(3)) is None
    assert habits("~").of(read(Page("<main><p>Something else.</p><p>And more.</p></main>", kind="html"))) is None
