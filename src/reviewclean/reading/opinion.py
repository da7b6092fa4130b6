"""What trafilatura thinks of a page: the only room that knows it.

It was measured as a feature of every block and gave nothing (docs/architecture.md), so it is asked for one thing: the text of pages on which
our own models find no review.
"""

from __future__ import annotations

from dataclasses import replace

from reviewclean.data import Cleaned, Label, Page, Verdict, words
from reviewclean.reading import Reading
from reviewclean.reading.decode import decode

ENOUGH = 25  # words that make its answer worth taking
SHARE = 0.6  # of a block's words that its answer must hold for the block to be kept


def fall_back(reading: Reading, cleaned: Cleaned) -> Cleaned:
    """The same page, kept as trafilatura sees it, where that is more than we found; its note says so either way."""
    if not reading.blocks:
        return replace(cleaned, note="empty: there is no text in the page")
    found = words(_text(reading.page)) if reading.html else []
    if len(found) < ENOUGH or len(found) <= 2 * len(words(cleaned.text)):
        return replace(cleaned, note="thin: next to nothing in the page is review")
    known = set(zip(found, found[1:], found[2:], strict=False))
    verdicts = []
    for block, verdict in zip(cleaned.blocks, cleaned.verdicts, strict=True):
        ws = words(block.text)
        runs = list(zip(ws, ws[1:], ws[2:], strict=False))
        share = sum(run in known for run in runs) / len(runs) if runs else 0.0
        verdicts.append(Verdict(Label.REVIEW, 0.5, "opinion") if share >= SHARE else verdict)
    return replace(cleaned, verdicts=tuple(verdicts), note="fallback: our models found no review here; this is what trafilatura takes for the text")


def _text(page: Page) -> str:
    import trafilatura  # .4 s to import, and needed for few pages

    return trafilatura.extract(decode(page.body, page.charset), include_comments=False) or ""
