"""Pages that are nested too deep are flattened."""

from reviewclean.reading.rescue import DEEP, LEVELS, flatten, too_deep


def test_deep_elements_lose_their_tags_and_keep_their_text() -> None:
    """No element is deeper than LEVELS."""
    flat = flatten("<div>" * (LEVELS + 50) + "a&amp;b" + "</div>" * (LEVELS + 50))
    assert flat.count("<div>") == LEVELS
    assert "a&amp;b" in flat


def test_shallow_pages_stay_as_they_are() -> None:
    """Attributes, void elements and scripts are passed on."""
    assert flatten('<p class="a b">x<br>y</p><script>1<2</script>') == '<p class="a b">x<br>y</p><script>1<2</script>'


def test_what_is_too_deep_is_noticed() -> None:
    """Closed or not; many elements side by side are not deep."""
    assert too_deep(b"<div>" * (DEEP + 1) + b"</div>" * (3 * DEEP + 1))
    assert too_deep(b"<b>" * (4 * DEEP + 1))
    assert not too_deep(b"<div><p>a<li>b</div>" * (4 * DEEP))
