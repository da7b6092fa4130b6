"""reviewclean label: a page in the browser in which a person corrects the model's labels; what is done becomes a sample."""

from __future__ import annotations

import getpass
import sys
import threading
import webbrowser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reviewclean.cli import options

if TYPE_CHECKING:
    from reviewclean.batch.sources import Item
    from reviewclean.cleaner import Cleaner
    from reviewclean.teaching.labelling.exchange import Form
    from reviewclean.teaching.labelling.queue import Order, Waiting
    from reviewclean.teaching.labelling.store import Store

FORMS = ("prodigy", "label-studio", "doccano")
ORDERS = ("doubtful", "different", "given")
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("pages", nargs=-1, metavar="PAGES…")
@click.option("-o", "--out", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the samples; the same folder goes on where it was.")
@click.option("--order", type=click.Choice(ORDERS), default="doubtful", show_default=True, help="Most doubtful words first, or least like what is labelled, or as given.")
@click.option("--first", metavar="N", type=click.IntRange(min=1), default=1000, show_default=True, help="Look at so many of the pages at most.")
@click.option("--again", is_flag=True, help="Show pages that are done as well.")
@click.option("--writer", metavar="NAME", help="Who labels, for meta.json [the login name].")
@options.mode
@options.model
@click.option("--port", type=click.IntRange(min=0, max=65535), default=0, help="[one that is free]")
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--export", "export", metavar="FORMAT FILE", type=(click.Choice(FORMS), FILE), help=f"Write the samples in DIR for another tool: {', '.join(FORMS)}.")
@click.option("--import", "import_", metavar="FORMAT FILE", type=(click.Choice(FORMS), FILE), help="Take what was labelled in another tool into DIR.")
def label(
    pages: tuple[str, ...], out: Path, order: Order, first: int, again: bool, writer: str | None, mode: str, model: str | None, port: int, no_browser: bool, export: tuple[Form, Path] | None,
    import_: tuple[Form, Path] | None,
) -> int:  # fmt: skip
    """Label PAGES (files, folders, globs, JSONL, WARC) in the browser.

    The model's labels are there already: a person corrects them by keyboard or mouse. Every change is saved as it is made, and a page that is
    done becomes a sample in DIR, to train with. Ctrl-C ends it; the same command goes on from there.
    """
    if (export is not None) + (import_ is not None) + bool(pages) != 1:
        raise click.UsageError("name pages to label, or one of --export and --import")
    if export is not None:
        return _export(*export, out)
    if import_ is not None:
        return _import(*import_, out)
    return _label(pages, out, order, first, again, writer or _login(), mode, model, port, not no_browser)


def _label(pages: tuple[str, ...], out: Path, order: Order, first: int, again: bool, writer: str, mode: str, model: str | None, port: int, browser: bool) -> int:
    from reviewclean.batch.sources import items
    from reviewclean.cleaner import Cleaner
    from reviewclean.teaching.labelling.server import Desk, listen, serve
    from reviewclean.teaching.labelling.store import Store

    found = items(pages)
    cleaner = Cleaner(model, mode)
    with Store(out) as store, listen(port) as opened:
        waiting = _in_order(found, cleaner, store, order, first, again)
        if not waiting:
            click.echo(f"nothing to label: all pages are done in {out}/, or hold no text (--again shows those that are done)", err=True)
            return 0
        serve(Desk(waiting, cleaner, store, writer), opened, lambda address: _tell(address, browser))
        done = sum(store.status(one.key) == "done" for one in waiting)
    click.echo(f"{done} of {len(waiting)} pages are done, in {out}/; the same command goes on from there", err=True)
    return 0


def _in_order(found: Iterator[Item], cleaner: Cleaner, store: Store, order: Order, first: int, again: bool) -> list[Waiting]:
    """The pages that are to be labelled; those that were put off in an earlier sitting come last."""
    from tqdm import tqdm

    from reviewclean.teaching.labelling.queue import look, ordered, traits_of_samples
    from reviewclean.teaching.samples import read_samples

    with tqdm(islice(found, first), desc="looking at the pages", unit="page", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False) as bar:
        waiting = list(look(bar, cleaner, lambda key: not again and store.status(key) == "done", lambda why: click.echo(f"passed over: {why}", err=True)))
    if next(found, None) is not None:
        click.echo(f"there are more than {first:,} pages: the others are left alone (--first N takes more)", err=True)
    known = traits_of_samples(read_samples(store.folder)) if order == "different" and store.has_samples else []
    return sorted(ordered(waiting, order, known), key=lambda one: store.status(one.key) == "skipped")


def _tell(address: str, browser: bool) -> None:
    click.echo(f"label at {address}\n(Ctrl-C ends it; everything is saved as it is made)", err=True)
    if browser:
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()  # a browser in a terminal returns when it is closed


def _login() -> str:
    """Who is logged in; "" where the system does not say."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def _export(form: Form, file: Path, out: Path) -> int:
    from reviewclean.batch.whole import write_whole
    from reviewclean.teaching.labelling.exchange import exported
    from reviewclean.teaching.samples import read_samples

    samples = read_samples(out)
    write_whole(file, exported(samples, form))
    click.echo(f"{len(samples)} samples of {out}/ written to {file}", err=True)
    return 0


def _import(form: Form, file: Path, out: Path) -> int:
    from reviewclean.errors import InputError
    from reviewclean.teaching.labelling.exchange import imported
    from reviewclean.teaching.labelling.store import Store

    try:
        content = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputError(f"{file}: not UTF-8: save it as UTF-8") from None
    with Store(out) as store:
        folders = [store.put(sample) for sample in imported(content, form, file.name)]
    click.echo(f"{len(folders)} documents of {file} taken into {out}/", err=True)
    return 0
