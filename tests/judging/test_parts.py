"""Many short strings are looked for in many others at once."""

import re

from hypothesis import given
from hypothesis import strategies as st

from reviewclean.judging.parts import Parts

PARTS = ("abc", "bcd", "abcd", "cab", "é/b")


@given(st.lists(st.text("abcdé/\n😀", max_size=12), max_size=6))
def test_every_part_is_found_where_a_pattern_finds_it(texts: list[str]) -> None:
    """Whatever stands around it; never across two texts."""
    expected = [{number for number, part in enumerate(PARTS) if re.search(re.escape(part), text)} for text in texts]
    assert Parts((part, number) for number, part in enumerate(PARTS)).inside(texts) == expected
