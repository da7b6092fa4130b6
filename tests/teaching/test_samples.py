"""Labelled samples: read, written, checked, laid over their pages."""

import json
from pathlib import Path

import pytest
from tests.conftest import ROOT

from reviewclean.data import Label, Page, words
from reviewclean.errors import SampleError
from reviewclean.reading import read
from reviewclean.teaching.samples import Sample, Told, lay, read_promos, read_sample, read_samples, write_sample

SAMPLES = ROOT / "data" / "samples"


def sample() -> Sample:
    told = (Told("Menu item", Label.CHROME), Told("A good film. Buy a boat. The end.", Label.REVIEW, (("Buy a boat.", Label.AD),)))
    return Sample("s", Page(b"<ul><li>Menu item</li></ul><p>A good film. Buy a boat. The end.</p>", id="s", url="https://x.example/s", kind="html"), told, None, "x.example", "film", "en", "w", True)


def test_written_equals_read(tmp_path: Path) -> None:
    """Nothing is lost on the way to disk and back."""
    write_sample(sample(), tmp_path / "s")
    assert read_sample(tmp_path / "s") == sample()


def test_labels_and_spans_lie_on_the_blocks_of_the_page() -> None:
    """By aligning words, so that other cuts between blocks do no harm."""
    menu, prose = lay(sample(), read(sample().page).blocks)
    assert (menu.label, prose.label, prose.review) == (Label.CHROME, Label.REVIEW, True)
    assert [(s.start, s.end, s.label) for s in prose.spans] == [(13, 24, Label.AD)]


def test_main_text_alone_tells_review_from_the_rest(tmp_path: Path) -> None:
    """The layout of WCXB: html/ beside gold/."""
    (tmp_path / "html").mkdir()
    (tmp_path / "gold").mkdir()
    (tmp_path / "html" / "1.html").write_text("<nav>Home and away</nav><p>One two three four five.</p>")
    (tmp_path / "gold" / "1.json").write_text(json.dumps({"url": "https://www.x.example/1", "ground_truth": {"main_content": "One two three four five."}}))
    (one,) = read_samples(tmp_path)
    assert one.site == "x.example"
    assert [(x.review, x.label) for x in lay(one, read(one.page).blocks)] == [(False, None), (True, Label.REVIEW)]


@pytest.mark.parametrize(
    ("line", "what"),
    [("{", "not a labelled block"), ('{"label": "advert", "text": "x"}', "not a labelled block"), ('{"label": "review", "text": "a", "spans": [{"label": "ad", "text": "b"}]}', "does not stand in its block")],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, what: str) -> None:
    """With its file and number."""
    write_sample(sample(), tmp_path / "s")
    (tmp_path / "s" / "labels.jsonl").write_text("\n" + line + "\n")
    with pytest.raises(SampleError, match=f"labels.jsonl:2: .*{what}"):
        read_samples(tmp_path)


def test_missing_things_are_told(tmp_path: Path) -> None:
    """No folder, no samples, no page."""
    with pytest.raises(SampleError, match="no such folder"):
        read_samples(tmp_path / "none")
    with pytest.raises(SampleError, match="no labelled samples"):
        read_samples(tmp_path)
    write_sample(sample(), tmp_path / "s")
    (tmp_path / "s" / "page.html").unlink()
    with pytest.raises(SampleError, match="without page"):
        read_samples(tmp_path)


def test_our_samples_are_as_many_and_as_varied_as_they_should_be() -> None:
    """At least 120 pages and texts, 30 hard negatives, six languages beside English; every label lies on its page."""
    samples = read_samples(SAMPLES)
    assert len(samples) >= 120 and sum(s.hard_negative for s in samples) >= 30
    assert {"en", "de", "fr", "es", "pt", "it", "pl"} <= {s.language for s in samples}
    assert len({s.kind for s in samples}) >= 20
    for one in samples:
        blocks = read(one.page).blocks
        laid = lay(one, blocks)
        assert all(x.label is not None for x, block in zip(laid, blocks, strict=True) if words(block.text)), one.id
        assert any(x.review for x in laid), one.id


def test_our_promos_are_many() -> None:
    """At least 600 promos and 300 other lines, in seven languages and a dozen styles."""
    promos = read_promos(SAMPLES / "promos")
    ads = [p for p in promos if p.label is Label.AD]
    assert len(ads) >= 600 and len(promos) - len(ads) >= 300
    assert len({p.language for p in ads}) == 7 and len({p.style for p in ads}) >= 12 and len({p.trade for p in ads}) >= 25
    assert all(p.anchor in p.text for p in ads)
