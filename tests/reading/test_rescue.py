"""Pages that lxml reads in part are flattened."""

from reviewclean.reading.rescue import LEVELS, flatten


def test_deep_elements_lose_their_tags_and_keep_their_text() -> None:
    """No element is deeper than LEVELS."""
    flat = flatten("<div>" * (LEVELS + 50) + "a&amp;b" + "</div>" * (LEVELS + 50))
    assert flat.count("<div>") == LEVELS
    assert "a&amp;b" in flat


def test_shallow_pages_stay_as_they_are() -> None:
    """Attributes, void elements and scripts are passed on."""
    assert flatten('<p class="a b">x<br>y</p><script>1<2</script>') == '<p class="a b">x<br>y</p><script>1<2</script>'
