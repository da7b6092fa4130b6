"""A step for datatrove pipelines (Hugging Face): documents of HTML or extracted text in, documents of review out.

    from reviewclean.batch.datatrove import ReviewcleanStep
    LocalPipelineExecutor([WarcReader("crawl/"), ReviewcleanStep(), JsonlWriter("cleaned/")], tasks=8).run()
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep

from reviewclean.batch.cell import clean_chunk, close_all, open_cells
from reviewclean.batch.records import Record
from reviewclean.batch.run import CHUNK
from reviewclean.batch.sources import Item
from reviewclean.batch.work import Settings


class ReviewcleanStep(PipelineStep):  # type: ignore[misc]  # datatrove is untyped
    """Cleans documents in a process that can be killed, a batch at a time, within the bounds of `settings.limits`.

    settings: as for `reviewclean clean`; its form is not asked for.
    keep_thin: hand on documents of which next to nothing is left.

    `metadata["reviewclean"]` of a document gets title, author, date, site, language, confidence, and what was removed. A document that fails is
    counted and not handed on.
    """

    type = "🧹 - CLEANER"
    name = "📝 reviewclean"

    def __init__(self, settings: Settings | None = None, keep_thin: bool = False) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.keep_thin = keep_thin

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Clean the documents of one task, in their order."""
        settings = Settings(self.settings.model, self.settings.mode, self.settings.keep, "jsonl", rules=self.settings.rules, limits=self.settings.limits)
        source = iter(data)
        try:
            open_cells(settings, 1)
            while documents := list(islice(source, CHUNK)):
                with self.track_time():
                    done = clean_chunk([_item(document) for document in documents], settings)
                for document, one in zip(documents, done, strict=True):
                    self.stat_update(one.outcome.status)
                    if one.outcome.status == "clean" or (one.outcome.status == "thin" and self.keep_thin):
                        row: dict[str, Any] = json.loads(one.text)
                        document.text = row.pop("text")
                        document.metadata["reviewclean"] = {name: value for name, value in row.items() if name not in ("id", "url")}
                        yield document
        finally:
            close_all()


def _item(document: Document) -> Item:
    record = Record(document.text, "auto", str(document.id), str(document.metadata.get("url") or ""))
    return Item(str(document.id), record=record)
