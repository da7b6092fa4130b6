"""The page with its verdicts shown."""

from reviewclean.data import About, Block, Cleaned, Label, Span, Verdict
from reviewclean.writing.explain import as_html, as_lines

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def page() -> Cleaned:
    return Cleaned(
        (Block(EVIL), Block("Good. Bad ad. Good again."), Block("menu")),
        (Verdict(Label.AD, 0.9, kept=False), Verdict(Label.REVIEW, 0.9, cuts=(Span(6, 13, Label.AD, 0.8),)), Verdict(Label.CHROME, 0.99, kept=False)),
        about=About(title=EVIL), url='"><script>',
    )  # fmt: skip


def test_nothing_of_the_page_can_run() -> None:
    """All content is escaped, and a content security policy forbids scripts."""
    html = as_html(page())
    assert "<script" not in html and "<img" not in html
    assert "default-src 'none'" in html


def test_what_went_is_struck_through_and_named() -> None:
    """Whole blocks and cut sentences."""
    html = as_html(page())
    assert '<del title="ad 0.80">Bad ad.</del>' in html
    assert "<b>chrome</b>" in html


def test_the_terminal_shows_every_block() -> None:
    """One line each, cuts in brackets."""
    lines = list(as_lines(page()))
    assert [kept for _, _, kept, _ in lines] == [False, True, False]
    assert lines[1][1] == "Good. ⟦ad 0.80: Bad ad.⟧ Good again."
