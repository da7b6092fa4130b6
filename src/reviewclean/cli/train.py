"""reviewclean train: make a model from labelled samples."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import click


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
@click.option("-o", "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The model file; its card and MODEL_CARD.md go beside it.")
@click.option("--promos", multiple=True, metavar="DIR", type=click.Path(path_type=Path), help="Folders of promos and clutter lines to plant; SAMPLES/promos is taken where it exists.")
@click.option("--hold-out", metavar="K/N", callback=_part, help="Leave out the K-th of N parts of all sites, and list what was left out in FILE.held-out.txt: for honest figures.")
@click.option("--rounds", default=3, show_default=True, help="How often every text is planted with promos anew.")
@click.option("--seed", default=20, show_default=True)
def train(samples: tuple[Path, ...], out: Path, promos: tuple[Path, ...], hold_out: tuple[int, int] | None, rounds: int, seed: int) -> int:
    """Make a model from labelled SAMPLES: our own folders of page and labels, or html/ beside gold/ (docs/labelling.md)."""
    from reviewclean.errors import SampleError
    from reviewclean.teaching.card import model_card
    from reviewclean.teaching.samples import read_promos, read_samples
    from reviewclean.teaching.train import train as fit

    if out.suffix != ".joblib":
        raise click.UsageError(f"-o {out}: a model file ends in .joblib")
    read, pools = [], []
    for root in samples:
        read += read_samples(root)
        pools += read_promos(root / "promos")
    for root in promos:
        pools += read_promos(root)
    if not pools:
        raise SampleError(f"no promos to plant: give a folder of them with --promos, or keep them in {samples[0] / 'promos'}")
    if hold_out is not None:
        k, n = hold_out
        held = [s for s in read if crc32(f"{s.site} held".encode()) % n == k]
        read = [s for s in read if crc32(f"{s.site} held".encode()) % n != k]
        out.parent.mkdir(parents=True, exist_ok=True)
        out.with_suffix(".held-out.txt").write_text("".join(f"{s.id}\n" for s in held), encoding="utf-8")
    model = fit(read, pools, seed=seed, rounds=rounds, tell=lambda line: click.echo(line, err=True))
    model.save(out)
    out.with_name("MODEL_CARD.md").write_text(model_card(out), encoding="utf-8")
    click.echo(f"{out} ({out.stat().st_size / 1e6:.1f} MB), its card, and {out.with_name('MODEL_CARD.md')} written", err=True)
    return 0
