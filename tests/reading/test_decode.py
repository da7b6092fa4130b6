"""Bytes become text the same way on every machine."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewclean.reading.decode import declared, decode, unpack

TEXT = "<html><head>{}</head><body>Grüße aus Köln, schöne Straßen und süße Äpfel – „so“ sagt man das.</body></html>"


def test_a_byte_order_mark_wins() -> None:
    """UTF-16 with its mark is read as such."""
    assert "Köln" in decode(TEXT.format("").encode("utf-16"))


def test_valid_utf8_wins_over_a_lying_meta() -> None:
    """A meta that says Latin-1 over UTF-8 bytes is not believed."""
    assert "Köln" in decode(TEXT.format('<meta charset="iso-8859-1">').encode("utf-8"))


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "ISO-8859-15"])
def test_a_declared_charset_is_used(charset: str) -> None:
    """Bytes that are not UTF-8 are read as the page declares."""
    page = TEXT.format(f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">').replace("–", "-").replace("„", '"').replace("“", '"')
    assert "Köln" in decode(page.encode(charset))


def test_the_header_wins_over_the_meta() -> None:
    """What the server declared comes before what the page declares."""
    assert decode("żółw".encode("iso-8859-2"), "iso-8859-2") == "żółw"


def test_latin1_is_read_as_windows_1252() -> None:
    """Pages that say Latin-1 are written in Windows-1252: curly quotes survive."""
    assert decode('<meta charset="iso-8859-1">\x93so\x94 é'.encode("latin-1")).endswith("“so” é")


def test_detection_reads_cyrillic_without_a_declaration() -> None:
    """Nothing declared: the detector decides."""
    text = "Это довольно длинное предложение на русском языке, чтобы кодировку можно было узнать по нему."
    assert decode(text.encode("windows-1251")) == text


def test_controls_and_nuls_go() -> None:
    """NULs, control characters, zero-width spaces and lone surrogates are no text."""
    assert decode("a\x00b\x07c\u200bd\ufeff\ud800e\xadf") == "abcdef"


def test_gzip_is_undone_and_broken_gzip_is_survived() -> None:
    """A packed page is unpacked; one that is cut off gives what is there."""
    packed = gzip.compress(b"<p>hello</p>" * 500)
    assert decode(packed).startswith("<p>hello</p>")
    assert decode(packed[:-20]).startswith("<p>hello</p>")
    assert isinstance(decode(b"\x1f\x8bnonsense"), str)


def test_a_gzip_bomb_is_cut() -> None:
    """Unpacking stops at the limit."""
    assert len(unpack(gzip.compress(b"a" * 100_000), limit=1000)) == 1000


def test_a_text_cut_inside_a_character_loses_that_character_only() -> None:
    """UTF-8 that ends in the middle of a character is still UTF-8."""
    assert decode("Straße ö".encode()[:-1]) == "Straße "


def test_declared_finds_the_meta() -> None:
    """Both ways of writing it."""
    assert declared(b"<meta charset='utf-8'>") == "utf-8"
    assert declared(b"<p>none</p>") is None


@given(st.binary(max_size=300))
def test_decode_never_fails(body: bytes) -> None:
    """Whatever the bytes, text comes out that can be written as UTF-8."""
    decode(body).encode("utf-8")
