"""MODEL_CARD.md: a model's card, for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reviewclean.judging.model import read_card


def model_card(path: Path) -> str:
    """The card of a model file as Markdown. Its figures are those that training measured on sites and promos it held out."""
    card = read_card(path)
    saw = card["saw"]
    rows = "\n".join(_mode_row(mode, found) for mode, found in card["held_out"].items())
    balanced = card["held_out"]["balanced"]
    styles = "\n".join(
        f"| {style} | {share:.2f} | {balanced['sentences']['by_style'].get(style, float('nan')):.2f} |".replace("nan", "–") for style, share in sorted(balanced["planted"]["by_style"].items())
    )
    worst = min((share, style) for style, share in balanced["planted"]["by_style"].items())
    return f"""# Model card: {path.name}

Tells review from everything else on review pages and in text taken out of them. Format {card["format"]}, {card["bytes"] / 1e6:.1f} MB,
sha256 `{card["sha256"]}`. Arrays and numbers only; loads with any scikit-learn, and runs without it.

Made by `reviewclean train` with {", ".join(f"{k} {v}" for k, v in card["made_with"].items() if k != "format")}, seed {card["seed"]}, {card["rounds"]} rounds of planting, in {card["seconds"]} s.

## What it saw

{saw["samples"]} samples ({saw["pages"]} pages of HTML, the others plain text) of {saw["sites"]} sites, {saw["blocks"]} blocks, {saw["hard_negatives"]} of the samples hard negatives
(all review, though full of the words of advertisements). Planted for training: {saw["promos"]} written promos, {saw["lines"]} clutter lines, and {saw["mined"]} paragraphs that the
pages themselves use to sell, outside their articles.

Blocks by label: {", ".join(f"{k} {v}" for k, v in saw["labels"].items())}.
Languages: {", ".join(f"{k} {v}" for k, v in saw["languages"].items())}.

## Held-out figures

By folds of sites: no block is judged by a model that saw its site, no promo by one that saw that promo.

| mode | first gate: review kept | first gate: clutter removed | planted promos and lines removed | review lost to that | sentences removed | review lost to that |
|---|---|---|---|---|---|---|
{rows}

Worst style of planted promos, balanced mode: **{worst[1]}, {worst[0]:.2f}**. All styles, balanced mode (as paragraphs, and as sentences inside a paragraph):

| style | paragraphs removed | sentences removed |
|---|---|---|
{styles}

## Limits

- Knows English, German, French, Spanish, Portuguese, Italian and Polish; pages in other languages are judged by structure alone, and the result says so.
- A promo that speaks of the review's own subject in the review's own words, with no name of its own, is mostly kept: whoever is unsure keeps.
- Short texts (fewer than a dozen paragraphs) give the context model little to compare with.
"""


def _mode_row(mode: str, found: dict[str, Any]) -> str:
    planted, sentences = found["planted"], found["sentences"]
    return (
        f"| {mode} | {found['first_gate_review_kept']:.4f} | {found['first_gate_clutter_removed']:.4f} | {planted['removed']:.3f} | {planted['host_lost']:.4f} "
        f"| {sentences['removed']:.3f} | {sentences['host_lost']:.4f} |"
    )
