"""A set of names that does not fill the memory: a run over a hundred million pages must know which names are taken and which pages are done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from hashlib import blake2b

CACHE = 16_000  # KB of the set that stay in memory; the rest goes to a temporary file that SQLite removes by itself
DIGEST = 12  # bytes: among a billion names, the chance that any two share one is below 1 in 10 billion


class Seen:
    """Names that have been met. May be used by one thread at a time."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript(f"PRAGMA cache_size = -{CACHE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE seen (name BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN")

    def add(self, name: str) -> bool:
        """Put a name in; False where it was in already."""
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (_digest(name),)).rowcount > 0

    def __contains__(self, name: str) -> bool:
        return self._db.execute("SELECT 1 FROM seen WHERE name = ?", (_digest(name),)).fetchone() is not None

    def unique(self, name: str, others: Iterator[str]) -> str:
        """The name, or the first of the others that is free; it is taken then."""
        while not self.add(name):
            name = next(others)
        return name


def _digest(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()
