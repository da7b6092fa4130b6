"""Quality and speed of reviewclean beside its peers, on the same pages in one run; each in a process of its own, so that memory is its own.

usage: python benchmarks/peers.py PAGES [--only IDS] [--model FILE] [--plot FILE.png] [--json FILE]

PAGES: a folder with html/NAME.html[.gz] beside gold/NAME.json with ground_truth.main_content, as the Web Content Extraction Benchmark has it. IDS: a
file of names, one a line: only these are asked, for a model must not be scored on pages that taught it (`train --hold-out` writes such a file).
Peers: trafilatura (default and fast), resiliparse, readability-lxml, ChromeRAG. Those that are not installed are left out and named.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from reviewclean.data import words

Extract = Callable[[list[bytes]], Iterator[str]]
WARM = 10  # pages that are extracted before the clock runs, and not counted


def _reviewclean(model: Path | None) -> Extract:
    from reviewclean import Cleaner, Page

    cleaner = Cleaner(model)
    return lambda pages: (cleaned.text for cleaned in cleaner.clean_many(Page(body, kind="html") for body in pages))


def _trafilatura(fast: bool) -> Extract:
    import trafilatura

    return lambda pages: (trafilatura.extract(body, fast=fast) or "" for body in pages)


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return lambda pages: (extract_plain_text(bytes_to_str(body, detect_encoding(body)), main_content=True) for body in pages)


def _readability() -> Extract:
    import lxml.html
    import readability
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    def one(body: bytes) -> str:
        try:
            return str(lxml.html.fromstring(readability.Document(bytes_to_str(body, detect_encoding(body))).summary()).text_content())
        except Exception:  # it fails on some pages: they count as empty
            return ""

    return lambda pages: (one(body) for body in pages)


def _chromerag() -> Extract:
    from chromerag import ChromeRAG
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    peer = ChromeRAG()

    def one(body: bytes) -> str:
        try:
            return str(peer.extract(bytes_to_str(body, detect_encoding(body))).markdown)
        except Exception:  # as above
            return ""

    return lambda pages: (one(body) for body in pages)


def systems(model: Path | None) -> dict[str, Callable[[], Extract]]:
    return {
        "reviewclean": lambda: _reviewclean(model), "trafilatura": lambda: _trafilatura(False), "trafilatura, fast": lambda: _trafilatura(True),
        "resiliparse": _resiliparse, "readability-lxml": _readability, "ChromeRAG": _chromerag,
    }  # fmt: skip


def f1(text: str, gold: str) -> float:
    """Harmonic mean of precision and recall of words, as often as they stand."""
    ours, theirs = Counter(words(text)), Counter(words(gold))
    both = sum((ours & theirs).values())
    return 2 * both / max(sum(ours.values()) + sum(theirs.values()), 1)


def measure(name: str, model: Path | None, pages: list[bytes], golds: list[str], answer: Any) -> None:
    """What one system does; sent through `answer`. All pages in one go for the throughput, then each by itself for the latency."""
    try:
        extract = systems(model)[name]()
    except ImportError as error:
        answer.send(f"{error.name} is not installed")
        return
    list(extract(pages[:WARM]))
    start = time.process_time()
    texts = list(extract(pages))
    spent = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    alone = []
    for body in pages:
        start = time.perf_counter()
        list(extract([body]))
        alone.append(1000 * (time.perf_counter() - start))
    cuts = statistics.quantiles(alone, n=100)
    quality = statistics.mean(f1(text, gold) for text, gold in zip(texts, golds, strict=True))
    answer.send({"f1": quality, "pages_a_second": len(pages) / spent, "p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "memory": memory})


def read(folder: Path, only: set[str] | None) -> tuple[list[bytes], list[str]]:
    pages, golds = [], []
    for file in sorted((folder / "gold").glob("*.json")):
        page = folder / "html" / f"{file.stem}.html"
        packed = page.with_suffix(".html.gz")
        if only is None or file.stem in only:
            pages.append(gzip.decompress(packed.read_bytes()) if packed.exists() else page.read_bytes())
            golds.append(json.loads(file.read_text(encoding="utf-8"))["ground_truth"]["main_content"] or "")
    return pages, golds


def plot(found: dict[str, dict[str, float]], file: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2), dpi=150)
    for name, row in found.items():
        ours = name == "reviewclean"
        axes.scatter(row["pages_a_second"], row["f1"], s=70 if ours else 40, color="#b3261e" if ours else "#5f6b7a", zorder=3)
        axes.annotate(name, (row["pages_a_second"], row["f1"]), xytext=(6, 6), textcoords="offset points", fontsize=9, fontweight="bold" if ours else "normal")
    axes.set_xscale("log")
    axes.set_xlabel("pages a CPU second")
    axes.set_ylabel("word F1")
    axes.grid(alpha=0.25)
    axes.margins(x=0.25, y=0.15)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    figure.tight_layout()
    figure.savefig(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--only", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    pages, golds = read(arguments.pages, set(arguments.only.read_text().split()) if arguments.only else None)
    print(f"{len(pages)} pages of {sum(map(len, pages)) / len(pages) / 1000:.0f} KB on average\n")
    print("| system | word F1 | pages a CPU second | ms p50 | p95 | p99 | peak memory |\n|---|---|---|---|---|---|---|")
    found: dict[str, dict[str, float]] = {}
    context = multiprocessing.get_context("spawn")
    for name in systems(None):
        ours, theirs = context.Pipe()
        process = context.Process(target=measure, args=(name, arguments.model, pages, golds, theirs))
        process.start()
        row = ours.recv()
        process.join()
        if isinstance(row, str):
            print(f"| {name} | left out: {row} |")
            continue
        found[name] = row
        print(f"| {name} | {row['f1']:.3f} | {row['pages_a_second']:.0f} | {row['p50']:.1f} | {row['p95']:.1f} | {row['p99']:.1f} | {row['memory']:.0f} MB |", flush=True)
    if arguments.plot:
        plot(found, arguments.plot)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
