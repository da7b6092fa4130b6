"""Cleaned to text, Markdown, JSON."""

import json

from reviewclean.data import About, Block, Cleaned, Label, Mark, Span, Verdict
from reviewclean.writing.render import as_markdown, as_record, as_text, cut_text

YES = Verdict(Label.REVIEW, 0.9)
NO = Verdict(Label.AD, 0.8, kept=False)


def cleaned(*pairs: tuple[Block, Verdict]) -> Cleaned:
    return Cleaned(tuple(b for b, _ in pairs), tuple(v for _, v in pairs), id="p", about=About(title="T"))


def test_text_has_paragraphs_apart_and_items_together() -> None:
    """A blank line, or a line break."""
    page = cleaned((Block("One."), YES), (Block("gone"), NO), (Block("a", "item", 1), YES), (Block("b", "item", 1), YES), (Block("Two."), YES))
    assert as_text(page) == "One.\n\na\nb\n\nTwo."


def test_cuts_leave_prose_that_reads_on() -> None:
    """One space where a sentence went, none at the edges."""
    text = "First. Second. Third."
    assert cut_text(text, [Span(7, 14, Label.AD, 1.0)]) == "First. Third."
    assert cut_text(text, [Span(0, 6, Label.AD, 1.0)]) == "Second. Third."
    assert cut_text(text, [Span(15, 21, Label.AD, 1.0), Span(7, 14, Label.AD, 1.0)]) == "First."
    half = "It holds, see moth.example, and so does she (more at moth.example)."
    assert cut_text(half, [Span(8, 26, Label.AD, 1.0), Span(43, 66, Label.AD, 1.0)]) == "It holds, and so does she."


def test_markdown_keeps_headings_lists_tables_quotes_and_emphasis() -> None:
    """As CommonMark writes them."""
    path = ()
    page = cleaned(
        (Block("Verdict", "heading", 2), YES),
        (Block("A very good film", marks=(Mark(2, 6, "strong"), Mark(7, 11, "em"), Mark(12, 16, "link", "https://x.example/a"))), YES),
        (Block("bad link", marks=(Mark(4, 8, "link", "javascript:alert(1)"),)), YES),
        (Block("Price | $5", "row"), YES),
        (Block("Pages | 300", "row"), YES),
        (Block("Said she", "quote"), YES),
        (Block("x = 1", "code"), YES),
    )
    assert path == ()
    assert as_markdown(page) == (
        "## Verdict\n\nA **very** *good* [film](<https://x.example/a>)\n\nbad link\n\n| Price | $5 |\n| --- | --- |\n| Pages | 300 |\n\n> Said she\n\n```\nx = 1\n```"
    )


def test_json_carries_all_that_was_promised() -> None:
    """id, url, title, author, date, text, confidence, removed."""
    record = as_record(cleaned((Block("One."), YES), (Block("Buy!"), NO)))
    assert json.loads(json.dumps(record)) == record
    assert record["text"] == "One." and record["confidence"] == 0.9
    assert record["removed"] == [{"text": "Buy!", "label": "ad", "score": 0.8, "by": "model", "block": 1}]
    assert {"id", "url", "title", "author", "date"} <= set(record)
