"""Samples become texts to plant into, and what there is to plant."""

import json
from pathlib import Path

import pytest

from reviewclean import SampleError
from reviewclean.teaching.hosts import hosts_of, pools_of, study
from reviewclean.teaching.samples import Promo, read_samples

REVIEW = ["The film opens on a harbour and stays there for an hour.", "Marta Quill plays the captain as a woman who has stopped speaking.", "The storm belongs to a louder film than this one."]
PAGE = f"<title>Ferry</title><nav>Home</nav><p>Subscribe today for 20% off our services and join our team of readers, learn more now.</p><h1>Ferry</h1>{''.join(f'<p>{line}</p>' for line in REVIEW)}<p>Read next: A Boat</p>"  # fmt: skip


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "ferry"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE)
    labels = [("chrome", "Home"), ("ad", PAGE.split("<p>")[1].split("</p>", maxsplit=1)[0]), ("meta", "Ferry"), *(("review", line) for line in REVIEW), ("links", "Read next: A Boat")]
    (folder / "labels.jsonl").write_text("".join(json.dumps({"label": label, "text": text}) + "\n" for label, text in labels))
    (tmp_path / "wcxb" / "html").mkdir(parents=True)
    (tmp_path / "wcxb" / "gold").mkdir()
    (tmp_path / "wcxb" / "html" / "0001.html").write_text(PAGE)
    (tmp_path / "wcxb" / "gold" / "0001.json").write_text(json.dumps({"url": "https://a.example/x", "ground_truth": {"main_content": "\n\n".join(REVIEW)}}))
    return tmp_path


def test_a_text_is_the_review_with_the_clutter_that_stands_among_it(samples: Path) -> None:
    """Where the sample names its clutter; with the main text alone, only what is surely review."""
    ours, wcxb = hosts_of(study(read_samples(samples)))
    assert [(line.text[:9], line.foreign, line.scored) for line in ours.lines[-4:]] == [(REVIEW[0][:9], False, True), (REVIEW[1][:9], False, True), (REVIEW[2][:9], False, True), ("Read next", True, True)]
    assert not next(line for line in ours.lines if line.text == "Ferry").scored
    assert [line.text for line in wcxb.lines] == REVIEW and (wcxb.id, wcxb.site, wcxb.host) == ("0001", "a.example", "a.example")


def test_pools_hold_promos_lines_and_what_pages_say_to_sell(samples: Path) -> None:
    """Hosted promos find the line of their page; those of other pages are left out."""
    studied = study(read_samples(samples))
    promos = [Promo("Play at Ruby Palace."), Promo("Ruby paints harbours.", page="0001", after=1), Promo("Elsewhere.", page="9999", after=3)]
    pools = pools_of(studied, promos, hosts_of(studied))
    assert [promo.text for promo in pools.promos] == ["Play at Ruby Palace."]
    assert [(page, [(promo.text, promo.after) for promo in found]) for page, found in pools.hosted.items()] == [("0001", [("Ruby paints harbours.", 1)])]
    assert any(text.startswith("Subscribe today") for text in pools.mined) and ("Read next: A Boat", "links") in pools.lines


def test_a_promo_behind_a_line_that_is_not_there_is_told(samples: Path) -> None:
    """With what to correct."""
    studied = study(read_samples(samples))
    with pytest.raises(SampleError, match="line 7 of 0001, which has 3"):
        pools_of(studied, [Promo("Ruby.", page="0001", after=7)], hosts_of(studied))
