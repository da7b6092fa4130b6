"""Plain text becomes blocks."""

from reviewclean.reading.lines import blocks_of_text


def test_plain_text_is_a_block_a_line() -> None:
    """As other extractors write it."""
    assert [b.text for b in blocks_of_text("One paragraph.\n\nAnother one.\nA third.")] == ["One paragraph.", "Another one.", "A third."]


def test_hard_wrapped_paragraphs_are_joined() -> None:
    """Lines that were broken at a fixed width are one paragraph again; divided words too."""
    text = (
        "The ferry leaves the harbour at five in the morning, and for most\nof an hour the film does nothing else but look at it, which is a\n"
        "great deal more than it sounds. The captain does not speak to her\npassengers, and the passengers have long given up trying to talk to\nher.\n\n"
        "Later there is a storm, and the storm belongs to a louder film than\nthe one that we have been watching, although it is well made and it\ngives the brother something to do with his hands at last."
    )
    blocks = blocks_of_text(text)
    assert len(blocks) == 2
    assert blocks[0].text.endswith("given up trying to talk to her.")
