"""Kinds of elements, by number: what is learnt of one is known of all that are alike, on all pages of a site."""

from __future__ import annotations

from threading import Lock

NONE: dict[str, int] = {}
MANY = 1 << 17  # kinds: with more, the next page begins a new register, since a crawl brings ever new ones


class Register:
    """The kinds of elements that were met. Elements of one tag and with equal names (class, id, role and itemprop, with spaces between them) are of one kind."""

    def __init__(self) -> None:
        self.tags: list[str] = [""]  # the first kind is what stands above a page
        self.names: list[str] = [""]
        self.numbers: dict[str, dict[str, int]] = {"": {"": 0}}  # by tag and then by names: pairs as keys took twice as long
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.names)

    def number(self, tag: str, names: str) -> int:
        """The number of a kind, its place in `tags` and `names`; a new one if it was not met."""
        found = self.numbers.get(tag, NONE).get(names)
        if found is None:
            with self._lock:
                numbers = self.numbers.setdefault(tag, {})
                if names not in numbers:
                    self.tags.append(tag)
                    self.names.append(names)
                    numbers[names] = len(self.names) - 1
                found = numbers[names]
        return found


_current = [Register()]


def current() -> Register:
    """The register that the next page goes by."""
    if len(_current[0]) > MANY:
        _current[0] = Register()
    return _current[0]
