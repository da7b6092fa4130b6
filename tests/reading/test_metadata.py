"""Who, what, when: what a page says of itself."""

from types import ModuleType

import pytest

from reviewclean.data import About
from reviewclean.reading import metadata
from reviewclean.reading.segment import parse


def about_of(html: str) -> About:
    return metadata.about_of(parse(html.encode()))


def test_json_ld_comes_first() -> None:
    """Headline, author, date and stars of a review."""
    about = about_of(
        '<title>other</title><script type="application/ld+json">{"@graph":[{"@type":["Review"],"headline":"A &amp; B","author":[{"name":"Ann Lee"},{"name":"Bo"}],'
        '"datePublished":"2020-02-03T04:05:06Z","reviewRating":{"ratingValue":"4","bestRating":5}}]}</script>'
    )
    assert (about.title, about.author, about.date, about.rating) == ("A & B", "Ann Lee, Bo", "2020-02-03T04:05:06Z", "4/5")


def test_meta_tags_come_next() -> None:
    """Open Graph and plain meta; the site's name is cut from the title."""
    about = about_of(
        '<html lang="de-AT"><head><title>Der Film | Seite</title><meta property="og:site_name" content="Seite"><meta name="author" content="By Jo Kern">'
        '<meta property="article:published_time" content="2019-01-02"></head></html>'
    )
    assert (about.title, about.site, about.author, about.date, about.language) == ("Der Film", "Seite", "Jo Kern", "2019-01-02", "de")


def test_a_page_that_says_nothing_gives_empty_strings() -> None:
    """Never None."""
    assert about_of("<p>x</p>").title == ""


def test_broken_json_is_passed_over() -> None:
    """And hostile JSON too: deep nesting, an address for an author."""
    page = '<script type="application/ld+json">{"@type":"Review",</script><script type="application/ld+json">' + "[" * 5000 + "]" * 5000 + "</script>"
    assert about_of(page + '<script type="application/ld+json">{"@type":"Article","author":"https://x.example"}</script>').author == ""


@pytest.mark.parametrize("compiled", [metadata.compiled, None], ids=["as installed", "python"])
def test_elements_in_one_another_do_not_multiply_their_text(compiled: ModuleType | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of authors and headlines around a long text: the first of a kind is read, and no other."""
    monkeypatch.setattr(metadata, "compiled", compiled)
    text = "Ann Lee " * 2000
    tree = parse(("<div itemprop=author>" * 300 + "<span><h1>" * 300 + text + "</h1></span>" * 300 + "</div>" * 300).encode())
    found = list(metadata._telling(tree))
    assert len(found) > 600 and sum(len(read) for _, _, read in found) == 2 * len(text)
    about = metadata.about_of(tree)
    assert (about.author, about.title) == (text[:200].strip(), text.strip())
