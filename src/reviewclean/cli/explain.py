"""reviewclean explain: every block of one page, with what was decided and by whom."""

from __future__ import annotations

from pathlib import Path

import click

from reviewclean.cli import options


@click.command()
@click.argument("page")
@options.mode
@options.model
@options.keep
@options.rules
@click.option("--html", "html_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write one self-contained page with what went struck through.")
@click.option("--url", help="The page's address: tells its own links from others.")
def explain(page: str, mode: str, model: str | None, keep: tuple[str, ...], rule_file: Path | None, phrase_file: Path | None, html_file: Path | None, url: str | None) -> int:
    """Show every block of PAGE (a file, or - for standard input) with label, score and who decided."""
    from dataclasses import replace

    from reviewclean.batch.sources import items, standard_input
    from reviewclean.batch.whole import write_whole
    from reviewclean.cleaner import Cleaner
    from reviewclean.writing.explain import as_html, as_lines

    if page == "-":
        read = standard_input()
    else:
        found = items([page])
        read = next(found).page()
        if next(found, None) is not None:
            raise click.UsageError(f"{page} holds more than one page: name one")
    (cleaned,) = Cleaner(model, mode, keep, options.rules_of(rule_file, phrase_file)).clean_many([replace(read, url=url)])
    if html_file is not None:
        write_whole(html_file, as_html(cleaned))
        click.echo(f"{html_file} written", err=True)
        return 0
    for told, text, kept, colour in as_lines(cleaned):
        mark = " " if kept else "-"
        click.echo(f"{mark} {click.style(told, fg=colour or None, bold=not kept)}  {click.style(text, dim=not kept)}")
    if cleaned.note:
        click.echo(cleaned.note, err=True)
    return 0
