"""The elements around blocks."""

import numpy as np

from reviewclean.data import Page
from reviewclean.judging.elements import NAMES, UP, Elements, main_of, measure
from reviewclean.judging.weights import no_weights
from reviewclean.reading import read

ONE = "<body><nav class='menu'><ul><li>Home</li></ul></nav><main><div class='entry-content'><p>one</p><p>two</p></div><p>three</p></main></body>"
TWO = "<body><div id='x'><p>four</p><aside>five</aside></div></body>"


def both() -> Elements:
    return Elements([read(Page(ONE, kind="html")), read(Page(TWO, kind="html"))])


def tags(tree: Elements) -> list[str]:
    return [each.register.tags[kind] for each in tree.around for kind in each.kinds]


def test_an_element_holds_a_stretch_of_blocks() -> None:
    """Sums over all blocks below each, also where several pages lie one after another."""
    tree = both()
    held = dict(zip([(int(page), tag) for page, tag in zip(tree.pages, tags(tree), strict=True)], tree.held(np.array([1, 10, 100, 1000, 7, 70])).tolist(), strict=True))
    assert (held[0, "nav"], held[0, "div"], held[0, "main"], held[0, "body"], held[1, "div"], held[1, ""]) == (1, 110, 1110, 1111, 77, 77)


def test_levels_up_to_the_nearest_of_a_kind() -> None:
    """Zero for the element itself, UP where there is none."""
    tree = both()
    rows = measure(tree, no_weights().of_elements(tree.around))
    column = {name: rows[:, NAMES.index(name)].tolist() for name in ("up nav", "up <main>", "up body", "own p")}
    assert column["up nav"] == [2, UP, UP, UP, UP, UP]
    assert column["up <main>"] == [UP, 2, 2, 1, UP, UP]
    assert column["up body"] == [UP, 1, 1, UP, UP, UP]
    assert column["own p"] == [0, 1, 1, 1, 1, 0]


def test_the_main_element_is_the_deepest_that_holds_most() -> None:
    """And blocks know how far they stand from it."""
    tree = both()
    prose = np.array([0, 500, 400, 50, 100, 0])
    main, shared = main_of(tree, tree.held(prose), np.array([950, 100]))
    assert [tags(tree)[i] for i in main] == ["div", "p"]
    depth = tree.depth[main]
    assert shared.tolist() == [depth[0] - 2, depth[0], depth[0], depth[0] - 1, depth[1], depth[1] - 1]
