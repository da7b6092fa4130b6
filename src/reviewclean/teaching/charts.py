"""Small charts as inline SVG: no library, no script, no colours of their own. The classes they use are coloured by the page around them.

A chart is a value (`Plot`), drawn by `as_svg`. All lengths are pixels of its view box; the page may scale it. Curves and points carry their names
beside them, so there is no legend.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import NamedTuple

Points = Sequence[tuple[float, float]]

TOP, BOTTOM, RIGHT = 10, 44, 14
LEFT = 62  # the title of the axis, turned, and "100 %"
CLOSE = 0.5  # pixels: points nearer than this to the last one drawn are left out
LINE_HEIGHT = 16  # of names
LETTER = 7.2  # pixels: the mean width of a letter of a name
GAP = 9  # between a point and its name
NAMED_AT = 0.62  # of the width: where a line carries its name
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Axis:
    """Shares from 0 to `high`, shown as percentages."""

    title: str  # with its unit
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """Points joined in their order."""

    points: Points
    kind: str = "line"  # class: "line", or "reference" for what others are held against
    name: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One point, with its intervals where they are known."""

    x: float
    y: float
    name: str = ""
    told: str = ""  # what a pointer resting on it shows
    kind: str = ""  # class: "mode" for what was done, apart from what could be
    radius: float = 5.0
    x_interval: tuple[float, float] | None = None
    y_interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """Two axes and what stands between them. `name` is read aloud in place of the picture."""

    name: str
    x: Axis
    y: Axis
    lines: Sequence[Line] = ()
    dots: Sequence[Dot] = ()
    width: int = 480
    height: int = 340

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies, in pixels."""
        inner_width, inner_height = self.width - LEFT - RIGHT, self.height - TOP - BOTTOM
        return LEFT + x / self.x.high * inner_width, TOP + (1 - y / self.y.high) * inner_height


def as_svg(plot: Plot) -> str:
    """One svg element, well-formed as XML too."""
    parts = [*_grid(plot), *_lines(plot), *(_dot(plot, dot) for dot in plot.dots), *_names(plot)]
    return f'<svg class="plot" viewBox="0 0 {plot.width} {plot.height}" role="img" aria-label="{safe(plot.name)}">{"".join(parts)}</svg>'


def safe(text: str) -> str:
    """Text as it may stand in an element or in a quoted attribute; what no document may hold is shown as �."""
    return escape(UNWRITABLE.sub("�", text))


def interval_bar(share: float, low: float, high: float) -> str:
    """A share from 0 to 100 % as a point on a rail, with its interval."""
    x, a, b = (4 + 192 * value for value in (share, low, high))
    body = f'<line class="rail" x1="4" x2="196" y1="8" y2="8"/><line class="span" x1="{a:.1f}" x2="{b:.1f}" y1="8" y2="8"/><circle class="dot" cx="{x:.1f}" cy="8" r="4"/>'
    ends = '<text x="4" y="26">0</text><text x="196" y="26" text-anchor="end">100\u00a0%</text>'
    return f'<svg class="bar" viewBox="0 0 200 30" role="img" aria-label="{percent(share)}, from {percent(low)} to {percent(high)}">{body}{ends}</svg>'


def percent(share: float, digits: int = 1) -> str:
    """A share as people write it: 98.2 %."""
    return f"{100 * share:.{digits}f}\u00a0%"


def ticks(high: float) -> list[float]:
    """Round steps from 0 to `high`, four to six of them."""
    size = 10 ** math.floor(math.log10(high / 4))
    step = max(size * k for k in (1, 2, 2.5, 5) if size * k * 4 <= high * 1.0001)
    return [step * k for k in range(int(high / step * 1.0001) + 1)]


# ---------------------------------------------------------------- parts of a plot


def _grid(plot: Plot) -> Iterator[str]:
    left, bottom = plot.at(0, 0)
    right, top = plot.at(plot.x.high, plot.y.high)
    for value in ticks(plot.x.high):
        x = plot.at(value, 0)[0]
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{bottom:.1f}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16:.1f}" text-anchor="middle">{_tick(value)}</text>'
    for value in ticks(plot.y.high):
        y = plot.at(0, value)[1]
        yield f'<line class="grid" x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{_tick(value)}</text>'
    yield f'<text class="title" x="{(left + right) / 2:.1f}" y="{plot.height - 6}" text-anchor="middle">{safe(plot.x.title)}</text>'
    middle = (top + bottom) / 2
    yield f'<text class="title" x="14" y="{middle:.1f}" text-anchor="middle" transform="rotate(-90 14 {middle:.1f})">{safe(plot.y.title)}</text>'


def _tick(value: float) -> str:
    return f"{100 * value:.4g}\u00a0%"


def _lines(plot: Plot) -> Iterator[str]:
    """Inside an svg of their own, which cuts off what lies beyond the axes."""
    left, bottom = plot.at(0, 0)
    right, top = plot.at(plot.x.high, plot.y.high)
    box = f"{left - 2:.1f} {top - 2:.1f} {right - left + 4:.1f} {bottom - top + 4:.1f}"
    x, y, width, height = box.split()
    yield f'<svg x="{x}" y="{y}" width="{width}" height="{height}" viewBox="{box}">'
    for line in plot.lines:
        drawn = " ".join(f"{a:.1f},{b:.1f}" for a, b in _thinned(plot.at(*point) for point in line.points))
        yield f'<polyline class="{line.kind}" points="{drawn}"/>'
    yield "</svg>"


def _thinned(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points that can be told apart, the last one always."""
    every = list(points)
    out = every[:1]
    for point in every[1:]:
        if math.dist(point, out[-1]) >= CLOSE:
            out.append(point)
    return out if out[-1:] == every[-1:] else [*out, every[-1]]


def _dot(plot: Plot, dot: Dot) -> str:
    x, y = plot.at(dot.x, dot.y)
    bars = ""
    if dot.x_interval is not None:
        a, b = (plot.at(min(value, plot.x.high), 0)[0] for value in dot.x_interval)
        bars += f'<line class="span" x1="{a:.1f}" x2="{b:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
    if dot.y_interval is not None:
        a, b = (plot.at(0, value)[1] for value in dot.y_interval)
        bars += f'<line class="span" x1="{x:.1f}" x2="{x:.1f}" y1="{a:.1f}" y2="{b:.1f}"/>'
    told = f"<title>{safe(dot.told)}</title>" if dot.told else ""
    return f'<g class="{dot.kind}">{bars}<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="{dot.radius:.1f}">{told}</circle></g>'


# ---------------------------------------------------------------- names beside what they name


class Box(NamedTuple):
    """A place that something takes."""

    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def _names(plot: Plot) -> Iterator[str]:
    """Each name stands at the nearest place to what it names where it covers nothing."""
    taken = [*(box for line in plot.lines for box in _trace(plot, line)), *(box for dot in plot.dots for box in _taken(plot, dot))]
    wanted = [(*plot.at(dot.x, dot.y), dot.name, "name") for dot in plot.dots] + [(*_where(plot, line.points), line.name, "name faint") for line in plot.lines]
    for x, y, name, kind in wanted:
        if name:
            box = _free(plot, x, y, len(name) * LETTER, taken)
            taken.append(box)
            side, anchor = (box.left, "start") if box.left > x else (box.right, "end") if box.right < x else ((box.left + box.right) / 2, "middle")
            yield f'<text class="{kind}" x="{side:.1f}" y="{box.bottom - 4:.1f}" text-anchor="{anchor}">{safe(name)}</text>'


def _free(plot: Plot, x: float, y: float, width: float, taken: Sequence[Box]) -> Box:
    """A place of one line for a name, right or left of a point, or above or below, as near to its height as can be; the first of them where all are taken."""
    right_edge, bottom_edge = plot.width, plot.at(0, 0)[1]
    places = []
    for step in sorted(range(-24, 25), key=abs):
        middle = y + step * LINE_HEIGHT / 4
        for left in (x + GAP, x - GAP - width, x - width / 2):
            places.append(Box(left, left + width, middle - LINE_HEIGHT / 2, middle + LINE_HEIGHT / 2))
    inside = [place for place in places if place.left >= LEFT and place.right <= right_edge and place.top >= 0 and place.bottom <= bottom_edge]
    return next((place for place in inside if not any(place.meets(box) for box in taken)), (inside or places)[0])


def _trace(plot: Plot, line: Line) -> Iterator[Box]:
    """Where a line runs, as a chain of small boxes."""
    points = _thinned(plot.at(*point) for point in line.points)
    for (x0, y0), (x1, y1) in pairwise(points):
        count = math.ceil(math.dist((x0, y0), (x1, y1)) / 6)
        for k in range(count + 1):
            x, y = x0 + (x1 - x0) * k / count, y0 + (y1 - y0) * k / count
            yield Box(x - 3, x + 3, y - 3, y + 3)


def _taken(plot: Plot, dot: Dot) -> Iterator[Box]:
    """The place of a point, and of its intervals."""
    x, y = plot.at(dot.x, dot.y)
    yield Box(x - dot.radius, x + dot.radius, y - dot.radius, y + dot.radius)
    if dot.x_interval is not None:
        yield Box(plot.at(dot.x_interval[0], 0)[0], plot.at(dot.x_interval[1], 0)[0], y - 2, y + 2)
    if dot.y_interval is not None:
        yield Box(x - 2, x + 2, plot.at(0, dot.y_interval[1])[1], plot.at(0, dot.y_interval[0])[1])


def _where(plot: Plot, points: Points) -> tuple[float, float]:
    """Where a line passes NAMED_AT of the width, or ends."""
    reached = next((i for i, (x, _) in enumerate(points) if x >= NAMED_AT * plot.x.high), len(points) - 1)
    (x0, y0), (x1, y1) = points[max(reached - 1, 0)], points[reached]
    x = min(NAMED_AT * plot.x.high, x1)
    return plot.at(x, y0 + (y1 - y0) * (x - x0) / (x1 - x0) if x1 > x0 else y1)
