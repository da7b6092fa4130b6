"""What happened: every input once, as clean, thin, failed or skipped."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from reviewclean.batch.sinks import write_whole

Status = Literal["clean", "thin", "failed", "skipped"]
SLOWEST = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input."""

    id: str
    status: Status
    why: str = ""  # of thin and failed
    note: str = ""
    words: int = 0  # of the review that is left
    removed: dict[str, int] = field(default_factory=dict)  # label -> blocks and spans that went
    confidence: float = 0.0
    seconds: float = 0.0


@dataclass
class Report:
    """Counts of a run as it goes, and the file that tells of it at the end."""

    settings: dict[str, str]
    started: float = field(default_factory=time.time)
    outcomes: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    @property
    def counts(self) -> Counter[str]:
        return Counter(o.status for o in self.outcomes)

    def write(self, path: Path, finished: bool) -> None:
        seconds = time.time() - self.started
        worked = [o for o in self.outcomes if o.status != "skipped"]
        labels: Counter[str] = Counter()
        for outcome in worked:
            labels.update(outcome.removed)
        told = {
            "finished": finished,
            "settings": self.settings,
            "seconds": round(seconds, 2),
            "pages_a_second": round(len(worked) / seconds, 1) if seconds and worked else 0.0,
            "counts": {status: self.counts.get(status, 0) for status in ("clean", "thin", "failed", "skipped")},
            "removed": dict(labels.most_common()),
            "slowest": [{"id": o.id, "seconds": o.seconds} for o in sorted(worked, key=lambda o: -o.seconds)[:SLOWEST]],
            "pages": [{k: v for k, v in asdict(o).items() if v not in ("", {}, 0.0) or k in ("id", "status")} for o in self.outcomes],
        }
        write_whole(path, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
