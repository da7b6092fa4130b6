"""reviewclean train: teach a model with labelled samples."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import click

if TYPE_CHECKING:
    from reviewclean.teaching.adapt import Change
    from reviewclean.teaching.refine import Wrong
    from reviewclean.teaching.samples import Sample


def _part(_: click.Context, __: click.Parameter, value: str | None) -> tuple[int, int] | None:
    if value is None:
        return None
    try:
        k, n = (int(part) for part in value.split("/"))
        if not 0 <= k < n:
            raise ValueError
    except ValueError:
        raise click.BadParameter(f"{value!r}: write it as 0/4, the first of four parts") from None
    return k, n


@click.command()
@click.argument("samples", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("-o", "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The model file; its card and its base table go beside it.")
@click.option("--base", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="The model to go on from [the shipped one].")
@click.option("--anew", is_flag=True, help="Train everything from nothing: needs pages of hundreds of sites, promos to plant, and three quarters of an hour.")
@click.option("--promos", multiple=True, metavar="DIR", type=click.Path(path_type=Path), help="With --anew: folders of promos and clutter lines to plant; SAMPLES/promos is taken where it exists.")
@click.option("--hold-out", metavar="K/N", callback=_part, help="Leave out the K-th of N parts of all sites, and list what was left out in FILE.held-out.txt: for honest figures.")
@click.option("--rounds", default=4, show_default=True, help="With --anew: how often every text is planted with promos.")
@click.option("--seed", default=20, show_default=True, help="With --anew: of all that is drawn by lot.")
def train(samples: tuple[Path, ...], out: Path, base: Path | None, anew: bool, promos: tuple[Path, ...], hold_out: tuple[int, int] | None, rounds: int, seed: int) -> int:
    """Teach the model with labelled SAMPLES: our own folders of page and labels, or html/ beside gold/ (docs/labelling.md).

    A model that is there learns the habits of the SAMPLES' sites, and from their ads what to take out of running text, in a minute. Both are
    measured on pages and texts that were left out; what gets no better is not learnt. With --anew, a model is made from nothing, as the shipped one was.
    """
    from reviewclean.teaching.samples import read_samples

    if out.suffix != ".joblib":
        raise click.UsageError(f"-o {out}: a model file ends in .joblib")
    read = [sample for root in samples for sample in read_samples(root)]
    if hold_out is not None:
        k, n = hold_out
        held = [s for s in read if crc32(f"{s.site} held".encode()) % n == k]
        read = [s for s in read if crc32(f"{s.site} held".encode()) % n != k]
        out.parent.mkdir(parents=True, exist_ok=True)
        out.with_suffix(".held-out.txt").write_text("".join(f"{s.id}\n" for s in held), encoding="utf-8")
    return _anew(samples, read, out, promos, rounds, seed) if anew else _on(read, base, out)


def _on(read: list[Sample], base: Path | None, out: Path) -> int:
    """Go on from a model that is there."""
    from dataclasses import replace

    from reviewclean.judging.loading import load, name_of, shipped
    from reviewclean.teaching.retrain import retrain
    from reviewclean.teaching.table import load_table, table_path

    model, known = load(base or shipped()), table_path(base or shipped())
    found = retrain(model, load_table(known) if known.exists() else None, read, lambda line: click.echo(line, err=True))
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    told = [{"site": c.host, "pages": c.pages, "words": c.words, "wrong_before": c.before, "wrong_after": c.after} for c in found.sites]
    card = found.model.card | {"base": name_of(base), "sites": told}
    rows: list[tuple[str, Change | Wrong, bool]] = [(f"{c.host[:30]}, {c.pages} pages", c, c.better) for c in found.sites]
    if found.filter is not None:
        taught = found.filter
        card["filter"] = {"texts": taught.texts, "ads": taught.ads, "left_out_by": taught.apart, "learnt": taught.better, "own": asdict(taught.own), "base": asdict(taught.base)}
        rows += [(f"ads in {taught.texts} running texts", taught.own, taught.better), ("the same, base table", taught.base, taught.better)]
    replace(found.model, card=card).save(out)
    if known.exists() and known.resolve() != table_path(out).resolve():
        shutil.copyfile(known, table_path(out))
    click.echo(f"{'words judged wrongly, on what was left out':<46} {'words':>9} {'before':>8} {'after':>8}")
    for name, change, better in rows:
        click.echo(f"{name:<46} {change.words:>9} {change.before:>8} {change.after:>8}   {'learnt' if better else 'no better: not learnt'}")
    click.echo(f"pages of other sites: by their place in the page as {name_of(base)}, unchanged")
    click.echo(f"{out} and what goes with it written", err=True)
    return 0


def _anew(samples: tuple[Path, ...], read: list[Sample], out: Path, promos: tuple[Path, ...], rounds: int, seed: int) -> int:
    """Make a model from nothing."""
    from reviewclean.errors import SampleError
    from reviewclean.teaching.card import model_card
    from reviewclean.teaching.samples import read_promos
    from reviewclean.teaching.table import table_path
    from reviewclean.teaching.train import train as fit

    pools = [promo for root in (*(root / "promos" for root in samples), *promos) for promo in read_promos(root)]
    if not pools:
        raise SampleError(f"no promos to plant: give a folder of them with --promos, or keep them in {samples[0] / 'promos'}")
    model, table = fit(read, pools, seed=seed, rounds=rounds, tell=lambda line: click.echo(line, err=True))
    model.save(out)
    table.save(table_path(out))
    out.with_name("MODEL_CARD.md").write_text(model_card(out), encoding="utf-8")
    click.echo(f"{out} ({out.stat().st_size / 1e6:.1f} MB), its card, its base table, and {out.with_name('MODEL_CARD.md')} written", err=True)
    return 0
