"""Labelled samples: read, write, check, and laid over the blocks of their page.

Three layouts are read:

* ours, one folder a page: `page.html` or `page.txt`, `labels.jsonl` (one block a line: label, text, spans), `meta.json`;
* pairs, `html/NAME.html[.gz]` with `gold/NAME.json` that holds `blocks` (text and label each);
* pairs whose gold holds `ground_truth.main_content` only (the layout of the Web Content Extraction Benchmark, WCXB): review or not, no reasons.

Gold and page are aligned in order, word by word, so a sample outlives changes in how pages are cut into blocks.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rapidfuzz.distance import LCSseq

from reviewclean.data import Block, Label, Page, Span, words
from reviewclean.errors import SampleError

FOREIGN = {
    "content": Label.REVIEW, "caption": Label.REVIEW, "content_heading": Label.REVIEW, "title": Label.META, "byline_meta": Label.META, "metadata": Label.META,
    "rating": Label.META, "affiliate_disclosure": Label.DISCLOSURE, "buy_box": Label.SHOP, "related_links": Label.LINKS, "subscribe_share": Label.SHARE,
    "image_credit": Label.CREDIT, "author_bio": Label.AUTHOR, "nav": Label.CHROME, "toc": Label.CHROME, "legal_cookie": Label.NOTICE, "other_clutter": Label.CHROME,
}  # fmt: skip
ALIGNED = 0.6  # share of a block's words that must stand in the gold text; of blocks in between, few are worth arguing about


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said of one block."""

    text: str
    label: Label
    spans: tuple[tuple[str, Label], ...] = ()  # stretches of a review block that are not review


@dataclass(frozen=True, slots=True)
class Sample:
    """A page with what a person said of it: either every block (`told`) or the main text alone (`main`)."""

    id: str
    page: Page
    told: tuple[Told, ...] = ()
    main: str | None = None
    site: str = ""
    kind: str = ""
    language: str = ""
    writer: str = ""
    hard_negative: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """The label of one block of a page, as its sample has it. `label` is None where the gold says "not review" and no more."""

    review: bool
    label: Label | None
    spans: tuple[Span, ...] = ()


# ---------------------------------------------------------------- reading


def read_samples(root: Path) -> list[Sample]:
    """All samples below a folder, in the order of their names. Raises SampleError where there is none or one is broken."""
    if not root.exists():
        raise SampleError(f"{root}: there is no such folder; give one that holds labelled samples")
    samples = list(_read_all(root))
    if not samples:
        raise SampleError(f"{root}: no labelled samples below it (folders with labels.jsonl and page.html, or html/ beside gold/); see docs/labelling.md")
    return samples


def _read_all(root: Path) -> Iterator[Sample]:
    if (root / "gold").is_dir() and (root / "html").is_dir():
        for gold in sorted((root / "gold").glob("*.json")):
            yield _read_pair(root, gold)
        return
    for labels in sorted(root.rglob("labels.jsonl")):
        yield read_sample(labels.parent)
    for gold in sorted(root.rglob("gold")):
        if gold.is_dir() and (gold.parent / "html").is_dir():
            yield from _read_all(gold.parent)


def read_sample(folder: Path) -> Sample:
    """One sample of our own layout."""
    page = next((folder / name for name in ("page.html", "page.txt", "page.html.gz") if (folder / name).exists()), None)
    if page is None:
        raise SampleError(f"{folder}: labels.jsonl without page.html or page.txt; put the page beside its labels")
    meta = _json(folder / "meta.json") if (folder / "meta.json").exists() else {}
    told = []
    for number, line in enumerate((folder / "labels.jsonl").read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            told.append(_told(line, f"{folder / 'labels.jsonl'}:{number}"))
    url = meta.get("url")
    kind = "text" if page.name == "page.txt" else "html"
    return Sample(
        id=folder.name,
        page=Page(page.read_bytes(), id=folder.name, url=url, kind=kind),  # type: ignore[arg-type]
        told=tuple(told),
        site=meta.get("site") or _site(url) or folder.name,
        kind=meta.get("kind", ""),
        language=meta.get("language", ""),
        writer=meta.get("writer", ""),
        hard_negative=bool(meta.get("hard_negative")),
    )


def _told(line: str, where: str) -> Told:
    try:
        row = json.loads(line)
        spans = tuple((span["text"], Label(span["label"])) for span in row.get("spans", ()))
        told = Told(row["text"], Label(row["label"]), spans)
    except (ValueError, KeyError, TypeError) as error:
        raise SampleError(f"{where}: not a labelled block ({error}); a line is {{\"label\": one of {', '.join(Label)}, \"text\": …}}") from None
    for text, _ in told.spans:
        if text not in told.text:
            raise SampleError(f"{where}: the span {text[:60]!r} does not stand in its block; copy it letter by letter")
    return told


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SampleError(f"{path}: not JSON ({error})") from None
    if not isinstance(value, dict):
        raise SampleError(f"{path}: not a JSON object")
    return value


def _read_pair(root: Path, gold_file: Path) -> Sample:
    gold = _json(gold_file)
    html = next((p for ending in (".html.gz", ".html") if (p := root / "html" / (gold_file.stem + ending)).exists()), None)
    if html is None:
        raise SampleError(f"{gold_file}: no page of this name in {root / 'html'}")
    url = gold.get("url")
    page = Page(html.read_bytes(), id=gold_file.stem, url=url, kind="html")
    site = gold.get("domain") or _site(url) or gold_file.stem
    if "blocks" in gold:
        told = tuple(
            Told(b["text"], FOREIGN.get(b["label"]) or Label(b["label"]), tuple((s["text"] if isinstance(s, dict) else s, Label.AD) for s in b.get("spans") or ()))
            for b in gold["blocks"]
        )
        return Sample(gold_file.stem, page, told, site=site, kind=gold.get("category") or "", language=(gold.get("lang") or "")[:2])
    return Sample(gold_file.stem, page, main=gold["ground_truth"]["main_content"] or "", site=site, kind="article")


def _site(url: str | None) -> str:
    return ((urlsplit(url).hostname or "") if url else "").removeprefix("www.")


# ---------------------------------------------------------------- writing


def write_sample(sample: Sample, folder: Path) -> None:
    """One sample in our own layout, its parts in a stable order so that a version control shows what changed."""
    folder.mkdir(parents=True, exist_ok=True)
    body = sample.page.body if isinstance(sample.page.body, bytes) else sample.page.body.encode("utf-8")
    (folder / ("page.txt" if sample.page.kind == "text" else "page.html")).write_bytes(body)
    meta = {"url": sample.page.url, "site": sample.site, "kind": sample.kind, "language": sample.language, "writer": sample.writer, "hard_negative": sample.hard_negative}
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = []
    for told in sample.told:
        row: dict[str, Any] = {"label": told.label.value, "text": told.text}
        if told.spans:
            row["spans"] = [{"label": label.value, "text": text} for text, label in told.spans]
        lines.append(json.dumps(row, ensure_ascii=False) + "\n")
    (folder / "labels.jsonl").write_text("".join(lines), encoding="utf-8")


# ---------------------------------------------------------------- laid over a page


def lay(sample: Sample, blocks: Sequence[Block]) -> tuple[Laid, ...]:
    """The sample's labels on the blocks of its page, by aligning the words of both in order."""
    found = [words(block.text) for block in blocks]
    if sample.main is not None:
        gold = [(word, 0) for word in words(sample.main)]
        hits = _aligned(found, gold)
        return tuple(Laid(review := sum(h.values()) >= ALIGNED * max(len(ws), 1), Label.REVIEW if review else None) for h, ws in zip(hits, found, strict=True))
    gold = [(word, i) for i, told in enumerate(sample.told) for word in words(told.text)]
    laid = []
    for block, hit in zip(blocks, _aligned(found, gold), strict=True):
        told = sample.told[hit.most_common(1)[0][0]] if hit else None
        label = _majority(hit, sample) if hit else None
        spans = tuple(_spans(block.text, told)) if told is not None and label is Label.REVIEW else ()
        laid.append(Laid(label is Label.REVIEW, label, spans))
    return tuple(laid)


def _majority(hit: Counter[int], sample: Sample) -> Label:
    votes: Counter[Label] = Counter()
    for i, count in hit.items():
        votes[sample.told[i].label] += count
    return votes.most_common(1)[0][0]


def _spans(text: str, told: Told) -> Iterator[Span]:
    for stretch, label in told.spans:
        at = text.find(stretch)
        if at >= 0:
            yield Span(at, at + len(stretch), label, 1.0)


def _aligned(found: Sequence[Sequence[str]], gold: Sequence[tuple[str, int]]) -> list[Counter[int]]:
    """For each of our blocks, how many of its words stand, in order, in which gold block."""
    mine = [word for ws in found for word in ws]
    owner = [i for i, ws in enumerate(found) for _ in ws]
    hits: list[Counter[int]] = [Counter() for _ in found]
    for run in LCSseq.opcodes(mine, [word for word, _ in gold]):
        if run.tag == "equal":
            for k in range(run.src_end - run.src_start):
                hits[owner[run.src_start + k]][gold[run.dest_start + k][1]] += 1
    return hits


# ---------------------------------------------------------------- promos to plant


@dataclass(frozen=True, slots=True)
class Promo:
    """A written promo or clutter line, to be planted into other texts for training."""

    text: str
    label: Label = Label.AD
    style: str = ""
    trade: str = ""
    language: str = "en"
    writer: str = ""
    anchor: str = ""  # the words that carry the link; "" for none
    inline: bool = False  # a sentence to be run into a paragraph
    page: str = ""  # id of the sample that it was written for
    after: int = 0  # the line of that sample's review that it follows


def read_promos(root: Path) -> list[Promo]:
    """All `*.jsonl` files of a folder of promos and clutter lines; an empty list where there is no folder."""
    promos = []
    for file in sorted(root.glob("*.jsonl")) if root.is_dir() else ():
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                promos.append(
                    Promo(row["text"], Label(row.get("label", "ad")), row.get("style") or "", row.get("trade") or "", row.get("language") or "en",
                          row.get("writer") or file.stem, row.get("anchor") or "", bool(row.get("inline")), row.get("page") or "", int(row.get("after") or 0))
                )  # fmt: skip
            except (ValueError, KeyError) as error:
                raise SampleError(f"{file}:{number}: not a promo ({error})") from None
    return promos
