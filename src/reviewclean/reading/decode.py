"""Bytes to str, the same on every machine; never fails.

Order: byte-order mark, valid UTF-8, what header or meta declares, detection, Windows-1252. A declared charset comes after valid UTF-8
because a wrong `<meta charset>` over UTF-8 bytes is common, while bytes that are valid UTF-8 by chance are rare.
"""

from __future__ import annotations

import codecs
import re
import zlib
from types import ModuleType

compiled: ModuleType | None
try:
    from reviewclean.reading import scan as compiled
except ImportError:  # installed without a C compiler
    compiled = None

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
META = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
META_WINDOW = 4096  # bytes searched for a declaration; the WHATWG prescan reads 1024, real pages are sloppier
BROKEN, TIDY = 0, 2  # what `scan.state` says of bytes that are not UTF-8, and of those that are, and need no change
GZIP = b"\x1f\x8b"
MAX_UNPACKED = 1 << 28  # 256 MB: what a packed page may grow to before we stop reading it

# WHATWG reads these labels as the wider Windows code page, because that is what such pages are written in
ALIASES = {
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254", "latin5": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932",
    "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "tis-620": "cp874",
    "iso-8859-11": "cp874", "x-mac-roman": "mac_roman", "big5": "big5hkscs", "x-cp1251": "cp1251", "win-1251": "cp1251",
    "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8", "unicode": "utf-8",  # a meta that could be read is not UTF-16
}  # fmt: skip
SPACES = bytes.maketrans(b"\x0b\x0c", b"  ")
CONTROLS = bytes(c for c in (*range(0x20), 0x7F) if c not in b"\t\n\r\x0b\x0c")
# byte-order marks, zero-width spaces, soft hyphens, control characters, lone surrogates (no encoder takes them)
UNCLEAN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
WHITE = re.compile("[\x0b\x0c\x85]")
RARE = "\xad\u200b\ufeff\ufffe\uffff"  # those that are looked for one by one, which is faster than a pattern where there are none
C1 = re.compile(rb"\xc2[\x80-\x9f]")  # control characters as UTF-8 has them


def utf8(body: bytes | str, charset: str | None = None) -> bytes:
    """The text of a page in UTF-8: `body` decoded, NULs and control characters gone. `charset`: as the server's header declared it.

    Bytes, as the parser takes them: most pages are just that already, and are not written anew.
    """
    if isinstance(body, str):
        return _tidy(body).encode()
    body = unpack(body)
    state = BROKEN if compiled is None else compiled.state(body)
    if compiled is not None and state != BROKEN:
        return body if state == TIDY else compiled.plain(body)
    return _text(body, charset).encode()


def decode(body: bytes | str, charset: str | None = None) -> str:
    """`utf8`, as a str."""
    return utf8(body, charset).decode()


def _text(body: bytes, charset: str | None) -> str:
    """What `utf8` gives of an unpacked page."""
    plain = body.translate(SPACES, CONTROLS)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        return _tidy(_decode(body, charset))
    if body.startswith(tuple(mark for mark, _ in BOMS[1:])):  # UTF-16 and 32 can pass for UTF-8 once their NULs are gone
        return _tidy(_decode(body, charset))
    if text.isascii():
        return text
    if C1.search(plain):
        return _tidy(text)
    for rare in RARE:
        if rare in text:
            text = text.replace(rare, "")
    return text


def _tidy(text: str) -> str:
    return UNCLEAN.sub("", WHITE.sub(" ", text))


def unpack(body: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """Gzip undone, as far as it can be read; anything else as it is."""
    for _ in range(2):  # some crawls pack twice
        if not body.startswith(GZIP):
            break
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, limit)
        except zlib.error:
            break
    return body


def _decode(body: bytes, charset: str | None) -> str:
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        near_end = len(body) - error.start < 4 and error.reason == "unexpected end of data"
    if near_end:  # cut in the middle of a character
        return body.decode("utf-8", "ignore")
    for told in (charset, declared(body)):
        decoded = _try(body, told) if told else None
        if decoded is not None:
            return decoded
    return _try(body, _detect(body)) or body.decode("cp1252", "replace")


def declared(body: bytes) -> str | None:
    """The charset that the page's own head names, if any."""
    found = META.search(body[:META_WINDOW])
    return found[1].decode("ascii") if found else None


def _try(body: bytes, name: str) -> str | None:
    name = name.strip().lower()
    try:
        codec = codecs.lookup(ALIASES.get(name, name))
        text = body.decode(codec.name, "replace")
    except (LookupError, ValueError, UnicodeError, TypeError, AttributeError):
        return None
    bad = text.count("\ufffd")
    # a few broken bytes in a page are usual; one character in fifty means that the declaration is wrong
    return text if bad * 50 <= len(text) else None


def _detect(body: bytes) -> str:
    from resiliparse.parse.encoding import detect_encoding  # compiled, deterministic, .1 ms

    return detect_encoding(body[: 1 << 18]) or "cp1252"
