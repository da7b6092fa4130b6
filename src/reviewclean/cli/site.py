"""reviewclean site: what is a site's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from reviewclean.cli import EXIT_NOTHING, options
from reviewclean.data import Page


@click.group()
def site() -> None:
    """Learn what repeats on the pages of a site."""


@site.command()
@click.argument("inputs", nargs=-1, required=True, metavar="PAGES…")
@click.option("-o", "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write the rules to FILE instead of standard output.")
@options.model
@options.mode
def learn(inputs: tuple[str, ...], out: Path | None, model: str | None, mode: str) -> int:
    """Find lines that the model keeps on page after page of one site, and write them as rules for `clean --rules`.

    At least eight pages of a site are needed. Read the rules before you use them: a line that repeats may be review ("Verdict"). Lines that hold
    most of any page's review are left out.
    """
    from reviewclean.batch.sources import items
    from reviewclean.batch.whole import write_whole
    from reviewclean.cleaner import Cleaner
    from reviewclean.errors import InputError
    from reviewclean.teaching.repeats import PAGES, as_rules, repeated

    def pages() -> Iterator[Page]:
        for item in items(inputs):
            try:
                yield item.page()
            except InputError as error:
                click.echo(f"passed over: {item.name}: {error}", err=True)

    found = repeated(Cleaner(model, mode).clean_many(pages()))
    if not found:
        click.echo(f"no line repeats on the pages of a site (at least {PAGES} pages of it are needed)", err=True)
        return EXIT_NOTHING
    if out is None:
        sys.stdout.write(as_rules(found))
    else:
        write_whole(out, as_rules(found))
        click.echo(f"{len(found)} lines written to {out}: read them, then use --rules {out}", err=True)
    return 0
