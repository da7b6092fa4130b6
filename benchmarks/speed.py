"""Pages a CPU second: reviewclean (clean_many, one process) beside trafilatura (default), on the same pages, in turn.

usage: python benchmarks/speed.py [FOLDER] [--rounds 3]

FOLDER: pages as .html or .html.gz, read recursively; data/samples unless given. CPU time of this process alone (time.process_time), so another
program on the machine disturbs less. Each round cleans all pages with the one, then with the other; the best round of each counts, the others
tell how steady the machine was.
"""

from __future__ import annotations

import argparse
import gzip
import time
from pathlib import Path

import trafilatura

from reviewclean import Cleaner, Page
from reviewclean.judging.decide import decide
from reviewclean.judging.model import load, shipped
from reviewclean.reading import read
from reviewclean.reading.decode import decode
from reviewclean.reading.segment import blocks_of, parse


def pages_of(folder: Path) -> list[bytes]:
    files = sorted(f for f in folder.rglob("*") if f.name.endswith((".html", ".html.gz")))
    return [gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes() for f in files]


def ours(cleaner: Cleaner, pages: list[bytes]) -> int:
    return sum(len(cleaned.text) for cleaned in cleaner.clean_many(Page(body, kind="html") for body in pages))


def theirs(pages: list[bytes]) -> int:
    return sum(len(trafilatura.extract(body) or "") for body in pages)


def seconds(work: object, *arguments: object) -> float:
    start = time.process_time()
    work(*arguments)  # type: ignore[operator]
    return time.process_time() - start


def stages(pages: list[bytes]) -> dict[str, float]:
    """Milliseconds a page of each stage, by itself."""
    model = load(shipped())
    out = {}
    start = time.process_time()
    texts = [decode(body) for body in pages]
    out["decode"] = time.process_time() - start
    start = time.process_time()
    trees = [parse(text) for text in texts]
    out["parse (lxml)"] = time.process_time() - start
    start = time.process_time()
    for tree in trees:
        blocks_of(tree)
    out["walk into blocks"] = time.process_time() - start
    readings = [read(Page(body, kind="html")) for body in pages]
    start = time.process_time()
    rows = [model.page_rows(r.blocks, r.about, None) for r in readings]
    out["measure blocks"] = time.process_time() - start
    start = time.process_time()
    for i in range(0, len(rows), 16):
        for table in rows[i : i + 16]:
            model.review_odds(table)
    out["structure trees"] = time.process_time() - start
    start = time.process_time()
    for i in range(0, len(readings), 16):
        decide(readings[i : i + 16], model, "balanced")
    out["judge (all of it)"] = time.process_time() - start
    return {name: 1000 * spent / len(pages) for name, spent in out.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent / "data" / "samples")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    pages = pages_of(arguments.folder)
    size = sum(map(len, pages)) / len(pages)
    print(f"{len(pages)} pages of {size / 1000:.0f} KB on average")
    cleaner = Cleaner()
    ours(cleaner, pages[:20])  # warm caches and imports before the clock runs
    theirs(pages[:20])
    both = [(seconds(ours, cleaner, pages), seconds(theirs, pages)) for _ in range(arguments.rounds)]
    for name, spent in (("reviewclean", [a for a, _ in both]), ("trafilatura", [b for _, b in both])):
        each = ", ".join(f"{1000 * s / len(pages):.1f}" for s in spent)
        print(f"{name:<12} {len(pages) / min(spent):7.1f} pages a CPU second   ms a page by round: {each}")
    print(f"ratio        {min(b for _, b in both) / min(a for a, _ in both):7.2f}")
    for name, spent in stages(pages).items():
        print(f"  {name:<20} {spent:6.2f} ms a page")


if __name__ == "__main__":
    main()
