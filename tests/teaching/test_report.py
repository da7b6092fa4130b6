"""The report: one file that says what was measured, and in which nothing of a page can do harm."""

import re
from typing import Any

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from reviewclean.data import About, Block, Cleaned, Label, Page, Span, Verdict
from reviewclean.teaching.charts import percent
from reviewclean.teaching.curves import judged
from reviewclean.teaching.evaluate import figures, score_one
from reviewclean.teaching.report import Judged, as_html
from reviewclean.teaching.samples import Laid, Sample

EVIL = "<script>alert(1)</script><img src=x onerror='alert(2)'>\" onload=\"x\" style='a' {0} {x} & \x00\ud800"
MODES = {
    "careful": {"pages": 40, "review_kept": (0.99, 0.985, 0.995), "clutter_removed": (0.7, 0.6, 0.72)},
    "strict": {"pages": 40, "review_kept": (0.96, 0.955, 0.965), "clutter_removed": (0.95, 0.85, 0.97)},
}
SECTIONS = ["Loss against removal", "Precision and recall by label", "Calibration", "What is taken for what", "By kind, language and site", "Worst pages"]
REVIEW = Laid(True, Label.REVIEW)
SPANNED = Laid(True, Label.REVIEW, (Span(6, 13, Label.AD, 1.0),))

Row = tuple[str, Laid, Verdict]


def page(rows: list[Row], name: str = "page", **about: Any) -> Judged:
    """A page whose blocks are told by hand."""
    cleaned = Cleaned(tuple(Block(text) for text, _, _ in rows), tuple(verdict for _, _, verdict in rows), about=About(language=about.pop("language", "en")))
    laid = [one for _, one, _ in rows]
    return score_one(Sample(name, Page(""), **{"site": "a.example", "kind": "film", **about}), cleaned, laid), judged(cleaned, laid)


def clutter(label: Label | None, text: str = "Buy one now", kept: bool = False, score: float = 0.9) -> Row:
    return text, Laid(False, label), Verdict(Label.REVIEW, score) if kept else Verdict(Label.AD, score, kept=False)


def review(text: str = "A slow and stern film", kept: bool = True, score: float = 0.8) -> Row:
    return text, REVIEW, Verdict(Label.REVIEW if kept else Label.CHROME, score, kept=kept)


def usual(count: int = 3) -> list[Judged]:
    """Pages of two sites with everything on them."""
    rows = [
        review(), review("Lost for good", kept=False), *[clutter(Label.AD, score=0.5 + k / 20) for k in range(6)], *[clutter(Label.LINKS)] * 6,
        clutter(Label.SHOP, "Left there", kept=True), ("Good. Bad ad. Good again.", SPANNED, Verdict(Label.REVIEW, 0.7)), clutter(Label.META, "By someone", kept=True),
    ]  # fmt: skip
    return [page(rows, f"page-{k}", site=f"{'ab'[k % 2]}.example", hard_negative=k == 1) for k in range(count)]


def report(pages: list[Judged], modes: dict[str, Any] = MODES, model: str = "small.joblib 1a2b") -> str:
    return as_html(pages, modes, model, "balanced")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", LexborHTMLParser(html).body.text(separator=" "))  # type: ignore[union-attr]


def section(html: str, title: str) -> etree._Element:
    """A section of the report, which is well-formed as XML too."""
    (found,) = etree.fromstring(html.encode()).xpath("//section[h2=$title]", title=title)
    return found


def test_the_report_is_well_formed_and_whole() -> None:
    """As XML, as HTML, every section in it, every picture named."""
    html = report(usual())
    root = etree.fromstring(html.encode())
    assert [h2.text for h2 in root.iter("h2")] == SECTIONS
    assert all(svg.get("aria-label") for svg in root.xpath("//svg[@role='img']")) and len(root.xpath("//svg[@role='img']")) == 3 + 1 + 3 + 1
    assert len(LexborHTMLParser(html).css("section")) == 6


def test_nothing_comes_from_outside() -> None:
    """No address, no reference, no script; and a policy that forbids them."""
    html = report(usual())
    assert not re.search(r"https?:|//[a-z]|\bsrc=|href=|url\(|@import|<script|<link|<iframe|<object", html)
    assert "default-src 'none'" in html.split("<style>")[0]


def test_nothing_of_a_page_can_run() -> None:
    """Texts, names, sites, kinds, languages and the model's name are escaped wherever they stand."""
    rows = [clutter(Label.AD, EVIL, kept=True), review(EVIL, kept=False), review(), clutter(Label.AD)]
    html = as_html([page(rows, EVIL, site=EVIL, kind=EVIL, language=EVIL), page(rows, "other")], {EVIL: MODES["strict"]}, EVIL, EVIL)
    root = etree.fromstring(html.encode())  # and it can be written
    assert not root.xpath("//script | //img | //*[@onload or @onerror or @src]")
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 8 and "<script" not in html


def test_headline_figures_have_their_intervals() -> None:
    """Share, interval, and what it is a share of; hard negatives apart."""
    pages = [*usual(), page([review(), clutter(Label.AD)], "clean")]
    told = text_of(report(pages))
    kept, low, high = (percent(share).replace("\u00a0", " ") for share in figures([score for score, _ in pages])["review_kept"])
    assert f"review kept {kept} 95 %: {low} to {high} 0 100 % of the review's words" in told
    assert "on 1 hard negative (" in told and "4 pages of 2 sites" in told and "word F1" not in told


def test_f1_is_told_where_the_samples_give_the_main_text() -> None:
    """As a number, not as a percentage."""
    cleaned = Cleaned((Block("one two"),), (Verdict(Label.REVIEW, 0.9),))
    one = score_one(Sample("m", Page(""), main="one two three four"), cleaned, [REVIEW]), judged(cleaned, [REVIEW])
    assert "word F1 0.667" in text_of(report([one, one]))


def test_modes_are_points_beside_the_curve() -> None:
    """Named beside their points, and told in the caption."""
    part = section(report(usual()), "Loss against removal")
    assert part.xpath(".//text[@class='name']/text()") == ["careful", "strict"]
    careful, strict = part.findtext(".//figcaption").replace("\u00a0", " ").split("; ")
    assert careful == "Careful removes 70.0 % of the clutter and loses 1.0 % of the review" and strict.startswith("strict removes 95.0 % ")
    assert "10\u00a0%" in part.xpath(".//text/text()")  # twice strict's loss, rounded up
    assert not section(report(usual(), {}), "Loss against removal").xpath(".//circle")


def test_labels_have_a_curve_each_where_there_are_enough_of_them() -> None:
    """Hardest first; the rest is named."""
    part = section(report(usual(1)), "Precision and recall by label")
    assert [caption.text for caption in part.iter("figcaption")] == ["Hardest to tell from review: ad; easiest: links.", "all clutter", "ad", "links"]
    assert "Too few blocks for a curve: shop (1)." in "".join(part.itertext())


def test_a_curve_of_precision_goes_by_steps() -> None:
    """Each precision holds back to the recall before it, and where recall does not grow there is nothing to draw."""
    part = section(report([page([review(kept=False, score=0.95), clutter(Label.AD, score=0.9), clutter(Label.AD, score=0.7), review()])]), "Precision and recall by label")
    points = [tuple(map(float, point.split(","))) for point in part.find(".//polyline").get("points").split()]
    assert len(points) == 4
    assert points[0][1] == points[1][1] > points[2][1] == points[3][1] and points[1][0] == points[2][0]


def test_calibration_is_told_in_numbers_too() -> None:
    """A row a bin, a point a bin."""
    part = section(report(usual()), "Calibration")
    assert len(part.xpath(".//tbody/tr")) == len(part.xpath(".//circle")) == 10
    assert part.findtext(".//figcaption").startswith("Scores are off by ")


def test_the_matrix_shows_what_is_wrong() -> None:
    """Same label, wrong side, or another reason for the same removal."""
    part = section(report(usual(1)), "What is taken for what")
    head = [cell.text for cell in part.xpath(".//thead//th")][1:]
    rows = {row[0].text: {name: (cell.text, cell.get("class")) for name, cell in zip(head, row[1:], strict=True)} for row in part.xpath(".//tbody/tr")}
    assert head == ["review", "ad", "chrome"]
    assert rows["review"] == {"review": ("2", "same"), "ad": (None, None), "chrome": ("1", "wrong")}
    assert rows["ad"]["ad"] == ("6", "same") and rows["links"]["ad"] == ("6", None) and rows["shop"]["review"] == ("1", "wrong")
    assert rows["meta"]["review"] == ("1", None)
    assert part.findtext(".//figcaption").startswith("Of 17 blocks, 1 that the samples call review are taken for something else, and 1 that are clutter")


def test_tables_compare_sites_languages_and_kinds() -> None:
    """Most pages first, intervals where there is more than one, a dash where there is nothing to measure."""
    part = section(report([*usual(), page([review()], site="c.example")]), "By kind, language and site")
    assert [table.findtext("caption") for table in part.iter("table")] == [f"By {what}, most pages first" for what in ("kind", "language", "site")]
    a, b, c = part.xpath(".//table")[2].xpath("./tbody/tr")
    assert (a[0].text, a[1].text, b[0].text, b[1].text) == ("a.example", "2", "b.example", "1")
    assert a[2].find("small") is not None and b[2].find("small") is None and (c[2].text, c[3].text) == ("100.0\u00a0%", "–")


def test_long_tables_say_what_they_leave_out() -> None:
    """Thirty sites are shown."""
    pages = [page([review()], f"p{k}", site=f"s{k}.example") for k in range(33)]
    part = section(report(pages), "By kind, language and site")
    assert len(part.xpath(".//table")[2].xpath("./tbody/tr")) == 30 and "… and 3 more" in "".join(part.itertext())


def test_worst_pages_show_their_wrong_blocks() -> None:
    """Lost review struck through, clutter left in marked, spans too; label and score beside each."""
    part = section(report([*usual(1), page([review(kept=False)], "the-worst")]), "Worst pages")
    assert [name.text for name in part.iter("h3")] == ["the-worst", "page-0"]
    assert [one.text for one in part.xpath("./article[2]//del")] == ["Lost for good"]
    assert [one.text for one in part.xpath("./article[2]//ins")] == ["Left there", "Bad ad."]
    assert ["".join(why.itertext()) for why in part.xpath("./article[2]//div[@class='why']")] == [
        "lost: reviewtaken for chrome 0.80", "left in: shoptaken for review 0.90", "left in: adtaken for review 0.70",
    ]  # fmt: skip
    assert "3 of 11 words of review lost, 2 of 38 words of clutter left in" in "".join(part.itertext())


def test_worst_pages_are_kept_short() -> None:
    """Fifteen pages, twenty blocks a page (the longest), three hundred characters a block."""
    rows = [review("word " * k, kept=False) for k in range(1, 31)]
    part = section(report([page([*rows, review("x" * 301, kept=False)], f"p{k}") for k in range(17)]), "Worst pages")
    assert len(part.xpath("./article")) == 15
    shown = [one.text for one in part.xpath("./article[1]//del")]
    assert len(shown) == 20 and min(len(text.split()) for text in shown) == 11
    assert "… and 11 shorter ones." in "".join(part.itertext())
    (long,) = section(report([page([review("x" * 301, kept=False)])]), "Worst pages").xpath("./article//del/text()")
    assert long == "x" * 300 + " …"


@pytest.mark.parametrize(
    ("pages", "sentences"),
    [
        ([], ["There is no page.", "There is no block to be judged.", "No page has anything on the wrong side.", "it takes both review and clutter"]),
        ([page([review()]), page([review()])], ["There is no clutter in these samples", "There is no curve", "There is no diagram", "No page has anything"]),
        ([page([clutter(Label.AD)])], ["There is no review in these samples", "There is no curve", "There is no diagram"]),
        ([page([review(), clutter(None)])], ["say what is not review but not why", "One page has no interval.", "it takes more than one page"]),
        ([page([("", REVIEW, Verdict(Label.REVIEW, 0.5))])], ["There is no clutter", "No page has anything"]),
    ],
)  # fmt: skip
def test_where_there_is_nothing_to_see_a_sentence_says_so(pages: list[Judged], sentences: list[str]) -> None:
    """No pages, no clutter, no review, no labels, a single page, no words."""
    html = report(pages, {"balanced": figures([score for score, _ in pages])} if pages else {})
    etree.fromstring(html.encode())
    told = text_of(html)
    assert all(sentence in told for sentence in sentences), told
    assert "nan" not in html


def test_one_page_shows_no_interval() -> None:
    """It would be as narrow as it is wrong."""
    pages = [page([review(), clutter(Label.AD)])]
    html = report(pages, {"balanced": figures([pages[0][0]])})
    assert "95&#160;%:" not in html and not section(html, "Loss against removal").xpath(".//line[@class='span']")
