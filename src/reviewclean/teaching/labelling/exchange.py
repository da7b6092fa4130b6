"""To and from other labelling tools: Prodigy (spaCy), Label Studio, doccano.

One document a page. Its text is the blocks of the page, joined by line breaks; each block is a span of its label, and the spans inside a
block are spans inside that one. A tool that cuts text by lines and knows nothing of blocks fits as well: a line that no span covers is review,
and what is marked inside it is a span of it.

Places are counted in characters, as spaCy and doccano do. Label Studio's browser counts units of UTF-16, and tells the marked text with them,
which settles what was meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reviewclean.data import Label, Page
from reviewclean.errors import SampleError
from reviewclean.teaching.labelling.queue import apart
from reviewclean.teaching.samples import Sample, Told

Form = Literal["prodigy", "label-studio", "doccano"]
Mark = tuple[int, int, Label]  # text[start:end] is this


@dataclass(frozen=True, slots=True)
class Document:
    """A page as other tools have it."""

    text: str
    marks: tuple[Mark, ...]
    meta: dict[str, Any]


# ---------------------------------------------------------------- samples and documents


def document_of(sample: Sample) -> Document:
    """A sample as one text with marks, each block before the spans inside it. Blocks and spans without text say nothing and are left out."""
    marks: list[Mark] = []
    at = 0
    told = [one for one in sample.told if one.text]
    for one in told:
        marks.append((at, at + len(one.text), one.label))
        places = ((at + one.text.find(stretch), len(stretch), label) for stretch, label in one.spans if stretch)
        marks += [(start, start + size, label) for start, size, label in places]
        at += len(one.text) + 1
    names = ("id", "site", "kind", "language", "writer", "hard_negative")
    return Document("\n".join(one.text for one in told), tuple(marks), {"url": sample.page.url} | {name: getattr(sample, name) for name in names})


def sample_of(document: Document) -> Sample:
    """A document as a sample whose page is its text."""
    meta = document.meta
    page = Page(document.text.encode("utf-8"), id=str(meta["id"]), url=meta.get("url"), kind="text")
    words = {name: str(meta.get(name) or "") for name in ("site", "kind", "language", "writer")}
    return Sample(page.id, page, tuple(_told(document)), hard_negative=bool(meta.get("hard_negative")), **words)


def _told(document: Document) -> Iterator[Told]:
    """The blocks of a text, each with what is marked inside it."""
    text, blocks = document.text, _blocks(document)
    inner = [mark for number, mark in enumerate(document.marks) if number not in blocks]
    lines = _lines_between([document.marks[number][:2] for number in blocks], text)
    whole = {(start, end): next((name for a, b, name in inner if a <= start and b >= end), Label.REVIEW) for start, end in lines}
    for start, end, label in sorted([document.marks[number] for number in blocks] + [(*line, label) for line, label in whole.items()]):
        stretches = ((max(a, start), min(b, end), name) for a, b, name in inner if a < end and b > start and not ((start, end) in whole and a <= start and b >= end))
        yield Told(text[start:end], label, tuple((apart(text[start:end], a - start, b - start), name) for a, b, name in stretches))


def _blocks(document: Document) -> list[int]:
    """Which marks are blocks: those that cover whole lines and lie in no other such mark. In order of the text."""
    text, blocks, free = document.text, list[int](), 0
    for number, (start, end, _) in sorted(enumerate(document.marks), key=lambda one: (one[1][0], -one[1][1])):  # of two that cover the same, the first
        if start >= free and (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n"):
            blocks.append(number)
            free = end + 1
    return blocks


def _lines_between(blocks: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The lines that lie in no block: a person who left them alone left them in the review."""
    lines = []
    at = 0
    for start, end in (*blocks, (len(text) + 1, len(text) + 1)):
        for line in text[at : max(start - 1, at)].split("\n"):
            if line.strip():
                lines.append((at, at + len(line)))
            at += len(line) + 1
        at = end + 1
    return lines


# ---------------------------------------------------------------- the tools' files


def exported(samples: Iterable[Sample], form: Form) -> str:
    """A file for another tool. Samples that tell the main text only have no blocks and are left out."""
    documents = [document_of(sample) for sample in samples if sample.told]
    if form == "label-studio":
        return json.dumps([_task(number, one) for number, one in enumerate(documents, 1)], ensure_ascii=False, indent=1) + "\n"
    row = _prodigy_row if form == "prodigy" else _doccano_row
    return "".join(json.dumps(row(one), ensure_ascii=False) + "\n" for one in documents)


def imported(content: str, form: Form, where: str) -> list[Sample]:
    """The samples in a file of another tool; what is not labelled yet, or was rejected, is left out. Raises SampleError that says where."""
    rows = _tasks(content, where) if form == "label-studio" else _lines(content, where)
    read = {"prodigy": _of_prodigy, "label-studio": _of_task, "doccano": _of_doccano}[form]
    samples = [sample_of(_named(found, place)) for place, row in rows if (found := _document(read, row, place)) is not None]
    ids = [sample.id for sample in samples]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        raise SampleError(f"{where}: two documents are called {twice!r}: give each an id of its own in meta")
    return samples


def _prodigy_row(document: Document) -> dict[str, Any]:
    return {"text": document.text, "spans": [{"start": start, "end": end, "label": label.value} for start, end, label in document.marks], "meta": document.meta, "answer": "accept"}


def _of_prodigy(row: dict[str, Any]) -> Document | None:
    if row.get("answer", "accept") != "accept":
        return None
    return Document(row["text"], _marks(row["text"], ((span["start"], span["end"], span["label"], None) for span in row.get("spans") or ())), _meta(row))


def _doccano_row(document: Document) -> dict[str, Any]:
    return {"text": document.text, "label": [[start, end, label.value] for start, end, label in document.marks], "meta": document.meta}


def _of_doccano(row: dict[str, Any]) -> Document | None:
    if "entities" in row:  # as it exports projects with relations
        spans = [(one["start_offset"], one["end_offset"], one["label"], None) for one in row["entities"]]
    else:
        spans = [(start, end, label, None) for start, end, label in row.get("label", row.get("labels")) or ()]
    return Document(row["text"], _marks(row["text"], spans), _meta(row))


def _task(number: int, document: Document) -> dict[str, Any]:
    result = [
        {"id": f"{number}-{k}", "from_name": "label", "to_name": "text", "type": "labels", "value": {"start": start, "end": end, "text": document.text[start:end], "labels": [label.value]}}
        for k, (start, end, label) in enumerate(document.marks)
    ]
    return {"id": number, "data": {"text": document.text, "meta": document.meta}, "annotations": [{"result": result}]}


def _of_task(row: dict[str, Any]) -> Document | None:
    whole = [one for one in row.get("annotations") or () if not one.get("was_cancelled")]
    if not whole:
        return None
    values = [one["value"] for one in whole[-1]["result"] if one.get("type") == "labels"]
    text = row["data"]["text"]
    return Document(text, _marks(text, ((one["start"], one["end"], one["labels"][0], one.get("text")) for one in values)), _meta(row["data"]))


# ---------------------------------------------------------------- reading what others wrote


def _lines(content: str, where: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            try:
                yield f"{where}:{number}", json.loads(line)
            except ValueError as error:
                raise SampleError(f"{where}:{number}: not JSON ({error})") from None


def _tasks(content: str, where: str) -> Iterator[tuple[str, Any]]:
    try:
        tasks = json.loads(content)
    except ValueError as error:
        raise SampleError(f"{where}: not JSON ({error})") from None
    if not isinstance(tasks, list):
        raise SampleError(f"{where}: not a list of tasks: export it from Label Studio as JSON")
    return ((f"{where}, task {number}", task) for number, task in enumerate(tasks, 1))


def _document(read: Callable[[dict[str, Any]], Document | None], row: Any, place: str) -> Document | None:
    try:
        return read(row)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise SampleError(f"{place}: not a labelled document of this format ({error})") from None


def _named(document: Document, place: str) -> Document:
    """A document that another tool began has no id; its place in the file names it."""
    return document if document.meta.get("id") else Document(document.text, document.marks, document.meta | {"id": place.rpartition("/")[2]})


def _meta(row: dict[str, Any]) -> dict[str, Any]:
    meta = row.get("meta") or {}
    if not isinstance(meta, dict):
        raise ValueError("meta is no object")
    return meta


def _marks(text: str, spans: Iterable[tuple[int, int, str, str | None]]) -> tuple[Mark, ...]:
    """Marks out of places, labels, and the marked text where the tool tells it. Raises ValueError where these do not fit."""
    if not isinstance(text, str):
        raise ValueError("text is no string")
    return tuple((*_place(text, int(start), int(end), said), Label(label.lower())) for start, end, label, said in spans if start != end)


def _place(text: str, start: int, end: int, said: str | None) -> tuple[int, int]:
    if not 0 <= start < end:
        raise ValueError(f"a span from {start} to {end}")
    if said is None or text[start:end] == said:
        if end > len(text):
            raise ValueError(f"a span to {end} of {len(text)} characters")
        return start, end
    units = text.encode("utf-16-le")
    start, end = (len(units[: 2 * place].decode("utf-16-le", "ignore")) for place in (start, end))
    if text[start:end] != said:
        raise ValueError(f"the text from {start} to {end} is not {said[:60]!r}")
    return start, end
