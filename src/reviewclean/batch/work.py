"""What a worker does: read some pages, clean them, and hand back what is to be written. The one `except Exception` of the project is here, and records."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewclean.batch.limits import Limits, within
from reviewclean.batch.report import Outcome
from reviewclean.batch.sinks import rendered
from reviewclean.batch.sources import Item
from reviewclean.cleaner import THIN, Cleaner
from reviewclean.data import Cleaned, Page
from reviewclean.errors import ReviewcleanError
from reviewclean.judging.rules import NO_RULES, Rules
from reviewclean.reading import host_of
from reviewclean.writing.render import as_spans, removed_lines


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run cleans and writes."""

    model: str | None = None
    mode: str = "balanced"
    keep: tuple[str, ...] = ()
    form: str = "txt"
    removed: bool = False  # collect what was taken out
    spans: bool = False  # collect all verdicts as stretches of the unfiltered text
    rules: Rules = NO_RULES
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker hands back for one page."""

    outcome: Outcome
    text: str = ""  # as its file, or its line, holds it
    removed: str = ""  # lines for --removed
    spans: str = ""  # a line for --spans


def failed(item: Item, why: str, seconds: float = 0.0) -> Done:
    """A page of which nothing came."""
    return Done(Outcome(item.name, "failed", why=why, seconds=round(seconds, 4)))


def clean_items(items: Sequence[Item], cleaner: Cleaner, settings: Settings) -> list[Done]:
    """Read and clean some pages. What fails is recorded and costs its own page alone."""
    done: dict[int, Done] = {}
    pages: list[tuple[int, Page]] = []
    for i, item in enumerate(items):
        try:
            pages.append((i, within(item.page(), settings.limits)))
        except ReviewcleanError as error:
            done[i] = failed(item, str(error))
    start = time.perf_counter()
    try:
        together: list[Cleaned | Exception] = list(cleaner.clean_many(page for _, page in pages))
        spent = (time.perf_counter() - start) / max(len(pages), 1)
        results = [(result, spent) for result in together]
    except Exception:  # one of them is bad: each by itself, so that the others are not lost
        results = [_alone(page, cleaner) for _, page in pages]
    for (i, _), (result, spent) in zip(pages, results, strict=True):
        if isinstance(result, MemoryError):
            done[i] = failed(items[i], f"limit memory: it needs more than {settings.limits.memory:,} bytes (raise it with --max-memory)", spent)
        elif isinstance(result, Exception):
            done[i] = failed(items[i], f"{type(result).__name__}: {result}", spent)
        else:
            done[i] = _told(result, settings, spent)
    return [done[i] for i in range(len(items))]


def _alone(page: Page, cleaner: Cleaner) -> tuple[Cleaned | Exception, float]:
    start = time.perf_counter()
    result: Cleaned | Exception
    try:
        (result,) = cleaner.clean_many([page])
    except Exception as error:  # recorded as failed, with what it was
        result = error
    return result, time.perf_counter() - start


def _told(cleaned: Cleaned, settings: Settings, seconds: float) -> Done:
    text = cleaned.text
    count = len(text.split())
    gone = Counter(str(verdict.label) for verdict in cleaned.verdicts if not verdict.kept)
    gone.update(str(cut.label) for verdict in cleaned.verdicts if verdict.kept for cut in verdict.cuts)
    outcome = Outcome(
        cleaned.id, "thin" if count < THIN else "clean", why=(cleaned.note or f"thin: {count} words are left") if count < THIN else "", note=cleaned.note, words=count,
        removed=dict(gone), share=round(len(text) / max(sum(len(block.text) for block in cleaned.blocks), 1), 4),
        confidence=round(cleaned.confidence, 4), seconds=round(seconds, 4), site=host_of(cleaned.url or cleaned.about.url),
    )  # fmt: skip
    spans = json.dumps(as_spans(cleaned), ensure_ascii=False) + "\n" if settings.spans else ""
    return Done(outcome, rendered(cleaned, settings.form, text), removed_lines(cleaned) if settings.removed else "", spans)
