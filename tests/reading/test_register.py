"""Kinds of elements by number."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from reviewclean.data import Page
from reviewclean.reading import read, register
from reviewclean.reading.register import Register


def test_equal_elements_are_of_one_kind() -> None:
    """By tag and names, as written."""
    kinds = Register()
    assert [kinds.number(*kind) for kind in (("p", ""), ("p", "a b"), ("div", "a b"), ("p", "a b"), ("p", "b a"), ("", ""))] == [1, 2, 3, 2, 4, 0]
    assert (kinds.tags[3], kinds.names[3], len(kinds)) == ("div", "a b", 5)


def test_threads_get_equal_numbers() -> None:
    """Whoever meets a kind first."""
    kinds = Register()
    names = [f"name-{i % 500}" for i in range(5000)]
    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(lambda name: kinds.number("p", name), names))
    assert [kinds.names[number] for number in numbers] == names and len(kinds) == 501


def test_a_full_register_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the next page; what was read before goes by the one that it had."""
    monkeypatch.setattr(register, "MANY", 3)
    monkeypatch.setattr(register, "_current", [Register()])
    pages = [read(Page(f"<body class='a{i}'><div class='b{i}'><p class='c{i}'>Some text.</p></div></body>", kind="html")).elements for i in range(3)]
    assert pages[0] is not None and pages[1] is not None and pages[2] is not None
    assert pages[0].register is not pages[1].register and [page.register.names[page.kinds[-1]] for page in pages] == ["c0", "c1", "c2"]
