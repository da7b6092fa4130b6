"""Who, what, when: what a page says of itself."""

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
