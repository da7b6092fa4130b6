"""HTML and plain text become blocks in reading order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewclean.data import Block
from reviewclean.reading import segment
from reviewclean.reading.segment import parse


def cut(html: str) -> tuple[Block, ...]:
    return segment.cut(parse(html.encode())).blocks


def texts(html: str) -> list[str]:
    return [block.text for block in cut(html)]


def test_blocks_come_in_reading_order() -> None:
    """Own text of an element comes before and after its children."""
    assert texts("<div>one<p>two</p>three<ul><li>four</li></ul></div>five") == ["one", "two", "three", "four", "five"]


def test_a_double_break_splits_and_a_single_one_does_not() -> None:
    """`<br><br>` is a paragraph's end; one `<br>` is a line's."""
    assert texts("<div>one<br>two<br><br>three</div>") == ["one\ntwo", "three"]


def test_a_single_break_splits_paragraphs_that_are_long() -> None:
    """Old pages end paragraphs with one `<br>`."""
    long = "This sentence goes on for more than eighty characters, as the paragraphs of old pages do, and ends."
    assert texts(f"<td>{long}<br>{long}</td>") == [long, long]


def test_a_table_row_of_facts_is_one_block() -> None:
    """Cells are joined by a bar."""
    (row,) = cut("<table><tr><th>Publisher</th><td><a href='/x'>Ardent</a></td></tr></table>")
    assert (row.text, row.kind) == ("Publisher | Ardent", "row")


def test_a_layout_table_is_not_a_row() -> None:
    """Cells with paragraphs in them are cut into these."""
    assert texts("<table><tr><td><p>menu</p></td><td><p>one</p><p>two</p></td></tr></table>") == ["menu", "one", "two"]


def test_inline_markup_does_not_split_words() -> None:
    """Emphasis and links inside a sentence leave it whole, with their marks."""
    (block,) = cut("<p>A <b>very</b> go<i>o</i>d <a href='/x'>film</a>.</p>")
    assert block.text == "A very good film."
    assert [(block.text[m.start : m.end], m.kind) for m in block.marks] == [("very", "strong"), ("o", "em"), ("film", "link")]


def test_soft_hyphens_and_zero_width_spaces_are_no_text() -> None:
    """Nor when they are written as entities."""
    assert texts("<p>Süd&shy;ti&#8203;rol&#65279;</p>") == ["Südtirol"]


def test_links_of_a_menu_stand_apart() -> None:
    """Link set against link is read with a space between."""
    assert texts("<div><a href='/'>Home</a><a href='/b'>Books</a></div>") == ["Home Books"]


def test_a_link_around_blocks_marks_each_of_them() -> None:
    """A link that holds two paragraphs is a link in both."""
    blocks = cut("<a href='/x'><p>one</p><p>two</p></a>")
    assert [(b.text, b.links[0].target) for b in blocks] == [("one", "/x"), ("two", "/x")]


@pytest.mark.parametrize("how", ['style="display: none"', "hidden", 'aria-hidden="true"', 'class="screen-reader-text"'])
def test_hidden_elements_are_known_as_hidden(how: str) -> None:
    """Hidden blocks are there, and say so; what follows is not hidden."""
    blocks = cut(f"<div {how}><p>secret</p></div><p>open</p>")
    assert [(b.text, b.hidden) for b in blocks] == [("secret", True), ("open", False)]


def test_scripts_styles_and_comments_are_no_text() -> None:
    """Nor are options, frames and templates."""
    assert texts("<p>a</p><script>var x='<p>no</p>'</script><style>p{}</style><!-- no --><select><option>no</select><template><p>no</p></template><p>b</p>") == ["a", "b"]


def test_headings_and_items_know_their_level() -> None:
    """Level of heading; nesting of list."""
    blocks = cut("<h3>t</h3><ul><li>a<ul><li>b</li></ul></li></ul>")
    assert [(b.kind, b.level) for b in blocks] == [("heading", 3), ("item", 1), ("item", 2)]


def test_the_path_names_the_elements_above() -> None:
    """Tag and class of each, from the body down; blocks of one element share its number."""
    a, b = cut("<div class='entry-content' id='main'>x<br><br>y</div>")
    assert [(s.tag, s.tokens) for s in a.path][-1] == ("div", "entry-content main")
    assert a.path[-1].number == b.path[-1].number


def test_five_thousand_levels_keep_their_text() -> None:
    """Nor is what comes after lost."""
    assert texts("<body>" + "<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>after</p></body>") == ["deep", "after"]


def test_nothing_gives_no_blocks() -> None:
    """Empty and blank input."""
    assert texts("") == [] == texts("   \n ")


@given(st.lists(st.sampled_from(["<p>", "</p>", "<div>", "<br>", "<table>", "<tr>", "<td>", "text ", "<a href=x>", "</a>", "<b>", "</td>", "<li>", "&amp;", "<!--", "]]>"]), max_size=40))
def test_any_tag_soup_is_cut(parts: list[str]) -> None:
    """No order of tags fails, and every mark lies inside its block."""
    for block in cut("".join(parts)):
        assert block.text.strip()
        assert all(0 <= m.start < m.end <= len(block.text) for m in block.marks)
