"""Retraining on a few labelled pages of a site: how many errors fall on its other pages, and what happens elsewhere.

usage: python benchmarks/retrain.py [--model FILE] [--sites 8] [--labelled 10 30] [SAMPLES]

Makes sites of our own out of the reviews in data/samples: each site has a layout, class names and habits of its own, some of which mislead (its
verdict stands in a box called a widget, its author box and its promos are plain paragraphs of the article). And eight houses of plain text, each
with forty reviews, in each of which stands one paragraph of the house's own advertising, worded anew every time (house_ads.jsonl, which teaches no
model). SAMPLES: labelled pages of real sites in one of the layouts of docs/labelling.md, in place of these; those of a site need an address each.
Errors are words: review that goes, clutter that stays. The figures on data/samples themselves are taken before and after.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from reviewclean import Cleaner
from reviewclean.data import Label, Page
from reviewclean.errors import SampleError
from reviewclean.judging.loading import load, shipped
from reviewclean.judging.model import Model
from reviewclean.reading import read
from reviewclean.teaching.evaluate import Score, figures, score
from reviewclean.teaching.retrain import retrain
from reviewclean.teaching.samples import Promo, Sample, Told, read_promos, read_samples
from reviewclean.teaching.table import load_table, table_path

ROOT = Path(__file__).resolve().parent.parent
PAGES = 40  # of a site
NAMES = ("content", "box", "inner", "wrap", "panel", "col", "unit", "sec", "txt", "item", "grid-a", "mod", "c12", "zone", "lead", "part", "row2", "story", "feature", "aside", "widget", "sidebar-block", "entry", "note")  # fmt: skip
PEOPLE = ("Maud Ferrier", "Ola Brandt", "Tess Quillan", "Iwan Prys", "Carla Motte", "Jonah Reed")
Line = tuple[Label, str]


class Site:
    """A layout with its habits, drawn once; pages differ in their text alone."""

    def __init__(self, number: int, reviews: Sequence[Sample], promos: Sequence[Promo], rng: random.Random) -> None:
        self.host, self.rng, self.reviews, self.promos = f"site{number}.example", rng, reviews, promos
        self.names = rng.sample(NAMES, 8)
        self.tag = rng.choice(("div", "section", "td"))
        self.verdict, self.facts, self.bio, self.pitch, self.related, self.notice, self.credits = (rng.random() < 0.7 for _ in range(7))
        self.author = rng.choice(PEOPLE)
        self.closing = rng.choice(("Thoughts? Tell us below, and be kind.", "If you like what we do, put a coin in the jar.", "This page is read by four people; be the fifth and sign up."))
        self.pitches = [promo.text for promo in rng.sample(list(promos), 3)]
        self.about = f"{self.author} has written about {rng.choice(('films', 'books', 'music', 'food'))} for {rng.randint(4, 30)} years and lives with {rng.choice(('a cat', 'two dogs', 'a piano'))}."

    def page(self, number: int) -> Sample:
        """A page, with the truth of its blocks."""
        rng, names = self.rng, self.names
        source = self.reviews[number % len(self.reviews)]
        prose = [told.text for told in source.told if told.label is Label.REVIEW and len(told.text.split()) > 12]
        out: list[str] = []
        told: list[Told] = []

        def add(label: Label, text: str, tag: str = "p", name: str = "") -> None:
            attribute = f' class="{name}"' if name else ""
            out.append(f"<{tag}{attribute}>{html.escape(text)}</{tag}>")
            told.append(Told(text, label))

        for text in ("Home", "Reviews", "Archive", "About"):
            add(Label.CHROME, text, "li")
        out.append(f'<{self.tag} class="{names[0]}"><div class="{names[1]}">')
        if self.notice:
            add(Label.DISCLOSURE, "We were lent what we write about and may earn from links.", "p", names[2])
        for i, text in enumerate(prose):
            add(Label.REVIEW, text)
            if self.pitch and i == len(prose) // 2:
                add(Label.AD, rng.choice(self.pitches), "p", names[3])
            if self.credits and i == 0:
                add(Label.CREDIT, f"Picture: {rng.choice(PEOPLE)}", "p", names[2])
        if self.facts:
            out.append(f'<ul class="{names[4]}">')
            for fact, value in (("Length", f"{rng.randint(80, 190)} minutes"), ("Price", f"{rng.randint(8, 60)} pounds"), ("Score", f"{rng.randint(3, 9)} out of ten")):
                add(Label.REVIEW, f"{fact}: {value}", "li")
            out.append("</ul>")
        if self.verdict:
            out.append(f'<div class="widget {names[5]}">')
            add(Label.REVIEW, "In short", "h4")
            add(Label.REVIEW, f"{rng.choice(('Worth', 'Not worth'))} the evening, {rng.choice(('the money', 'the fuss', 'the wait'))} and a second look.")
            out.append("</div>")
        if self.bio:
            add(Label.AUTHOR, self.about, "p", names[6])
        add(Label.SHARE, self.closing, "p", names[6] if rng.random() < 0.5 else "")
        out.append("</div>")
        if self.related:
            out.append(f'<div class="{names[7]}">')
            for one in rng.sample(list(self.reviews), 3):
                add(Label.LINKS, one.id.replace("-", " ").title(), "p")
            out.append("</div>")
        out.append(f"</{self.tag}>")
        add(Label.NOTICE, f"Copyright {self.host}. All rights reserved.")
        body = f"<html><head><title>{html.escape(source.id)}</title></head><body>{'<table><tr>' if self.tag == 'td' else ''}{''.join(out)}</body></html>"
        url = f"https://{self.host}/{number}"
        return Sample(f"{self.host}-{number}", Page(body, id=f"{self.host}-{number}", url=url, kind="html"), tuple(told), site=self.host)


def sites_of_our_own(count: int, reviews: Sequence[Sample]) -> dict[str, list[Sample]]:
    rng = random.Random(20)
    promos = [promo for promo in read_promos(ROOT / "data" / "samples" / "promos") if promo.label is Label.AD and promo.language == "en" and not promo.page and not promo.inline]
    sites = [Site(number, rng.sample(reviews, len(reviews)), promos, random.Random(number)) for number in range(count)]
    return {site.host: [site.page(number) for number in range(PAGES)] for site in sites}


def houses(reviews: Sequence[Sample]) -> dict[str, list[Sample]]:
    """Plain texts of eight houses: each a review with an ad of the house somewhere in it."""
    rng = random.Random(20)
    ads = defaultdict(list)
    for line in (Path(__file__).parent / "house_ads.jsonl").read_text(encoding="utf-8").splitlines():
        ad = json.loads(line)
        ads[ad["house"]].append(ad["text"])
    found = {}
    for house, texts in ads.items():
        found[house] = []
        for number, (source, ad) in enumerate(zip(rng.sample(list(reviews), len(texts)), rng.sample(texts, len(texts)), strict=True)):
            told = [one for one in source.told if one.label is Label.REVIEW]
            told.insert(rng.randrange(1, len(told)), Told(ad, Label.AD))
            body = "\n".join(one.text for one in told)
            found[house].append(Sample(f"{house}-{number}", Page(body, id=f"{house}-{number}", kind="text"), tuple(told), site=house))
    return found


def errors(scores: Sequence[Score]) -> int:
    return sum(one.review - one.review_kept + one.clutter - one.clutter_removed for one in scores)


def scored(model: Model, samples: Sequence[Sample]) -> list[Score]:
    cleaner = Cleaner()
    cleaner._model = model
    return score(cleaner, samples)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", nargs="?", type=Path)
    parser.add_argument("--model", type=Path, default=shipped())
    parser.add_argument("--sites", type=int, default=8)
    parser.add_argument("--labelled", type=int, nargs="+", default=[10, 30])
    arguments = parser.parse_args()
    base, table = load(arguments.model), load_table(table_path(arguments.model))
    elsewhere = read_samples(ROOT / "data" / "samples")
    if arguments.samples is None:
        reviews = [one for one in elsewhere if one.language == "en" and sum(told.label is Label.REVIEW and len(told.text.split()) > 12 for told in one.told) >= 4]
        kinds = {"sites": sites_of_our_own(arguments.sites, reviews), "houses": houses(reviews)}
    else:
        real = defaultdict(list)
        for sample in read_samples(arguments.samples):
            real[read(sample.page).host or sample.site].append(sample)
        kinds = {"sites": real}
    before_elsewhere = figures(scored(base, elsewhere))
    for kind, sites in kinds.items():
        print(f"| {kind} | labelled | other pages | words wrong before | after | fewer | seconds |\n|---|---|---|---|---|---|---|")
        for labelled in arguments.labelled:
            falls = []
            for host, samples in sites.items():
                if len(samples) < labelled + 4:
                    continue
                mine, others = samples[:labelled], samples[labelled:]
                before = errors(scored(base, others))
                start = time.perf_counter()
                try:
                    model = retrain(base, table, mine).model
                except SampleError:  # it is no better, and says so: nothing changes
                    model = base
                spent = time.perf_counter() - start
                after = errors(scored(model, others))
                falls.append(1 - after / max(before, 1))
                print(f"| {host} | {labelled} | {len(others)} | {before} | {after} | {falls[-1]:.0%} | {spent:.1f} |", flush=True)
                after_elsewhere = figures(scored(model, elsewhere))
                for name in ("review_kept", "clutter_removed"):
                    if abs(after_elsewhere[name][0] - before_elsewhere[name][0]) > 1e-9:
                        print(f"  data/samples {name}: {before_elsewhere[name][0]:.4f} before, {after_elsewhere[name][0]:.4f} after")
            if falls:
                print(f"\n{labelled} labelled pages: errors fall by {sum(falls) / len(falls):.0%} on average over {len(falls)} {kind}\n")


if __name__ == "__main__":
    main()
