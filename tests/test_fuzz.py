"""Inputs that nobody thought of: no exception that is not ours, no hang, and no review lost to a change that means nothing."""

import contextlib
import hashlib
import json
import random
import re
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.batch.test_records import warc
from tests.conftest import KEPT, PAGE, ROOT

from reviewclean import Cleaner
from reviewclean.batch.records import GUESSED, read
from reviewclean.data import words
from reviewclean.errors import InputError, ModelError
from reviewclean.judging.loading import load, shipped
from reviewclean.reading.decode import decode

steady = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PAGES = sorted((ROOT / "data" / "samples").glob("*/page.html"))
BITS = ("<p>", "</p>", "<div", "</div>", "<br>", "<td>", "<!--", "-->", "<script>", "</script>", "<![CDATA[", "&#0;", "&#x110000;", "&nbsp", "\x00", "\ud800", "\u202e", "\ufeff", "<svg><p>", "<template>", "<a href=", "'", '"', ">", "<", "=", "\n\n")  # fmt: skip


@steady
@given(st.binary(max_size=3000), st.sampled_from([None, "utf-8", "utf-16", "latin-1", "no-such", "\x00"]))
def test_any_bytes_are_decoded(body: bytes, charset: str | None) -> None:
    """To text that can be written, without control characters."""
    text = decode(body, charset)
    text.encode("utf-8")
    assert "\x00" not in text


@steady
@given(parts=st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=40)), max_size=60))
def test_any_markup_is_cleaned(parts: list[str], cleaner: Cleaner) -> None:
    """Tags in any order, broken off anywhere, around any text; and the same as plain text."""
    body = "".join(parts)
    for cleaned in (cleaner.clean(body), cleaner.clean_text(body)):
        assert len(cleaned.verdicts) == len(cleaned.blocks)
        cleaned.text.encode("utf-8")
        json.dumps([cleaned.markdown, *(removed.text for removed in cleaned.removed)])


@steady
@given(page=st.sampled_from(PAGES), seed=st.integers(0, 2**32))
def test_pages_that_were_damaged_are_cleaned(page: Path, seed: int, cleaner: Cleaner) -> None:
    """Bytes lost, doubled, turned or put in, in pages that look like real ones."""
    rng = random.Random(seed)
    body = bytearray(page.read_bytes())
    for _ in range(rng.randint(1, 20)):
        a = rng.randrange(len(body))
        b = min(len(body), a + rng.randint(1, 400))
        match rng.randrange(4):
            case 0:
                del body[a:b]
            case 1:
                body[a:a] = body[a:b]
            case 2:
                body[a:b] = bytes(rng.randrange(256) for _ in range(b - a))
            case _:
                body[a:a] = rng.choice(BITS).encode("utf-8", "replace")
        body = body or bytearray(b"<")
    cleaned = cleaner.clean(bytes(body))
    cleaned.text.encode("utf-8")


HOSTILE = {
    "entities in entities": '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '">]><p>' + "&c;" * 50 + "</p>",
    "entities in thousands": "<p>" + "&amp;&#x41;&nbsp;" * 50_000 + "</p>",
    "script that looks like text": "<script>document.write('<p>Buy this.</p>')</script><noscript><style>p{}</style></noscript>",
    "right-to-left tricks": "<p>\u202egnihtyna\u202c \u2066x\u2069 \u200f</p>" * 50,
    "broken encodings": b"<meta charset=utf-16><p>\xff\xfe\xc3\x28 caf\xe9 \xed\xa0\x80</p>" * 20,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_changes_nothing_beside_it(name: str, cleaner: Cleaner) -> None:
    """The review of a page that also holds it is there, and no script is in it."""
    hostile = HOSTILE[name]
    body = PAGE.encode().replace(b"<footer", (hostile if isinstance(hostile, bytes) else hostile.encode("utf-8")) + b"<footer")
    text = cleaner.clean(body).text
    assert all(part in text for part in KEPT) and "Buy this" not in text and "document.write" not in text


HARMLESS: dict[str, Callable[[str], str]] = {
    "line breaks of Windows": lambda html: html.replace("\n", "\r\n"),
    "comments between elements": lambda html: re.sub(r"(</p>|</li>|</div>)", r"\1<!-- end -->", html),
    "space between elements": lambda html: re.sub(r"(</p>|</li>|</div>)", r"\1\n\n   ", html),
    "capitals for tags": lambda html: re.sub(r"<(/?)(p|div|li|ul|h2|h3)\b", lambda m: f"<{m[1]}{m[2].upper()}", html),
    "attributes that say nothing": lambda html: re.sub(r"<(p|li)>", r'<\1 data-n="7">', html),
    "entities for letters": lambda html: re.sub(r"(?<=[a-z])é", "&eacute;", html),
    "a byte-order mark": lambda html: "\ufeff" + html,
    "a script at the end": lambda html: html.replace("</body>", "<script>var p = '<p>not text</p>';</script></body>"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_changes_that_mean_nothing_lose_nothing(name: str, cleaner: Cleaner) -> None:
    """The review of every sample that is a page, before and after."""
    for page in PAGES:
        html = page.read_text(encoding="utf-8", errors="replace")
        before, after = (words(cleaner.clean(body).text) for body in (html, HARMLESS[name](html)))
        assert before == after, page.parent.name


@steady
@given(lines=st.lists(st.one_of(st.binary(max_size=200), st.dictionaries(st.sampled_from(["html", "text", "id", "url"]), st.one_of(st.none(), st.text(), st.integers())).map(lambda row: json.dumps(row).encode())), max_size=20))  # fmt: skip
def test_any_json_lines_are_read(lines: list[bytes]) -> None:
    """Each line is a record or says why not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.jsonl"
        path.write_bytes(b"\n".join(lines))
        for record in read(str(path), GUESSED):
            assert record.why or isinstance(record.body, str)


WARC = warc(*(PAGE.encode() for _ in range(4)))


@steady
@given(seed=st.integers(0, 2**32))
def test_any_damaged_warc_is_read(seed: int) -> None:
    """As far as it goes."""
    rng = random.Random(seed)
    body = bytearray(WARC)
    for _ in range(rng.randint(1, 10)):
        at = rng.randrange(len(body))
        body[at : at + rng.randint(0, 30)] = bytes(rng.randrange(256) for _ in range(rng.randint(0, 30)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.warc.gz"
        path.write_bytes(bytes(body))
        with contextlib.suppress(InputError):
            list(read(str(path), GUESSED))


def _load(body: bytes, right_hash: bool) -> None:
    """Load a model file with these bytes, with the shipped model's card or one whose hash was put right."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / shipped().name
        path.write_bytes(body)
        card = json.loads(shipped().with_suffix(".card.json").read_text(encoding="utf-8"))
        path.with_suffix(".card.json").write_text(json.dumps(card | ({"sha256": hashlib.sha256(body).hexdigest()} if right_hash else {})), encoding="utf-8")
        load(path)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_any_damaged_model_is_refused(seed: int) -> None:
    """By its hash; and where somebody put the hash right, by its reader."""
    rng = random.Random(seed)
    body = bytearray(shipped().read_bytes())
    body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)
    for right_hash in (False, True):
        with pytest.raises(ModelError):
            _load(bytes(body), right_hash)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32))
def test_any_forged_model_is_refused_or_read(seed: int) -> None:
    """A pickle that was changed before it was packed, mostly in its head, where its structure is: no other error comes of it."""
    rng = random.Random(seed)
    raw = bytearray(zlib.decompress(shipped().read_bytes()))
    for _ in range(rng.randint(1, 4)):
        raw[rng.randrange(rng.choice((200, 2000, len(raw))))] = rng.randrange(256)
    with contextlib.suppress(ModelError):
        _load(zlib.compress(bytes(raw), 1), right_hash=True)
