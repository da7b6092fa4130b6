"""To other labelling tools and back, letter for letter."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewclean.data import Label, Page, words
from reviewclean.errors import SampleError
from reviewclean.reading import read
from reviewclean.teaching.labelling.exchange import Form, document_of, exported, imported, sample_of
from reviewclean.teaching.labelling.store import Store
from reviewclean.teaching.samples import Sample, Told, lay, read_samples

FORMS: tuple[Form, ...] = ("prodigy", "label-studio", "doccano")
PROSE = "Ein guter Film 🎬. Kauf ein Boot! Ende."
TOLD = (
    Told("Home", Label.CHROME), Told("Home", Label.LINKS), Told(PROSE, Label.REVIEW, (("Kauf ein Boot!", Label.AD), ("Ende.", Label.SHARE))), Told("12, Quay St.\nMon to Fri", Label.REVIEW),
    Told("Home", Label.CHROME),
)  # fmt: skip
SAMPLE = Sample("fähre", Page("\n".join(told.text for told in TOLD).encode(), id="fähre", url="https://x.example/f", kind="text"), TOLD, None, "x.example", "film", "de", "ines", True)


@pytest.mark.parametrize("form", FORMS)
def test_a_round_trip_changes_nothing(form: Form) -> None:
    """Labels, spans, texts with line breaks and characters beyond the first plane, repeated blocks, and all that meta tells."""
    (back,) = imported(exported([SAMPLE], form), form, "file")
    assert back == SAMPLE


LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters="\n 🎬"), min_size=1, max_size=12)


@st.composite
def told_blocks(draw: st.DrawFn) -> Told:
    text = draw(LETTERS)
    spans = []
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text) - 1))
        spans.append((text[start : draw(st.integers(start + 1, len(text)))], draw(st.sampled_from(list(Label)))))
    return Told(text, draw(st.sampled_from(list(Label))), tuple(spans))


@given(st.lists(st.lists(told_blocks(), min_size=1, max_size=6), max_size=3), st.sampled_from(FORMS))
def test_any_round_trip_changes_nothing(pages: list[list[Told]], form: Form) -> None:
    """Whatever the blocks hold."""
    samples = [Sample(f"p{i}", Page(b"", id=f"p{i}", kind="text"), tuple(told)) for i, told in enumerate(pages)]
    back = imported(exported(samples, form), form, "file")
    assert [(one.id, one.told) for one in back] == [(one.id, one.told) for one in samples]


def test_what_each_tool_reads() -> None:
    """The fields of their own documentation."""
    one = Sample("s", Page(b"", id="s"), (Told("Home", Label.CHROME), Told("Go on. Buy.", Label.REVIEW, (("Buy.", Label.AD),))))
    text = "Home\nGo on. Buy."
    row = json.loads(exported([one], "prodigy"))
    assert row["text"] == text and row["spans"] == [{"start": 0, "end": 4, "label": "chrome"}, {"start": 5, "end": 16, "label": "review"}, {"start": 12, "end": 16, "label": "ad"}] and row["meta"]["id"] == "s"
    row = json.loads(exported([one], "doccano"))
    assert row["text"] == text and row["label"] == [[0, 4, "chrome"], [5, 16, "review"], [12, 16, "ad"]]
    (task,) = json.loads(exported([one], "label-studio"))
    result = task["annotations"][0]["result"][2]
    assert task["data"]["text"] == text and result["type"] == "labels" and result["value"] == {"start": 12, "end": 16, "text": "Buy.", "labels": ["ad"]}


def test_text_that_another_tool_began_is_review_where_nobody_marked_it() -> None:
    """Line by line: a mark over a whole line is its label, one inside a line a span of it, one over several lines and a half both."""
    text = "Menu\n\nGood film. Buy a boat.\nShare\nTweet now"
    spans = [{"start": 0, "end": 4, "label": "CHROME"}, {"start": 17, "end": 28, "label": "ad"}, {"start": 29, "end": 40, "label": "share"}]
    (one,) = imported(json.dumps({"text": text, "spans": spans}), "prodigy", "mine.jsonl")
    assert one.told == (
        Told("Menu", Label.CHROME), Told("Good film. Buy a boat.", Label.REVIEW, (("Buy a boat.", Label.AD),)), Told("Share", Label.SHARE), Told("Tweet now", Label.REVIEW, (("Tweet", Label.SHARE),)),
    )  # fmt: skip
    assert one.id == "mine.jsonl:1" and [str(laid.label) for laid in lay(one, read(one.page).blocks)] == ["chrome", "review", "share", "review"]


def test_places_that_a_browser_counted_are_understood() -> None:
    """Label Studio counts 🎬 as two, and tells the text that it means."""
    value = {"start": 6, "end": 9, "text": "Buy", "labels": ["ad"]}
    task = {"data": {"text": "🎬🎬: Buy"}, "annotations": [{"result": [{"type": "choices", "value": {"choices": ["x"]}}, {"type": "labels", "value": value}]}]}
    (one,) = imported(json.dumps([task]), "label-studio", "f")
    assert one.told == (Told("🎬🎬: Buy", Label.REVIEW, (("Buy", Label.AD),)),)


def test_what_nobody_finished_is_left_out() -> None:
    """Rejected in Prodigy, without an annotation or cancelled in Label Studio."""
    assert imported('{"text": "a", "answer": "reject"}\n\n{"text": "b", "answer": "ignore"}\n', "prodigy", "f") == []
    assert imported(json.dumps([{"data": {"text": "a"}}, {"data": {"text": "b"}, "annotations": [{"was_cancelled": True, "result": []}]}]), "label-studio", "f") == []


def test_doccano_with_relations_is_read_as_well() -> None:
    """It calls its spans entities then."""
    row = {"id": 7, "text": "Good. Buy.", "entities": [{"id": 1, "label": "ad", "start_offset": 6, "end_offset": 10}], "relations": [], "meta": {"id": "seven"}}
    (one,) = imported(json.dumps(row), "doccano", "f")
    assert (one.id, one.told) == ("seven", (Told("Good. Buy.", Label.REVIEW, (("Buy.", Label.AD),)),))


@pytest.mark.parametrize(
    ("form", "content", "why"),
    [
        ("prodigy", "{", "f:1: not JSON"), ("prodigy", '\n{"text": 3}', "f:2: not a labelled document"), ("prodigy", '{"text": "ab", "spans": [{"start": 0, "end": 2, "label": "promo"}]}', "promo"),
        ("prodigy", '{"text": "ab", "spans": [{"start": 1, "end": 9, "label": "ad"}]}', "a span to 9 of 2"), ("doccano", '{"text": "ab", "label": [[-1, 1, "ad"]]}', "a span from -1"),
        ("label-studio", "{}", "not a list of tasks"), ("label-studio", "[", "not JSON"), ("doccano", '{"text": "a", "meta": {"id": "x"}}\n{"text": "b", "meta": {"id": "x"}}', "two documents are called 'x'"),
        ("label-studio", '[{"data": {"text": "abc"}, "annotations": [{"result": [{"type": "labels", "value": {"start": 0, "end": 1, "text": "c", "labels": ["ad"]}}]}]}]', "is not 'c'"), ("doccano", "[]", "f:1: not a labelled document"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_place(form: Form, content: str, why: str) -> None:
    """File, line or task, and what is wrong."""
    with pytest.raises(SampleError, match=why):
        imported(content, form, "f")


@pytest.mark.parametrize("form", FORMS)
def test_what_was_relabelled_elsewhere_comes_back_to_its_page(form: Form, tmp_path: Path) -> None:
    """The page stays the page that was scraped; a document that is not from here gets its text for a page."""
    body = b"<nav>Home</nav><p>A good film. Buy a boat.</p>"
    told = (Told("Home", Label.REVIEW), Told("A good film. Buy a boat.", Label.REVIEW))
    with Store(tmp_path) as store:
        store.put(Sample("ferry", Page(body, kind="html", url="https://x.example/f"), told, site="x.example", kind="film"))
    (out,) = read_samples(tmp_path)
    elsewhere = exported([Sample(out.id, out.page, (Told("Home", Label.CHROME), Told(told[1].text, Label.REVIEW, (("Buy a boat.", Label.AD),)))), Sample("../other", Page(""), TOLD)], form)
    with Store(tmp_path) as store:
        assert [store.put(sample).name for sample in imported(elsewhere, form, "f")] == ["ferry", "other"]
    ferry, other = read_samples(tmp_path)
    assert (ferry.page.body, ferry.kind, ferry.told[0].label, ferry.told[1].spans) == (body, "film", Label.CHROME, (("Buy a boat.", Label.AD),))
    assert other.told == TOLD
    blocks = read(other.page).blocks
    assert all(laid.label is not None for laid, block in zip(lay(other, blocks), blocks, strict=True) if words(block.text))


def test_blocks_and_spans_of_nothing_say_nothing() -> None:
    """They have no place in a text, and are left out."""
    one = document_of(Sample("s", Page(""), (Told("", Label.AD), Told("a", Label.REVIEW, (("", Label.AD),)))))
    assert (one.text, one.marks) == ("a", ((0, 1, Label.REVIEW),))
    assert sample_of(one).told == (Told("a", Label.REVIEW),)
