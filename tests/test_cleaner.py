"""The public door."""

import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.conftest import GONE, KEPT, PAGE, PROMO

from reviewclean import Cleaned, Cleaner, Page, clean, clean_many
from reviewclean.reading import register

MORE = [
    "The sound is worth the ticket alone: gulls, chains, the thud of the ramp. Aster records his harbour like somebody who grew up beside one, which he did.",
    "There is a dinner scene halfway through in which nobody eats. The brother has bought fish; the captain looks at it the way she looks at her passengers.",
    "Some will find it slow. I found it exact, and exactness is rarer than speed in the cinema these days.",
]


def test_clean_gives_the_review(cleaner: Cleaner) -> None:
    """Bytes or str, with what the page says of itself."""
    for html in (PAGE, PAGE.encode()):
        cleaned = cleaner.clean(html, url="https://lantern.example/ferry")
        assert all(part in cleaned.text for part in KEPT)
        assert not any(part in cleaned.text for part in (PROMO, *GONE))
        assert (cleaned.title, cleaned.about.author, cleaned.about.date, cleaned.about.rating) == ("The Glass Ferry review", "Ines Holloway", "2023-05-04", "4/5")
        assert 0.5 < cleaned.confidence <= 1
        assert {r.label for r in cleaned.removed} >= {"ad", "chrome", "share", "links"}


def test_clean_text_takes_a_block_a_line(cleaner: Cleaner) -> None:
    """Text that somebody else extracted."""
    lines = [b.text for b in cleaner.clean(PAGE).blocks if len(b.text) > 100]
    cleaned = cleaner.clean_text("\n".join(lines[:3] + MORE + lines[3:]))
    assert PROMO not in cleaned.text
    assert "Not everything holds" in cleaned.text and all(line in cleaned.text for line in MORE)


def test_nothing_is_never_none(cleaner: Cleaner) -> None:
    """Empty input gives an empty Cleaned that says why."""
    for cleaned in (cleaner.clean(""), cleaner.clean(b""), cleaner.clean_text(""), cleaner.clean("<nav><a href=/>Home</a></nav>")):
        assert isinstance(cleaned, Cleaned) and cleaned.text == "" and cleaned.note


def test_clean_many_is_an_iterator_in_and_out(cleaner: Cleaner) -> None:
    """In order, lazily: a source without end is no matter."""
    taken = 0

    def source() -> Iterator[Page]:
        nonlocal taken
        while True:
            taken += 1
            yield Page(PAGE, id=str(taken))

    results = cleaner.clean_many(source())
    assert [next(results).id for _ in range(40)] == [str(i) for i in range(1, 41)]
    assert taken < 80


def test_clean_many_takes_pages_bytes_and_text(cleaner: Cleaner) -> None:
    """Mixed as they come; each is read as what it is."""
    html, raw, text = cleaner.clean_many([Page(PAGE, id="a"), PAGE.encode(), "Just one plain paragraph, with nothing around it."])
    assert html.id == "a" and html.text == raw.text
    assert text.text == "Just one plain paragraph, with nothing around it."


def test_a_page_is_cleaned_alike_alone_and_among_others(cleaner: Cleaner) -> None:
    """The batch does not matter."""
    alone = cleaner.clean(PAGE)
    among = list(cleaner.clean_many([Page("<p>x</p>", kind="html"), Page(PAGE, kind="html"), Page(PAGE * 3, kind="html")]))[1]
    assert among.verdicts == alone.verdicts


@pytest.mark.parametrize("many", [1, 1 << 17])
def test_threads_share_a_cleaner(monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """To the same results, although they meet kinds of elements at once, and each page brings some that none has met; also where registers change all the time."""
    monkeypatch.setattr(register, "MANY", many)
    monkeypatch.setattr(register, "_current", [register.Register()])
    pages = [PAGE.replace('class="', f'class="c{i} ').replace("Marta Quill", f"Marta Quill {i}") for i in range(40)]
    expected = [Cleaner().clean(page).text for page in pages[:2]]
    cleaner, before = Cleaner(), sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = [cleaned.text for cleaned in pool.map(cleaner.clean, pages)]
    finally:
        sys.setswitchinterval(before)
    assert found[:2] == expected
    assert [text.replace(f"Quill {i}", "Quill") for i, text in enumerate(found)] == [found[0].replace("Quill 0", "Quill")] * len(pages)


def test_kept_labels_stay() -> None:
    """What the user wants to keep."""
    assert "Tweet this" in Cleaner(keep={"share"}).clean(PAGE).text


def test_wrong_names_are_told() -> None:
    """With the right ones."""
    with pytest.raises(ValueError, match="careful, balanced, strict"):
        Cleaner(mode="bold")
    with pytest.raises(ValueError, match="no such label; choose among review"):
        Cleaner(keep={"adverts"})


def test_a_cleaner_can_be_pickled(cleaner: Cleaner) -> None:
    """And so can what it gives."""
    again = pickle.loads(pickle.dumps(Cleaner(mode="strict", keep={"meta"})))
    assert (again.mode, again.keep) == ("strict", {"meta"})
    cleaned = cleaner.clean(PAGE)
    assert pickle.loads(pickle.dumps(cleaned)) == cleaned


def test_the_functions_share_one_cleaner() -> None:
    """`clean` and `clean_many` without a Cleaner of one's own."""
    assert clean(PAGE).text == next(clean_many([PAGE])).text


def test_where_nothing_is_found_trafilatura_is_asked(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result says that it is a fall-back."""
    from reviewclean.reading import opinion

    prose = "The museum keeps its best room for last, a hall of clocks that all tell a different time, and nobody on the staff will say which of them is right."
    monkeypatch.setattr(opinion, "_text", lambda _: prose)
    cleaned = cleaner.clean(f"<body><footer class='site-footer'><ul class='menu'><li><a href='/x'>{prose}</a></li></ul></footer></body>")
    assert cleaned.note.startswith("fallback") and cleaned.text == prose
    assert {v.by for v in cleaned.verdicts if v.kept} == {"opinion"}


def test_the_import_is_instant() -> None:
    """`import reviewclean` loads nothing heavy."""
    code = "import sys, reviewclean; assert not {'lxml', 'numpy', 'sklearn', 'joblib', 'trafilatura', 'bs4'} & set(sys.modules), sys.modules.keys()"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    assert time.perf_counter() - start < 2  # a whole interpreter on a busy machine; the import itself is a few milliseconds


def test_cleaning_needs_no_scikit_learn() -> None:
    """The models are arrays: scikit-learn is there to train them."""
    code = "import sys; sys.modules['sklearn'] = None; from reviewclean import clean; assert clean('<p>x</p>') is not None"
    subprocess.run([sys.executable, "-c", code], check=True)
