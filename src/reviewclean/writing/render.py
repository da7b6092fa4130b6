"""Cleaned to text, Markdown, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from reviewclean.data import Block, Cleaned, Mark, Span, Verdict

CLOSING = ".,;:!?…)]"
TIGHT = frozenset(("item", "row"))  # kinds whose neighbours of the same kind follow without a blank line


def kept_pairs(cleaned: Cleaned) -> Iterator[tuple[Block, Verdict]]:
    """The blocks that stay, each with its verdict."""
    for block, verdict in zip(cleaned.blocks, cleaned.verdicts, strict=True):
        if verdict.kept:
            yield block, verdict


def as_text(cleaned: Cleaned) -> str:
    """Plain text: a blank line between paragraphs, a line break between items and rows."""
    return _joined((block, cut_text(block.text, verdict.cuts)) for block, verdict in kept_pairs(cleaned))


def as_markdown(cleaned: Cleaned) -> str:
    """Markdown (CommonMark with tables): headings, lists, tables, quotes, code, links and emphasis kept."""
    return _joined(_marked_down(list(kept_pairs(cleaned))))


def _joined(parts: Iterator[tuple[Block, str]] | Sequence[tuple[Block, str]]) -> str:
    out: list[str] = []
    last = ""
    for block, text in parts:
        if not text:
            continue
        if out:
            out.append("\n" if block.kind in TIGHT and block.kind == last else "\n\n")
        out.append(text)
        last = block.kind
    return "".join(out)


def cut_text(text: str, cuts: Sequence[Span]) -> str:
    """A text without its cut spans, and without the space that they leave: none before a mark that closes."""
    for cut in sorted(cuts, key=lambda c: -c.start):
        before, after = text[: cut.start].rstrip(), text[cut.end :].lstrip()
        text = f"{before} {after}" if before and after and after[0] not in CLOSING else before + after
    return text


def _marked_down(pairs: Sequence[tuple[Block, Verdict]]) -> Iterator[tuple[Block, str]]:
    row_before = False
    for block, verdict in pairs:
        text = _inline(block, verdict)
        if not text:
            continue
        if block.kind == "row":
            cells = text.replace("\n", " ").split(" | ")
            line = "| " + " | ".join(cells) + " |"
            if not row_before:
                line += "\n|" + " --- |" * len(cells)
            text = line
        elif block.kind == "heading":
            text = "#" * max(block.level, 1) + " " + text.replace("\n", " ")
        elif block.kind == "item" and block.path:
            text = "  " * (max(block.level, 1) - 1) + "- " + text.replace("\n", " ")
        elif block.kind == "quote":
            text = "\n".join("> " + line for line in text.split("\n"))
        elif block.kind == "code":
            text = f"```\n{block.text}\n```"
        else:
            text = text.replace("\n", "  \n")
        row_before = block.kind == "row"
        yield block, text


def _inline(block: Block, verdict: Verdict) -> str:
    """A block's text with its links and emphasis, without its cuts."""
    if verdict.cuts or not block.marks or block.kind == "code":
        return cut_text(block.text, verdict.cuts)
    text = block.text
    for mark in sorted(_apart(block.marks), key=lambda m: -m.start):
        inside = text[mark.start : mark.end]
        if "\n" in inside:
            continue
        text = text[: mark.start] + _wrapped(inside, mark) + text[mark.end :]
    return text


def _apart(marks: Sequence[Mark]) -> list[Mark]:
    """Marks of which none overlaps another: the outermost of each nest; links before emphasis of the same stretch."""
    chosen: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, m.kind != "link")):
        if not chosen or mark.start >= chosen[-1].end:
            chosen.append(mark)
    return chosen


def _wrapped(inside: str, mark: Mark) -> str:
    if mark.kind == "link":
        target = mark.target.strip()
        safe = target.startswith(("http://", "https://", "/", "#", "mailto:")) and not any(c in target for c in " <>\n")
        return f"[{inside}](<{target}>)" if safe else inside
    return f"**{inside}**" if mark.kind == "strong" else f"*{inside}*"


def as_record(cleaned: Cleaned, markdown: bool = False) -> dict[str, Any]:
    """A page as JSON would have it."""
    about = cleaned.about
    return {
        "id": cleaned.id, "url": cleaned.url, "title": about.title, "author": about.author, "date": about.date, "site": about.site, "language": about.language,
        "rating": about.rating, "text": as_markdown(cleaned) if markdown else as_text(cleaned), "confidence": round(cleaned.confidence, 4), "note": cleaned.note,
        "removed": _removed(cleaned),
    }  # fmt: skip


def removed_lines(cleaned: Cleaned) -> str:
    """What was taken out of a page as JSON lines, each with the page's id."""
    return "".join(json.dumps({"id": cleaned.id, **removed}, ensure_ascii=False) + "\n" for removed in _removed(cleaned))


def _removed(cleaned: Cleaned) -> list[dict[str, Any]]:
    return [{"text": r.text, "label": str(r.label), "score": round(r.score, 4), "by": r.by, "block": r.block} for r in cleaned.removed]


def as_spans(cleaned: Cleaned) -> dict[str, Any]:
    """All verdicts of a page as stretches of its unfiltered text, so that another threshold needs no second run.

    `spans`: start, end (characters into `text`), label, score (how sure the label is), who decided, and whether the stretch was kept. Cuts inside
    a kept block follow the block's own stretch.
    """
    spans: list[dict[str, Any]] = []
    at = 0
    for block, verdict in zip(cleaned.blocks, cleaned.verdicts, strict=True):
        spans.append({"start": at, "end": at + len(block.text), "label": str(verdict.label), "score": round(verdict.score, 4), "by": verdict.by, "kept": verdict.kept})
        for cut in verdict.cuts if verdict.kept else ():
            spans.append({"start": at + cut.start, "end": at + cut.end, "label": str(cut.label), "score": round(cut.score, 4), "by": verdict.by, "kept": False})
        at += len(block.text) + 1
    return {"id": cleaned.id, "url": cleaned.url, "text": "\n".join(block.text for block in cleaned.blocks), "spans": spans}
