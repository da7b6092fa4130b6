"""MODEL_CARD.md: a model's card, for people."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from reviewclean.judging.loading import read_card


def model_card(path: Path) -> str:
    """The card of a model file as Markdown. Its figures are those that training measured on sites and promos it held out."""
    card = read_card(path)
    saw, held = card["saw"], card["held_out"]
    modes = "\n".join(_mode_row(mode, found) for mode, found in held.items())
    styles = "\n".join(_style_row(style, card) for style in held["balanced"]["by_style"])
    worst, least = next(iter(card["held_out_styles"].items()), ("none held out", math.nan))
    hardest, least_hard = min(card["held_out_styles_hard"].items(), key=lambda item: item[1], default=("none held out", math.nan))
    return f"""# Model card: {path.name}

Tells review from everything else on review pages and in text taken out of them. Format {card["format"]}, {card["bytes"] / 1e6:.1f} MB,
sha256 `{card["sha256"]}`. Arrays and numbers only; loads with any scikit-learn, and runs without it.

**Worst style of promos that it was not taught: {worst}, {least:.3f}** found in balanced mode (styles are held out in six sets, on sites that are held out too, and teach no words either).
Worst in hard negatives: {hardest}, {least_hard:.3f}.

Made by `reviewclean train` with {", ".join(f"{k} {v}" for k, v in card["made_with"].items() if k != "format")}, seed {card["seed"]}, {card["rounds"]} rounds of planting, in {card["seconds"]} s.

## What it saw

{saw["samples"]} samples ({saw["pages"]} pages of HTML, the others plain text) of {saw["sites"]} sites, {saw["blocks"]} blocks, {saw["hard_negatives"]} of the samples hard negatives
(no promo in them, though they are full of the words of advertisements). Planted for training: {saw["promos"]} written promos and {saw["hosted_promos"]} that were written for one place in one of
the samples, {saw["lines"]} clutter lines, and {saw["mined"]} paragraphs that the pages themselves use to sell, outside their articles.

Blocks by label: {", ".join(f"{k} {v}" for k, v in saw["labels"].items())}.
Languages: {", ".join(f"{k} {v}" for k, v in saw["languages"].items())}.

## Held-out figures

By folds of sites: no block is judged by a model that saw its site, no promo by one that saw that promo, and what its words weigh was taught by other hands. "Review lost" is what the filter of running
text takes with it, in words, of what the samples call review; of 140 such lines that were read, 67 (.37 of their words) were none (disclosures, contacts, credits, plugs
that the gold of scraped pages has in it), so the modes promise {", ".join(f"{mode} {promise:.2%}" for mode, promise in card["promises"].items())} of what is. The first gate is told apart, and so are hard negatives, which were written to provoke a wrong verdict: the promise is one for texts as they come.

| mode | first gate: review kept | first gate: clutter removed | review lost to the filter | promos | of them bridges, stories, comparisons | footers | promo sentences inside a paragraph | promos that are half a sentence | short texts: review lost | promos | hard negatives: review lost | promos |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
{modes}

Promos found by language of the text (hard negatives among them), balanced mode: {", ".join(f"{language} {share:.2f}" for language, share in held["balanced"]["by_language"].items())}.

By style, balanced mode: found as a paragraph, and found as a paragraph by a model that was taught none of the style; the same in hard negatives, into which the promos that were written
for one place in them are meant to vanish; and found as sentences run into a paragraph of whatever text.

| style | paragraphs | style held out | hard negatives: paragraphs | style held out | sentences |
|---|---|---|---|---|---|
{styles}

## Limits

- Knows English, German, French, Spanish, Portuguese, Italian and Polish; pages in other languages are judged by structure alone, and the result says so.
- A promo that speaks of the review's own subject in the review's own words, with no name of its own, is mostly kept: whoever is unsure keeps.
- Short texts (fewer than eight paragraphs, cropped for training from longer ones or user reviews as they stand) give the context model little to
  compare with: they have bounds of their own, and more is lost of them where writers plug their own sites.
"""


def _mode_row(mode: str, found: dict[str, Any]) -> str:
    names = ("first_gate_review_kept", "first_gate_clutter_removed", "review_lost", "promos_removed", "hard_promos_removed", "footers_removed", "sentences_removed", "halves_removed", "review_lost_short", "promos_removed_short", "review_lost_hard", "promos_removed_hard")
    return f"| {mode} | " + " | ".join(f"{found[name]:.4f}" if name.startswith("review_lost") else f"{found[name]:.3f}" for name in names) + " |"


def _style_row(style: str, card: dict[str, Any]) -> str:
    held = card["held_out"]["balanced"]
    tables = (held["by_style"], card["held_out_styles"], held["by_style_hard"], card["held_out_styles_hard"], held["sentences_by_style"])
    return f"| {style} | " + " | ".join("–" if math.isnan(table.get(style, math.nan)) else f"{table[style]:.2f}" for table in tables) + " |"
