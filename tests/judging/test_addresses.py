"""What addresses tell."""

import pytest

from reviewclean.judging import addresses
from reviewclean.judging.addresses import ANCHOR, HERE, NETWORK, OUT, SHOP, told


def test_addresses_tell_where_they_lead() -> None:
    """On the page, on the site, to another host; to shops and networks."""
    found = told(["#top", "/about", "https://www.Shop.example/x", "//cdn.example", "https://amazon.com/dp/1?tag=me", "/go/offer", "mailto:me@x.example", "/about"])
    assert [one.bits for one in found] == [ANCHOR, HERE, OUT, OUT, OUT | SHOP, HERE | SHOP, HERE | NETWORK, HERE]
    assert [one.host for one in found] == ["", "", "shop.example", "cdn.example", "amazon.com", "", "", ""]
    assert told([]) == []


def test_the_memory_forgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crawl brings ever new ones; what is forgotten is found again, alike."""
    monkeypatch.setattr(addresses, "REMEMBERED", 10)
    many = [f"https://h{i % 7}.example/{i}" for i in range(100)]
    first = told(many)
    assert told(many[:5]) + told(["/new"]) + told(many[5:]) == [*first[:5], *told(["/new"]), *first[5:]]
    assert len(addresses._known) <= 2 * addresses.REMEMBERED
