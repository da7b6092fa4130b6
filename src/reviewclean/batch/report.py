"""What happened: every input once, as clean, thin, failed or skipped. Counted as it goes; the list itself lies on disk until the end."""

from __future__ import annotations

import heapq
import json
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from reviewclean.batch.whole import disk, part_of, whole

Status = Literal["clean", "thin", "failed", "skipped"]
STATUSES: tuple[Status, ...] = ("clean", "thin", "failed", "skipped")
LISTED = 10  # slowest and thinnest pages, and sites, that the report names
FAILURES = 5  # that are named on the terminal
SITES = 50_000  # that are counted apart; a crawl of more has none that is large among the rest
SITE_PAGES = 5  # from which a site's loss says something
UNUSUAL = 3.0  # standard deviations of the sites' mean shares


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input."""

    id: str
    status: Status
    why: str = ""  # of thin and failed
    note: str = ""
    words: int = 0  # of the review that is left
    removed: dict[str, int] = field(default_factory=dict)  # label -> blocks and spans that went
    share: float = 0.0  # of the page's characters that are left
    confidence: float = 0.0
    seconds: float = 0.0
    site: str = ""

    def told(self) -> dict[str, Any]:
        """As the report and the log have it: what says nothing is left out."""
        told = {name: getattr(self, name) for name in self.__slots__}  # `asdict` copies to the ground, and took a tenth of the parent's time
        return {name: value for name, value in told.items() if value not in ("", {}, 0.0) or name in ("id", "status")}


class Report:
    """Counts of a run as it goes, and the file that tells of it at the end."""

    def __init__(self, path: Path, settings: dict[str, str]) -> None:
        self.path, self.settings, self.started = path, settings, time.time()
        self.counts: Counter[str] = Counter(dict.fromkeys(STATUSES, 0))
        self.failures: list[Outcome] = []
        self._labels: Counter[str] = Counter()
        self._slowest: list[tuple[float, str]] = []  # heaps of the LISTED largest
        self._thinnest: list[tuple[int, str]] = []
        self._sites: dict[str, tuple[int, float, float]] = {}  # site -> pages, sum of shares, sum of their squares
        self._lock = threading.Lock()
        with disk(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._pages = part_of(path, "pages").open("w+", encoding="utf-8", errors="backslashreplace")

    def add(self, outcome: Outcome) -> None:
        """Take note of one input. Any thread may call."""
        with self._lock, disk(self.path):
            self.counts[outcome.status] += 1
            self._pages.write(json.dumps(outcome.told(), ensure_ascii=False) + "\n")
            if outcome.status == "failed" and len(self.failures) < FAILURES:
                self.failures.append(outcome)
            if outcome.status == "skipped":
                return
            self._labels.update(outcome.removed)
            _keep(self._slowest, (outcome.seconds, outcome.id))
            if outcome.status != "failed":
                _keep(self._thinnest, (-outcome.words, outcome.id))
            if outcome.site and (outcome.site in self._sites or len(self._sites) < SITES):
                pages, shares, squares = self._sites.get(outcome.site, (0, 0.0, 0.0))
                self._sites[outcome.site] = (pages + 1, shares + outcome.share, squares + outcome.share**2)

    def summary(self, finished: bool) -> dict[str, Any]:
        """All but the list of pages."""
        seconds = time.time() - self.started
        worked = sum(self.counts[status] for status in STATUSES if status != "skipped")
        return {
            "finished": finished,
            "settings": self.settings,
            "seconds": round(seconds, 2),
            "pages_a_second": round(worked / seconds, 1) if seconds and worked else 0.0,
            "counts": {status: self.counts[status] for status in STATUSES},
            "removed": dict(self._labels.most_common()),
            "slowest": [{"id": name, "seconds": spent} for spent, name in sorted(self._slowest, reverse=True)],
            "thinnest": [{"id": name, "words": -words} for words, name in sorted(self._thinnest, reverse=True)],
            "unusual_sites": self._unusual(),
        }

    def _unusual(self) -> list[dict[str, Any]]:
        """Sites of which far more, or far less, was taken than of others: a layout that is misread, or a crawl that went wrong."""
        means = {site: shares / pages for site, (pages, shares, _) in self._sites.items() if pages >= SITE_PAGES}
        if len(means) < SITE_PAGES:
            return []
        mean = sum(means.values()) / len(means)
        spread = (sum((value - mean) ** 2 for value in means.values()) / len(means)) ** 0.5
        far = sorted(((abs(value - mean) / max(spread, 1e-9), site) for site, value in means.items() if abs(value - mean) > UNUSUAL * spread), reverse=True)
        return [{"site": site, "pages": self._sites[site][0], "share_kept": round(means[site], 3), "others": round(mean, 3)} for _, site in far[:LISTED]]

    def write(self, finished: bool) -> dict[str, Any]:
        """Write the report; its summary."""
        told = self.summary(finished)
        with self._lock, whole(self.path) as file:
            file.write(json.dumps(told, ensure_ascii=False, indent=1)[:-2] + ',\n "pages": [')
            self._pages.seek(0)
            _copied(self._pages, file)
            file.write("\n ]\n}\n")
        return told

    def close(self) -> None:
        with suppress(OSError):
            self._pages.close()
        with suppress(OSError):
            part_of(self.path, "pages").unlink(missing_ok=True)


def _copied(lines: IO[str], file: IO[str]) -> None:
    for number, line in enumerate(lines):
        file.write((",\n  " if number else "\n  ") + line.rstrip("\n"))


def _keep(heap: list[Any], value: Any) -> None:
    heapq.heappush(heap, value)
    if len(heap) > LISTED:
        heapq.heappop(heap)


class Log:
    """JSON lines of what happens, as it happens; goes on at the end of an earlier one."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._path, self._file = path, None
        if path is not None:
            with disk(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = path.open("a", encoding="utf-8", errors="backslashreplace")

    def tell(self, event: str, **what: Any) -> None:
        if self._file is not None and self._path is not None:
            with self._lock, disk(self._path):
                self._file.write(json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "event": event, **what}, ensure_ascii=False) + "\n")
                self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):  # each line was flushed, and what went wrong then was told
                self._file.close()
