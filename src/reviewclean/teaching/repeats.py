"""What repeats across the pages of one site and is no review: lines that the model keeps on page after page."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewclean.data import Cleaned
from reviewclean.judging.rules import ALL, plain
from reviewclean.reading import host_of

PAGES = 8  # of a site: on fewer, a line may come again by chance
SHARE = 0.3  # of a site's pages: a line that stands on fewer is no habit
MOST = 0.5  # of a page's review: lines that hold more of any page are left alone, for that page would be lost


@dataclass(frozen=True, slots=True)
class Repeated:
    """A line that a site has on many of its pages."""

    host: str
    line: str  # as `plain` has it
    pages: int
    of: int


def repeated(pages: Iterable[Cleaned]) -> list[Repeated]:
    """The repeated lines of each site among what was kept, the most frequent first. Memory grows with the lines of the site, not with its pages' markup."""
    sizes: dict[str, list[dict[str, int]]] = defaultdict(list)  # host -> for each page, its kept lines and their words
    for cleaned in pages:
        lines: Counter[str] = Counter()
        for block in cleaned.kept:
            lines[plain(block.text)] += len(block.text.split())
        sizes[host_of(cleaned.url or cleaned.about.url)].append(lines)
    return [one for host, told in sorted(sizes.items()) if len(told) >= PAGES for one in _of_site(host, told)]


def _of_site(host: str, pages: Sequence[dict[str, int]]) -> list[Repeated]:
    times = Counter(line for lines in pages for line in lines)
    chosen = {line for line, count in times.items() if count >= max(2, SHARE * len(pages))}
    for lines in pages:
        if sum(size for line, size in lines.items() if line in chosen) > MOST * max(sum(lines.values()), 1):
            chosen -= lines.keys()
    return [Repeated(host or ALL, line, count, len(pages)) for line, count in times.most_common() if line in chosen]


def as_rules(lines: Sequence[Repeated]) -> str:
    """Rules as `clean --rules` reads them, with how often each line was met."""
    out: list[str] = []
    for host in dict.fromkeys(line.host for line in lines):
        out += [f"[{json.dumps(host, ensure_ascii=False)}]", "drop_lines = ["]
        out += [f"    {json.dumps(line.line, ensure_ascii=False)},  # on {line.pages} of {line.of} pages" for line in lines if line.host == host]
        out += ["]", ""]
    return "\n".join(out)
