"""What is compiled, where there is a C compiler, does what the same code does as Python."""

import gzip
import importlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import PAGE, ROOT

from reviewclean import reading
from reviewclean.data import Page
from reviewclean.judging import blocks, elements, lexicon, page, stems, telling, trees, wording
from reviewclean.judging import weights as learnt
from reviewclean.judging.batch import batch_of
from reviewclean.judging.loading import load, shipped
from reviewclean.reading import metadata, read, segment

decoding = importlib.import_module("reviewclean.reading.decode")  # the package has a function of this name

PACKAGE = ROOT / "src" / "reviewclean"
MODULES = {path: path.with_name(path.name.split(".")[0]) for path in (*PACKAGE.rglob("*.so"), *PACKAGE.rglob("*.pyd"))}
PAGES = sorted((ROOT / "data" / "samples").glob("*/page.html"))[::20]

compiled = pytest.mark.skipif(any(module.compiled is None for module in (trees, wording, elements, learnt, page, segment, decoding)), reason="installed without a C compiler")


def test_compiled_modules_are_not_older_than_their_sources() -> None:
    """Whoever changes a source that is compiled has to install once more, and is told so here."""
    for built, stem in MODULES.items():
        source = next(path for path in (stem.with_suffix(".pyx"), stem.with_suffix(".py")) if path.exists())
        assert built.stat().st_mtime >= source.stat().st_mtime, f"{source} has changed since it was compiled: pip install -e . once more, or remove {built}"


@compiled
def test_rows_come_to_the_same_leaves() -> None:
    """To the last bit, whatever is in a row."""
    rng = np.random.default_rng(1)
    ensemble = trees.Trees(
        feature=np.tile([0, 1, 2, 0, 0, 0, 0], 30), threshold=np.where(np.tile([1, 1, 1, 0, 0, 0, 0], 30), rng.normal(size=210), np.inf).astype(np.float32),
        left=np.repeat(np.arange(30) * 7, 7) + np.tile([1, 3, 5, 3, 4, 5, 6], 30), value=rng.integers(-(1 << 40), 1 << 40, 210) * np.tile([0, 0, 0, 1, 1, 1, 1], 30),
        roots=np.arange(30) * 7, depth=2, baseline=0.0,
    )  # fmt: skip
    for count in (0, 1, 3, 4, 5, 16, 17, 1001):
        rows = rng.normal(size=(count, 3)).astype(np.float32)
        rows[rng.random(rows.shape) < 0.05] = np.nan
        rows[rng.random(rows.shape) < 0.05] = np.inf
        assert ensemble._compiled(rows, ensemble.roots).tolist() == ensemble._chunks(rows, ensemble.roots).tolist()


@compiled
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), min_size=1, max_size=5))
def test_words_get_the_same_numbers(texts: list[str]) -> None:
    """And stand in the same places."""
    codes = np.frombuffer(("\n".join(texts) + "\n").encode("utf-32-le"), np.uint32)
    for one, other in zip(wording._compiled(codes), wording._numbered(codes), strict=True):
        assert one.dtype == other.dtype
        assert one.tolist() == other.tolist()


@compiled
@given(st.lists(st.text(st.sampled_from("ab é.\n7"), min_size=1, max_size=9), min_size=1, max_size=5), st.data())
def test_texts_are_cut_out_alike(texts: list[str], data: st.DataObject) -> None:
    """Some of them, and a part of each; or none."""
    whole = wording.wording(texts)
    chosen = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    starts = np.array([start + data.draw(st.integers(0, end - start - 1)) for start, end, one in zip(whole.starts.tolist(), whole.ends.tolist(), chosen, strict=True) if one], np.int64)
    ends = np.array([data.draw(st.integers(start + 1, int(whole.ends[whole.starts <= start][-1]))) for start in starts.tolist()], np.int64)
    quick, which = whole.cut(starts, ends)
    module, wording.compiled = wording.compiled, None
    try:
        other, same = whole.cut(starts, ends)
    finally:
        wording.compiled = module
    assert which.tolist() == same.tolist()
    for name in wording.Wording.__slots__:
        assert getattr(quick, name).tolist() == getattr(other, name).tolist(), name


@compiled
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 5)), max_size=60), st.sampled_from([1, 30]))
def test_pairs_are_counted_alike(found: list[tuple[int, int]], often: int) -> None:
    """Few values and many, some below nothing."""
    of, value = (np.array(column, np.int64) for column in zip(*sorted(found * often, key=lambda pair: pair[0]), strict=True)) if found else (np.zeros(0, np.int64), np.zeros(0, np.int64))
    quick = [column.tolist() for column in wording.paired(of, value)]
    module, wording.compiled = wording.compiled, None
    try:
        assert quick == [column.tolist() for column in wording.paired(of, value)]
    finally:
        wording.compiled = module


@compiled
@given(st.lists(st.one_of(st.integers(0, 5), st.integers(0, (1 << 64) - 1)), max_size=80))
def test_keys_are_ranked_alike(found: list[int]) -> None:
    """Few and many, near each other and far."""
    keys = np.array(found, np.uint64)
    quick = [column.tolist() for column in wording.ranked(keys)]
    assert quick == [column.tolist() for column in np.unique(keys, return_inverse=True)]


@compiled
def test_topics_are_blended_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """To the last bit; rows without stems as well."""
    rng = np.random.default_rng(1)
    row, stem = np.sort(rng.integers(0, 40, 500)), rng.integers(0, 90, 500)
    weight, topics = rng.normal(size=500), rng.normal(size=(90, stems.TOPICS))
    quick = stems.blend(row, stem, weight, topics, 42)
    monkeypatch.setattr(stems, "compiled", None)
    assert quick.tolist() == stems.blend(row, stem, weight, topics, 42).tolist()


@compiled
def test_texts_measure_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs and phrases, in texts made of the words that phrases begin with, and at their ends."""
    words = " ".join(line for lines in lexicon.phrases() for line in lines).split()
    texts = [*(" ".join(words[i : i + 9]) for i in range(0, len(words), 9)), "sign up", "read the full", "A — “B”, (c); 1 % … £2!?"]
    rows = telling.told(texts).rows
    assert rows.any()
    for module in (wording, lexicon, telling):
        monkeypatch.setattr(module, "compiled", None)
    np.testing.assert_array_equal(rows, telling.told(texts).rows)


@compiled
def test_pages_measure_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The elements around blocks, and the words at their beginnings; pages with and without a title."""
    weights = load(shipped()).weights
    again = learnt.Weights(weights.word_weights, weights.token_weights)  # it has met no element
    batch = batch_of([read(Page(body, kind="html")) for body in (PAGE, "<p>a title of words and others</p>", *(path.read_text(encoding="utf-8") for path in PAGES))])
    rows = page.measure(batch, weights)
    for module in (blocks, elements, page, learnt):
        monkeypatch.setattr(module, "compiled", None)
    np.testing.assert_array_equal(rows, page.measure(batch, again))


WORDS_OF_NAMES = st.sampled_from([word for told in learnt.NAMED.values() for part in told for word in (part.strip("^="), part.strip("^=").title(), part.strip("^=").upper())])
NAMES = st.lists(st.one_of(WORDS_OF_NAMES, st.text("aZ0-_ \t\x1c.<\n", max_size=4), st.sampled_from(["ä", "\u212a", "İ", "\u3000", "x" * 19, "y" * 38, "ab " * 400])), max_size=20).map("".join)


@compiled
@given(st.lists(st.tuples(st.sampled_from(["", "div", "p", "body", "x-tag", "ÄÖ"]), NAMES), max_size=4))
def test_names_tell_alike(kinds: list[tuple[str, str]]) -> None:
    """Fields and weights, of elements around blocks and of inline ones inside them: long names, many, and of all alphabets."""
    tags, names = [tag for tag, _ in kinds], [name for _, name in kinds]
    table = np.random.default_rng(1).normal(size=(learnt.DISTANCES + 1, learnt.BUCKETS)).astype(np.float32)
    found = []
    for work in ("_read", "_told"):
        fields, weights = np.zeros((len(kinds), len(learnt.FIELDS)), np.bool_), np.zeros((len(kinds), learnt.DISTANCES), np.float32)
        getattr(learnt.Weights(table[0], table), work)(tags, names, fields, weights)
        found.append((fields.tolist(), weights.tolist()))
    assert found[0] == found[1]
    quick = [learnt.Weights(table[0], table).of_inner(name) for name in names]
    module, learnt.compiled = learnt.compiled, None
    try:
        assert quick == [learnt.Weights(table[0], table).of_inner(name) for name in names]
    finally:
        learnt.compiled = module


@compiled
@given(st.one_of(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\x00\t\n\x0b\x0c\r\x1f\x7f\x80\x9f\xa0\xad\u200a\u200b\ufeff\ufffe\uffff"))).map(str.encode), st.binary()))
@example(gzip.compress(gzip.compress(gzip.compress(b"<p>packed thrice\x01</p>"))))
def test_a_quick_look_changes_no_page(body: bytes) -> None:
    """What it passes is what all passes would leave."""
    quick = decoding.utf8(body)
    scan, decoding.compiled = decoding.compiled, None
    try:
        assert quick == decoding.utf8(body)
    finally:
        decoding.compiled = scan


@compiled
@given(st.one_of(st.binary(max_size=12), st.lists(st.sampled_from([b"\x7f", b"\x80", b"\xc1", b"\xc2\x80", b"\xe0\x9f\x80", b"\xe0\xa0\x80", b"\xed\x9f\xbf", b"\xed\xa0\x80", b"\xf0\x8f", b"\xf4\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"a" * 9])).map(b"".join)))
def test_bytes_are_utf8_where_python_takes_them(body: bytes) -> None:
    """Nothing longer than need be, no surrogates."""
    assert decoding.compiled is not None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        assert decoding.compiled.state(body) == decoding.BROKEN
    else:
        assert decoding.compiled.state(body) != decoding.BROKEN


@compiled
@given(st.lists(st.sampled_from([b"&", b"&#", b"0", b"1", b"2", b"7", b"31", b"127", b"x", b"X1f", b";", b"a", b"F", b"99999999999", b"6"])).map(b"".join))
def test_references_to_control_characters_are_found(html: bytes) -> None:
    """Where the pattern finds one, and nowhere else."""
    assert segment.scan is not None
    assert segment.scan.refers(html) == (segment.CONTROL.search(html) is not None)


@compiled
@given(st.binary(max_size=2000).map(lambda body: b"<" * len(body) + body))
def test_brackets_are_counted(html: bytes) -> None:
    """More than a byte can count, as well."""
    assert segment.scan is not None
    assert segment.scan.brackets(html) == html.count(b"<")


@compiled
@given(st.lists(st.sampled_from(["http", "s", ":", "//", "/", "www.", "WWW.", "Example.org", "a", "Z", "@", "?", "#", "[", "]", "::1", "fe80", "G", " ", "\t", "\x1c", "\n", "+", "-", ".", "9", "é", "\u2003", "\u017f"])).map("".join))
def test_addresses_have_equal_hosts(url: str) -> None:
    """Whatever they are made of."""
    assert reading.compiled is not None
    quick = reading.compiled.host(url)
    scan, reading.compiled = reading.compiled, None
    try:
        assert quick in (None, reading.host_of(url)) and (quick is None) == (not url.isascii())
    finally:
        reading.compiled = scan


def cut_both_ways(html: str) -> None:
    """Block for block, element for element; and what the page says of itself."""
    tree = segment.parse(decoding.utf8(html))
    quick = segment.cut(tree), metadata.about_of(tree)
    walk, segment.compiled, metadata.compiled = segment.compiled, None, None
    try:
        assert quick == (segment.cut(tree), metadata.about_of(tree))
        elements = quick[0].elements
        for step in {step for block in quick[0].blocks for step in block.path}:
            kind = elements.kinds[step.number]
            assert (elements.register.tags[kind], elements.register.names[kind]) == (step.tag, step.tokens)
            assert (elements.parents[step.number], elements.depths[step.number]) == (step.parent, step.depth)
    finally:
        segment.compiled = metadata.compiled = walk


@compiled
@pytest.mark.parametrize("page", [PAGE, *(path.read_text(encoding="utf-8") for path in PAGES)], ids=["page", *(path.parent.name for path in PAGES)])
def test_pages_are_cut_alike(page: str) -> None:
    """Those of the samples."""
    cut_both_ways(page)


NAMED = st.sampled_from(["", ' class="entry hidden"', ' class=""', " class", ' id="top" role="main"', ' style="display: none"', ' hidden=""', ' aria-hidden="true"', ' itemprop="author" lang="de"', ' class="ä ß"'])
LINKED = st.sampled_from(["", ' href="/a"', ' href=""', " href", ' href="https://x.example/?q=ü" rel="nofollow"', ' rel="sponsored"', ' class="b" href="#"'])
WORDS = st.sampled_from(["Play now", "New", " ", "\n", "|", " | a", "ends. ", "\xad", "\u200b\u200b", "\u2003", "&nbsp;", "&#1;", "&#x80;", "Ärger", "ß", "字", "😀 ", "\ufeffx", "x" * 90 + ".", "&#&#1;1;"])
TAGS = st.sampled_from(["p", "title", "h1", "time", "div", "h2", "li", "ul", "td", "tr", "table", "blockquote", "pre", "span", "b", "em", "cite", "svg", "script", "noscript", "x-tag", "article", "dl", "dt", "figcaption", "template"])


@st.composite
def markup(draw: st.DrawFn, depth: int = 4) -> str:
    """HTML as nobody would write it."""
    parts = []
    for _ in range(draw(st.integers(0, 5))):
        which = draw(st.integers(0, 5 if depth else 2))
        if which < 2:
            parts.append(draw(WORDS))
        elif which == 2:
            parts.append(draw(st.sampled_from(["<br>", "<br><br>", "<!-- c -->", "<img alt=a>", "</p>", "<hr>"])))
        elif which == 3:
            parts.append(f"<a{draw(LINKED)}>{draw(markup(depth - 1))}</a>")
        else:
            tag = draw(TAGS)
            parts.append(f"<{tag}{draw(NAMED)}>{draw(markup(depth - 1))}</{tag}>")
    return "".join(parts)


@compiled
@given(markup())
@example("<p>" + "<div>" * 300 + "deep" + "<b>x" * 1200)
@example("<table><tr><td>Size</td><td>Large <b>one</b></td></tr><tr><td><p>layout</p></td><td>x<!-- c --></td></tr></table>")
def test_any_markup_is_cut_alike(html: str) -> None:
    """Whatever stands in whatever, open or closed."""
    cut_both_ways(html)
