"""A finished model learns the habits of a site from a few labelled pages."""

import dataclasses
import random
from pathlib import Path

from reviewclean import Cleaner
from reviewclean.data import Label, Page
from reviewclean.judging.loading import load, shipped
from reviewclean.teaching.adapt import adapt
from reviewclean.teaching.hosts import study
from reviewclean.teaching.samples import Sample, Told

PITCH = "Our shop has moved to Mill Lane, where the kettle is on from nine and the shelves are full."
VERDICT = "In short, scene number {n} is worth the evening and a second look."
PROSE = "The film opens on harbour {n} at five in the morning and stays there, with great patience, while the ferry captain mends an engine. "


def sample(n: int, host: str = "moth.example", pitch: Label = Label.AD) -> Sample:
    """A page whose promo looks like a paragraph, and whose verdict stands in a box called a widget."""
    told = (Told(PROSE.format(n=n) * 2, Label.REVIEW), Told(PITCH, pitch), Told(PROSE.format(n=n + 500), Label.REVIEW), Told(VERDICT.format(n=n), Label.REVIEW), Told("Copyright Moth.", Label.NOTICE))
    body = f'<article><p>{told[0].text}</p><p class="k">{PITCH}</p><p>{told[2].text}</p></article><aside class="widget related"><p>{told[3].text}</p></aside><footer><p>Copyright Moth.</p></footer>'
    return Sample(f"{host}-{n}", Page(body, id=str(n), url=f"https://{host}/{n}" if host else None, kind="html"), told, site=host or "moth")


def cleaned(model: object, n: int, host: str) -> str:
    cleaner = Cleaner()
    cleaner._model = model  # type: ignore[assignment]
    page = sample(n, host).page
    return cleaner.clean(page.body, page.url).text


def test_a_sites_own_promo_and_verdict_are_learnt() -> None:
    """From eight pages; other pages of the site get better, other sites stay as they were."""
    base = load(shipped())
    model, (change,) = adapt(base, study([sample(n) for n in range(8)]))
    assert change.better and change.after < change.before and change.pages == 8
    text = cleaned(model, 99, "moth.example")
    assert PITCH not in text and VERDICT.format(n=99) in text and "opens on harbour 99" in text
    assert cleaned(model, 99, "fly.example") == cleaned(base, 99, "fly.example")


def test_what_was_learnt_is_kept_with_the_model(tmp_path: Path) -> None:
    """Saved, loaded, and gone on from with another site."""
    first, _ = adapt(load(shipped()), study([sample(n) for n in range(8)]))
    first.save(tmp_path / "mine.joblib")
    again, _ = adapt(load(tmp_path / "mine.joblib"), study([sample(n, "bee.example") for n in range(8)]))
    assert again.habits.hosts == ("bee.example", "moth.example")
    assert all(PITCH not in cleaned(again, 99, host) for host in again.habits.hosts)


def test_pages_without_an_address_are_one_site() -> None:
    """Known by their markup."""
    model, _ = adapt(load(shipped()), study([sample(n, "") for n in range(8)]))
    assert model.habits.hosts == ("~moth",)
    assert PITCH not in cleaned(model, 99, "")


def test_a_site_that_gets_no_better_is_not_learnt() -> None:
    """On pages left out, labels by lot teach nothing."""
    lots = random.Random(3)
    noise = [dataclasses.replace(sample(n), told=tuple(Told(t.text, lots.choice((Label.REVIEW, Label.REVIEW, Label.AD))) for t in sample(n).told)) for n in range(8)]
    base = load(shipped())
    model, (change,) = adapt(base, study(noise))
    assert not change.better and model is base
