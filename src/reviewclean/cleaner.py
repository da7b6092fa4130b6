"""Cleaner, clean, clean_many: the whole program on one screen."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from reviewclean.data import Cleaned, Label, Page, Verdict
from reviewclean.judging.batch import batch_of
from reviewclean.judging.decide import decide
from reviewclean.judging.language import readable
from reviewclean.judging.loading import load, name_of, shipped
from reviewclean.judging.model import MODES, Model
from reviewclean.judging.rules import NO_RULES, Rules, read_rules
from reviewclean.reading import Reading, read
from reviewclean.reading.opinion import fall_back

BATCH = 16  # pages judged in one call: beyond it nothing gets faster, and memory grows
ROOM = 8 << 20  # bytes: more than any array of a usual batch
THIN = 25  # words: less than this is no review; the page's note says so


class Cleaner:
    """Takes review pages and gives back the review. Holds a loaded model, so make one and use it for many pages; it can be pickled.

    Parameters
    ----------
    model: path of a model file (its card lies beside it), or None for the shipped one.
    mode: "careful", "balanced" or "strict": how sure it must be that something is not review before it goes.
    keep: labels that stay although they are not review, e.g. {"credit", "meta"}.
    rules: path of a file of rules for single sites (docs/guide.md), or `Rules` that were read already.

    Raises ModelError where the model is missing, damaged or of another format; InputError where the rules cannot be read; ValueError for an unknown
    mode or label.
    """

    def __init__(self, model: str | Path | None = None, mode: str = "balanced", keep: Collection[str] = (), rules: str | Path | Rules = NO_RULES) -> None:
        if mode not in MODES:
            raise ValueError(f"mode {mode!r}: choose one of {', '.join(MODES)}")
        unknown = [label for label in keep if label not in set(Label)]
        if unknown:
            raise ValueError(f"keep {', '.join(map(repr, unknown))}: no such label; choose among {', '.join(Label)}")
        self.mode, self.keep = mode, frozenset(Label(label) for label in keep)
        self._rules = rules if isinstance(rules, Rules) else read_rules(Path(rules))
        self._path = Path(model) if model is not None else shipped()
        self._model: Model = load(self._path)
        np.empty(ROOM, np.uint8)  # made and dropped: having seen it, glibc keeps what a batch frees for the next one, and a twentieth of the time is saved

    @property
    def model_id(self) -> str:
        """Name and beginning of the hash of the model in use."""
        return name_of(self._path)

    def clean(self, html: bytes | str, url: str | None = None) -> Cleaned:
        """One page of HTML (bytes are decoded, gzip is undone). `url` helps to tell the site's own links from others."""
        return self._judge([Page(html, url=url, kind="html")])[0]

    def clean_text(self, text: bytes | str) -> Cleaned:
        """Text that somebody else extracted: one block a line; the lines of a hard-wrapped text are joined."""
        return self._judge([Page(text, kind="text")])[0]

    def clean_many(self, pages: Iterable[Page | bytes | str]) -> Iterator[Cleaned]:
        """Many pages, in order, in constant memory: `pages` is read in small batches as the results are taken.

        Bytes and str are html where they look like it, else text; say it with `Page(body, kind=…)` to be sure.
        """
        source = iter(pages)
        while batch := [item if isinstance(item, Page) else Page(item) for item in islice(source, BATCH)]:
            yield from self._judge(batch)

    def _judge(self, pages: list[Page]) -> list[Cleaned]:
        with _uncollected():
            readings = [read(page) for page in pages]
            full = [reading for reading in readings if reading.blocks]
            batch = batch_of(full) if full else None
            judged = iter(zip(decide(batch, self._model, self.mode, self.keep, self._rules), batch.languages, strict=True) if batch else ())
            return [self._cleaned(reading, *(next(judged) if reading.blocks else ((), reading.about.language))) for reading in readings]

    def _cleaned(self, reading: Reading, verdicts: tuple[Verdict, ...], language: str) -> Cleaned:
        page = reading.page
        note = "" if readable(language) else f"language {language!r} unknown to the model: judged by structure alone"
        cleaned = Cleaned(reading.blocks, verdicts, page.id, page.url, replace(reading.about, language=language), note)
        kept = sum(len(block.text) for block in cleaned.kept)
        if kept < 10 * THIN and len(cleaned.text.split()) < THIN:
            return fall_back(reading, cleaned)
        return cleaned

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self._path, "mode": self.mode, "keep": self.keep, "rules": self._rules}  # a worker loads the model anew: smaller than to send it

    def __setstate__(self, state: dict[str, Any]) -> None:
        Cleaner.__init__(self, **state)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection during a batch: a page makes tens of thousands of small values and no cycles, and looking through them took a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


_default: dict[str, Cleaner] = {}


def _shared() -> Cleaner:
    """The Cleaner that the functions below use, made at their first call."""
    if "cleaner" not in _default:
        _default["cleaner"] = Cleaner()
    return _default["cleaner"]


def clean(html: bytes | str, url: str | None = None) -> Cleaned:
    """`Cleaner().clean`, with the shipped model, loaded once."""
    return _shared().clean(html, url)


def clean_many(pages: Iterable[Page | bytes | str]) -> Iterator[Cleaned]:
    """`Cleaner().clean_many`, with the shipped model, loaded once."""
    return _shared().clean_many(pages)
