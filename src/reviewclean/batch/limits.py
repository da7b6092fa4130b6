"""What one page may cost. Real pages never meet these; a crawl holds pages that are not real."""

from __future__ import annotations

from dataclasses import dataclass

from reviewclean.data import Page
from reviewclean.errors import LimitError
from reviewclean.reading.decode import unpack


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one page; what exceeds one is recorded as failed, with its name, and costs no other page anything."""

    bytes: int = 64_000_000  # of the page, unpacked; crawls cut pages at a few megabytes
    nodes: int = 5_000_000  # tags, counted by their "<"
    seconds: float = 60.0  # from when the page was begun; the process that works on it is killed then
    memory: int = 4_000_000_000  # bytes that the page may need beside what the process needs anyway


def within(page: Page, limits: Limits) -> Page:
    """The page, unpacked. Raises LimitError where it is larger than it may be."""
    body = page.body
    if isinstance(body, bytes):
        body = unpack(body, limits.bytes + 1)
    if len(body) > limits.bytes:
        raise LimitError(f"limit bytes: it has more than {limits.bytes:,} bytes (raise it with --max-bytes)")
    if len(body) > limits.nodes and (nodes := body.count(b"<") if isinstance(body, bytes) else body.count("<")) > limits.nodes:
        raise LimitError(f"limit nodes: it has {nodes:,} tags, more than {limits.nodes:,} (raise it with --max-nodes)")
    return Page(body, page.id, page.url, page.kind, page.charset)
