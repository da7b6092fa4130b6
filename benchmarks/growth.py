"""How cost grows with the size of a page and with the number of pages: each case in a process of its own.

usage: python benchmarks/growth.py [--plot FILE.png]
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = ["the", "harbour", "film", "keeps", "its", "best", "scene", "for", "a", "quiet", "hour", "and", "lets", "two", "old", "actors", "wait", "in", "rain", "while", "nobody", "speaks", "of", "what", "they", "lost", "there"]


def prose(size: int, seed: int = 1) -> str:
    """Paragraphs of so many bytes in all."""
    rng = random.Random(seed)
    out: list[str] = []
    total = 0
    while total < size:
        out.append("<p>" + " ".join(rng.choice(WORDS) for _ in range(rng.randint(30, 120))).capitalize() + ".</p>\n")
        total += len(out[-1])
    return "".join(out)


def _page(body: str) -> str:
    return f"<html><head><title>The Harbour Film</title></head><body><article>{body}</article></body></html>"


CASES: dict[str, Callable[[], str]] = {
    "1 MB of paragraphs": lambda: _page(prose(1_000_000)),
    "5 MB of paragraphs": lambda: _page(prose(5_000_000)),
    "10 MB of paragraphs": lambda: _page(prose(10_000_000)),
    "a million links": lambda: _page(prose(5000) + "".join(f'<a href="/p{i}">Post {i}</a> ' for i in range(1_000_000))),
    "200,000 <br>": lambda: _page(prose(5000) + "a line of verse<br>" * 200_000),
    "100,000 short paragraphs": lambda: _page("<p>The harbour film.</p>" * 100_000),
    "a table of 50,000 rows": lambda: _page(prose(5000) + "<table>" + "<tr><td>Seat</td><td>12</td><td>kept</td></tr>" * 50_000 + "</table>"),
    "100,000 levels of nesting": lambda: _page("<div>" * 100_000 + prose(5000) + "</div>" * 100_000),
    "a million entities": lambda: _page(prose(5000) + "<p>" + "&amp;" * 1_000_000 + "</p>"),
}


def measure(name: str, answer: Any) -> None:
    """Seconds and megabytes of one case."""
    from reviewclean import Cleaner

    cleaner = Cleaner()
    cleaner.clean(_page(prose(2000)))
    body = CASES[name]().encode()
    start = time.process_time()
    cleaned = cleaner.clean(body)
    spent = time.process_time() - start
    answer.send((len(body), spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(cleaned.text)))


def sizes(answer: Any) -> None:
    """Seconds of pages of growing size."""
    from reviewclean import Cleaner

    cleaner = Cleaner()
    found = []
    for size in (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000):
        body = _page(prose(size)).encode()
        start = time.process_time()
        cleaner.clean(body)
        found.append((len(body) / 1e6, time.process_time() - start))
    answer.send(found)


def parent_memory(pages: int) -> float:
    """Megabytes that the parent of a run over so many pages needs at most."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "pages.jsonl"
        page = _page(prose(3000)).replace('"', "'").replace("\n", " ")
        with lines.open("w") as file:
            file.writelines(f'{{"id": "page-{i}", "html": "{page}"}}\n' for i in range(pages))
        script = "import sys, resource; sys.argv[0] = 'reviewclean'\ntry:\n from reviewclean.cli import main; main()\nexcept SystemExit: pass\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
        done = subprocess.run([sys.executable, "-c", script, "clean", str(lines), "-o", f"{folder}/out", "--format", "jsonl"], check=True, capture_output=True, text=True)
        return float(done.stdout.split()[-1])


def _asked(target: Callable[..., None], *arguments: Any) -> Any:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(*arguments, theirs))
    process.start()
    theirs.close()
    answer = ours.recv()
    process.join()
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    print("| page | size | CPU seconds | peak memory |\n|---|---|---|---|")
    for name in CASES:
        size, spent, memory, _ = _asked(measure, name)
        print(f"| {name} | {size / 1e6:.1f} MB | {spent:.2f} | {memory:.0f} MB |", flush=True)
    grown = _asked(sizes)
    memory = [(pages, parent_memory(pages)) for pages in (500, 2000, 8000, 16000)]
    print("\n| pages of a run | peak memory of the parent |\n|---|---|")
    for pages, needed in memory:
        print(f"| {pages:,} | {needed:.0f} MB |")
    if arguments.plot:
        import matplotlib as mpl

        mpl.use("Agg")
        from matplotlib import pyplot as plt

        figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), dpi=150)
        left.plot(*zip(*grown, strict=True), marker="o", color="#b3261e")
        left.set_xlabel("size of a page, MB")
        left.set_ylabel("CPU seconds")
        right.plot(*zip(*memory, strict=True), marker="o", color="#b3261e")
        right.set_xlabel("pages of a run")
        right.set_ylabel("peak memory of the parent, MB")
        right.set_ylim(bottom=0)
        for axes in (left, right):
            axes.grid(alpha=0.25)
            axes.spines[["top", "right"]].set_visible(False)
        figure.tight_layout()
        figure.savefig(arguments.plot)


if __name__ == "__main__":
    main()
