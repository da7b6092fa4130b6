"""What the addresses of links tell: where they lead, and to what kind of site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reviewclean.judging.parts import Parts
from reviewclean.reading import host_of

REMEMBERED = 1 << 17  # addresses: a crawl brings ever new ones; memory stays
ANCHOR, HERE, OUT, SHOP, NETWORK = 1, 2, 4, 8, 16

SHOPS = (
    "amazon. amzn. ebay. awin shareasale linksynergy skimlinks go.redirectingat anrdoezrs jdoqocy tkqlhce prf.hn bookshop.org walmart. bestbuy. target.com etsy.com "
    "/go/ /out/ /recommend/ /recommends/ /visit/ ?tag= ?aff= ?affid= ?aff_id= ?ref= ?clickid= ?partner= &tag= &aff= &affid= &aff_id= &ref= &clickid= &partner="
)
SOCIAL = (
    "facebook.com twitter.com //x.com pinterest. instagram.com linkedin.com reddit.com tumblr.com whatsapp t.me/ youtube.com mailto: feed. feeds. /feed tiktok.com bsky.app"
)
_TELLING = Parts([*((part, SHOP) for part in SHOPS.split()), *((part, NETWORK) for part in SOCIAL.split())])


class Address(NamedTuple):
    """What an address tells."""

    bits: int  # ANCHOR, HERE or OUT: an address without a host stays on the site; with SHOP, NETWORK
    host: str  # "" where it stays on the site


_HOSTLESS = [Address(bits, "") for bits in range(2 * NETWORK)]  # one for all that are alike
_known: dict[str, Address] = {}


def told(targets: Sequence[str]) -> list[Address]:
    """What each address tells."""
    if len(targets) <= REMEMBERED:
        return _told(targets)
    return [address for first in range(0, len(targets), REMEMBERED) for address in _told(targets[first : first + REMEMBERED])]


def _told(targets: Sequence[str]) -> list[Address]:
    """Of no more than can be remembered at a time."""
    while True:  # until all are known: another thread may have forgotten them in between
        try:
            return list(map(_known.__getitem__, targets))
        except KeyError:
            _meet([target for target in dict.fromkeys(targets) if target not in _known])


def _meet(targets: Sequence[str]) -> None:
    """Remember what some addresses tell."""
    if len(_known) > REMEMBERED:
        _known.clear()
    for target, kinds in zip(targets, _TELLING.inside(targets), strict=True):
        out = target.startswith(("http:", "https:", "//"))
        bits = sum(kinds) | (ANCHOR if target.startswith("#") else OUT if out else HERE)
        _known[target] = Address(bits, host_of(target)) if out else _HOSTLESS[bits]
