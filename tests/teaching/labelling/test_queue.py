"""Which page comes next, and what a page is when its turn has come."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import PAGE, PROMO

from reviewclean import Cleaner, Page
from reviewclean.batch.sources import items
from reviewclean.data import Label
from reviewclean.errors import InputError
from reviewclean.reading import read
from reviewclean.teaching.labelling.queue import DOUBTFUL, Waiting, apart, body_of, class_path, key_of, look, open_page, ordered, traits_of
from reviewclean.teaching.samples import lay


@dataclass
class Given:
    """A page in memory, as a source."""

    name: str
    body: bytes | str
    charset: str | None = None

    def page(self) -> Page:
        if not self.body:
            raise InputError("not a page")
        return Page(self.body, id=self.name, charset=self.charset)


def waiting(name: str, doubtful: int = 0, traits: str = "") -> Waiting:
    return Waiting(name, Given(name, b"x"), name, "", 100, doubtful, frozenset(traits.split()))


def names(pages: list[Waiting]) -> str:
    return " ".join(page.key for page in pages)


def test_pages_are_looked_at_once_and_the_others_are_told(cleaner: Cleaner) -> None:
    """No page, no text, the same page twice: each is passed over with a reason; what is known is not even cleaned."""
    told: list[str] = []
    sources = [Given("a", PAGE), Given("none", b""), Given("empty", "<html><body></body></html>"), Given("copy", PAGE), Given("known", "<p>Some words of a page that is done.</p>")]
    done = key_of(body_of(sources[-1].page())[0])
    (one,) = look(sources, cleaner, lambda key: key == done, told.append)
    assert (one.source.name, one.title) == ("a", "The Glass Ferry review") and 0 <= one.doubtful <= one.words
    assert sorted(told) == ["copy: the same page as a", "empty: no text in it", "none: not a page"]


def test_items_of_a_run_are_sources(tmp_path: Path, cleaner: Cleaner) -> None:
    """Files, folders and records come through the same door as in `clean`."""
    (tmp_path / "ferry.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (one,) = look(items([str(tmp_path)]), cleaner)
    opened = open_page(one, cleaner)
    assert opened.name == "ferry.html.gz" and opened.html and opened.body == PAGE.encode()


def test_an_opened_page_holds_what_the_model_says(cleaner: Cleaner) -> None:
    """A label for every block, in a person's place."""
    (one,) = look([Given("a", PAGE)], cleaner)
    opened = open_page(one, cleaner)
    assert [told.text for told in opened.fresh] == [block.text for block in opened.cleaned.blocks]
    assert {told.label for told in opened.fresh if PROMO in told.text} == {Label.AD}
    assert opened.sample(opened.fresh, "ines").site == ""


def test_a_page_that_changed_meanwhile_is_refused(cleaner: Cleaner) -> None:
    """Labels of one page must not come to lie on another."""
    source = Given("a", PAGE)
    (one,) = look([source], cleaner)
    source.body = PAGE.replace("ferry", "barge")
    with pytest.raises(InputError, match="has changed since"):
        open_page(one, cleaner)


@pytest.mark.parametrize(
    ("body", "charset"),
    [("<p>Café</p>".encode("cp1252"), "cp1252"), ("<p>Кино о пароме</p>".encode("koi8-r"), "koi8-r"), (gzip.compress(b"<p>Packed</p>"), None), ("<p>Half \ud83d a pair</p>", None), ("\ufeff<p>Marked</p>".encode("utf-16"), None)],
)
def test_a_body_reads_the_same_without_what_came_beside_it(body: bytes | str, charset: str | None) -> None:
    """A sample keeps no charset of a response: a page that needs it is kept as UTF-8."""
    page = Page(body, kind="html", charset=charset)
    kept, html = body_of(page)
    assert html and [b.text for b in read(Page(kept, kind="html")).blocks] == [b.text for b in read(page).blocks]
    if isinstance(body, bytes) and charset is None and body[:2] != b"\x1f\x8b":
        assert kept == body


def test_the_most_doubtful_page_comes_first() -> None:
    """By words of which the model is not sure; `given` leaves the order alone."""
    pages = [waiting("a", 10), waiting("b", 30), waiting("c", 20), waiting("d", 30)]
    assert names(ordered(pages, "doubtful")) == "b d c a"
    assert names(ordered(pages, "given")) == "a b c d"
    assert 0.5 < DOUBTFUL < 1


def test_different_pages_come_before_more_of_the_same() -> None:
    """Each page is the one least like those before it, and those that are labelled."""
    pages = [waiting("a1", traits="post body side"), waiting("a2", traits="post body side"), waiting("b1", traits="entry text"), waiting("a3", traits="post body"), waiting("b2", traits="entry text nav")]
    assert names(ordered(pages, "different")) == "a1 b1 a3 b2 a2"
    assert names(ordered(pages, "different", [frozenset({"post", "body", "side"})])).startswith("b1 ")


@given(st.lists(st.frozensets(st.sampled_from("abcdefg")), max_size=12), st.lists(st.frozensets(st.sampled_from("abcdefg")), max_size=3))
def test_every_page_comes_exactly_once(traits: list[frozenset[str]], known: list[frozenset[str]]) -> None:
    """In whatever order."""
    pages = [Waiting(str(i), Given(str(i), b"x"), "", "", 1, i % 3, one) for i, one in enumerate(traits)]
    for order in ("doubtful", "different", "given"):
        assert sorted(page.key for page in ordered(pages, order, known)) == sorted(page.key for page in pages)


def test_numbers_in_class_names_tell_nothing() -> None:
    """comment-12 and comment-13 are of one making."""
    one, two, other = read(Page(b'<div class=c id=comment-12><p>One one.</p></div><div class=c id=comment-345><p>Two two.</p></div><div class=d><p>Three.</p></div>', kind="html")).blocks
    assert class_path(one) == class_path(two) != class_path(other)
    assert traits_of([one, two, other], "x.example") == {"c", "comment-#", "d", "site x.example"}


@given(st.text("ab .\n", min_size=1, max_size=30), st.data())
def test_a_span_stands_where_its_words_first_stand(text: str, data: st.DataObject) -> None:
    """A sample tells a span by its words: where these stand earlier too, words before it are taken in."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = apart(text, start, end)
    assert text.find(found) + len(found) == end and found.endswith(text[start:end])
    if text.find(text[start:end]) == start:
        assert found == text[start:end]


def test_every_page_of_a_sample_can_be_laid_over(cleaner: Cleaner) -> None:
    """The labels of an opened page, as a sample, lie on its blocks as they were."""
    (one,) = look([Given("a", PAGE)], cleaner)
    opened = open_page(one, cleaner)
    sample = opened.sample(opened.fresh, "ines")
    assert [laid.label for laid in lay(sample, read(sample.page).blocks)] == [told.label for told in opened.fresh]
