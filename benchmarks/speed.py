"""Pages a CPU second: reviewclean (clean_many, one process) beside trafilatura (default), on the same pages, in turn.

usage: python benchmarks/speed.py [FOLDER] [--rounds 3] [--model FILE]

FOLDER: pages as .html or .html.gz, read recursively; data/samples unless given. CPU time of this process alone (time.process_time), so another
program on the machine disturbs less. Each round cleans all pages with the one, then with the other; the best round of each counts, the others
tell how steady the machine was.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

import trafilatura

from reviewclean import Cleaner, Page, reading
from reviewclean import cleaner as cleaning
from reviewclean.judging import context, decide, page, within
from reviewclean.judging.model import Model, Reasons
from reviewclean.reading import metadata, segment
from reviewclean.reading.decode import utf8
from reviewclean.reading.segment import parse

STAGES: tuple[tuple[object, str, str], ...] = (
    (cleaning, "read", "read"),
    (reading, "utf8", "  decode"),
    (segment, "parse", "  parse (lexbor)"),
    (segment, "cut", "  walk into blocks"),
    (metadata, "about_of", "  metadata"),
    (cleaning, "batch_of", "number the words, tell the language"),
    (cleaning, "decide", "decide"),
    (decide, "_first_gate", "  first gate: part of the article?"),
    (page, "measure", "    measure blocks in their page"),
    (Model, "review_odds", "    structure trees"),
    (decide, "_second_gate", "  second gate: does it belong?"),
    (Model, "units", "    stems of running text"),
    (context, "measure", "    measure units in their text"),
    (Model, "context_odds", "    context trees"),
    (within, "suspects", "    screen sentences"),
    (within, "measure", "    measure sentences"),
    (Model, "sentence_odds", "    sentence trees"),
    (Reasons, "name", "  reasons (in both gates)"),
)


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


def stages(pages: list[bytes], cleaner: Cleaner) -> dict[str, float]:
    """Milliseconds of CPU a page in each stage, while `clean_many` does its work; a stage includes those that it calls."""
    spent: dict[str, float] = dict.fromkeys((name for _, _, name in STAGES), 0.0)

    def timed(work: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            start = time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                spent[name] += time.process_time() - start

        return run

    with ExitStack() as stack:
        for owner, attribute, name in STAGES:
            stack.enter_context(mock.patch.object(owner, attribute, timed(getattr(owner, attribute), name)))
        ours(cleaner, pages)
    return {name: 1000 * value / len(pages) for name, value in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent / "data" / "samples")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path)
    arguments = parser.parse_args()
    pages = pages_of(arguments.folder)
    size = sum(map(len, pages)) / len(pages)
    print(f"{len(pages)} pages of {size / 1000:.0f} KB on average")
    cleaner = Cleaner(arguments.model)
    ours(cleaner, pages[:20])  # warm caches and imports before the clock runs
    theirs(pages[:20])
    both = [(seconds(ours, cleaner, pages), seconds(theirs, pages)) for _ in range(arguments.rounds)]
    for name, spent in (("reviewclean", [a for a, _ in both]), ("trafilatura", [b for _, b in both])):
        each = ", ".join(f"{1000 * s / len(pages):.1f}" for s in spent)
        print(f"{name:<12} {len(pages) / min(spent):7.1f} pages a CPU second   ms a page by round: {each}")
    print(f"ratio        {min(b for _, b in both) / min(a for a, _ in both):7.2f}")
    start = time.process_time()
    for body in pages:
        parse(utf8(body))
    print(f"the floor: decode and parse alone {1000 * (time.process_time() - start) / len(pages):.2f} ms a page")
    for name, each in stages(pages, cleaner).items():
        print(f"  {name:<46} {each:6.2f} ms a page")


if __name__ == "__main__":
    main()
