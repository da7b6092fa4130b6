"""Charts: well-formed SVG that says what it shows."""

from itertools import combinations

import pytest
from lxml import etree

from reviewclean.teaching.charts import Axis, Dot, Line, Plot, as_svg, interval_bar, percent, safe, ticks

EVIL = "<script>alert(1)</script>\" onload='x' & \x00\ud800"


def drawn(**parts: object) -> etree._Element:
    return etree.fromstring(as_svg(Plot("name", Axis("x (%)", 0.1), Axis("y (%)"), **parts)))  # type: ignore[arg-type]


def numbers(element: etree._Element, *names: str) -> tuple[float, ...]:
    return tuple(float(element.get(name)) for name in names)


def test_a_plot_is_well_formed_whatever_it_names() -> None:
    """Names are escaped in text and in attributes; what no document may hold is replaced."""
    plot = Plot(EVIL, Axis(EVIL), Axis(EVIL), [Line([(0, 0), (1, 1)], name=EVIL)], [Dot(0.5, 0.5, EVIL, EVIL)])
    svg = etree.fromstring(as_svg(plot))
    assert svg.get("aria-label") == EVIL.replace("\x00", "�").replace("\ud800", "�")
    assert not svg.xpath("//script | //*[@onload]")


def test_points_lie_where_the_axes_say() -> None:
    """The corners of the frame are the ends of the axes."""
    plot = Plot("", Axis("", 0.2), Axis(""), width=400, height=300)
    (left, bottom), (right, top) = plot.at(0, 0), plot.at(0.2, 1)
    assert 0 < left < right < 400 and 0 < top < bottom < 300
    assert plot.at(0.1, 0.5) == pytest.approx(((left + right) / 2, (top + bottom) / 2))


def test_axes_are_named_and_ticked() -> None:
    """Titles with their units, percentages beside the lines."""
    texts = drawn().xpath("//text/text()")
    assert {"x (%)", "y (%)", "0\u00a0%", "10\u00a0%", "2.5\u00a0%", "100\u00a0%"} <= set(texts)


@pytest.mark.parametrize(
    ("high", "expected"),
    [(1.0, [0, 0.25, 0.5, 0.75, 1]), (0.1, [0, 0.025, 0.05, 0.075, 0.1]), (0.02, [0, 0.005, 0.01, 0.015, 0.02]), (0.3, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3])],
)
def test_ticks_are_round_and_reach_the_end(high: float, expected: list[float]) -> None:
    """Four to seven steps."""
    assert ticks(high) == pytest.approx(expected)


def test_lines_are_thinned_and_keep_their_ends() -> None:
    """Thousands of points that nobody can tell apart are not written."""
    line = drawn(lines=[Line([(k / 1e6, k / 1e5) for k in range(100_001)])]).find(".//polyline")
    points = line.get("points").split()
    assert 100 < len(points) < 2000
    assert points[-1] == ",".join(f"{value:.1f}" for value in Plot("", Axis("", 0.1), Axis("")).at(0.1, 1))


def test_lines_are_cut_off_at_the_axes() -> None:
    """A curve that runs on beyond the axis stands in an svg of its own, which clips it."""
    line = drawn(lines=[Line([(0, 0), (1, 1)])]).find(".//polyline")
    assert line.getparent().tag == "svg" and line.getparent().getparent() is not None


def test_names_cover_neither_each_other_nor_points() -> None:
    """Points close together, and three at one place, each named beside it."""
    svg = drawn(dots=[Dot(0.01, 0.9, "careful"), Dot(0.012, 0.9, "balanced"), *[Dot(0.014, 0.91, name) for name in ("strict", "stricter", "strictest")]])
    names = [place(name) for name in svg.xpath("//text[@class='name']")]
    points = [(x - 5, x + 5, y - 5, y + 5) for x, y in (numbers(dot, "cx", "cy") for dot in svg.iter("circle"))]
    assert len(names) == 5
    assert not [pair for pair in combinations(names + points, 2) if not set(pair) <= set(points) and meet(*pair)]


def place(name: etree._Element) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a name of narrow letters."""
    (x, y), width = numbers(name, "x", "y"), 6 * len(name.text)
    left = x - {"start": 0, "middle": width / 2, "end": width}[name.get("text-anchor")]
    return left, left + width, y - 10, y + 3


def meet(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]


def test_a_name_at_the_edge_turns_inward() -> None:
    """And stays within the picture."""
    (name,) = drawn(dots=[Dot(0.1, 0.5, "balanced")]).xpath("//text[@class='name']")
    left, right, *_ = place(name)
    assert name.get("text-anchor") == "end" and 0 < left < right < 480


def test_a_name_keeps_off_the_lines() -> None:
    """It is moved to where the line does not run."""
    (name,) = drawn(lines=[Line([(0, 0.5), (0.1, 0.5)])], dots=[Dot(0.05, 0.5, "here")]).xpath("//text[@class='name']")
    y = Plot("", Axis("", 0.1), Axis("")).at(0, 0.5)[1]
    assert not numbers(name, "y")[0] - 12 < y < numbers(name, "y")[0] + 2


def test_intervals_are_drawn_within_the_axes() -> None:
    """Across and upright; what lies beyond the axis is cut off."""
    plot = Plot("", Axis("", 0.1), Axis(""))
    across, upright = drawn(dots=[Dot(0.05, 0.5, x_interval=(0.02, 0.5), y_interval=(0.4, 0.7))]).xpath("//line[@class='span']")
    assert numbers(across, "x1", "x2") == pytest.approx((plot.at(0.02, 0)[0], plot.at(0.1, 0)[0]), abs=0.1)
    assert numbers(upright, "y1", "y2") == pytest.approx((plot.at(0, 0.4)[1], plot.at(0, 0.7)[1]), abs=0.1)


def test_an_interval_bar_runs_from_nothing_to_all() -> None:
    """The point within its interval, read aloud as percentages."""
    bar = etree.fromstring(interval_bar(0.5, 0.25, 1.0))
    assert numbers(bar.find("circle"), "cx") == (100.0,) and numbers(bar.find("line[@class='span']"), "x1", "x2") == (52.0, 196.0)
    assert bar.get("aria-label") == "50.0\u00a0%, from 25.0\u00a0% to 100.0\u00a0%"


def test_text_is_made_safe() -> None:
    """Quotes too; line breaks and other scripts stay."""
    assert safe("<a href='x\">&\n\tжü") == "&lt;a href=&#x27;x&quot;&gt;&amp;\n\tжü"
    assert safe("\x1b\ufffe") == "��" and percent(0.98249) == "98.2\u00a0%"
