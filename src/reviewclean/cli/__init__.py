"""The verbs: parse, call, print. Knows everyone; nobody knows it. Each verb is imported when it is called, so that --help is instant."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

VERBS = {
    "clean": "Clean pages: a folder of scraped reviews in, the reviews out.",
    "explain": "Show every block of one page with its label, and what went.",
    "label": "Correct the model's labels in the browser; what is done becomes a sample.",
    "evaluate": "Score a model on labelled samples.",
    "compare": "Hold one model against another on labelled samples.",
    "train": "Teach the model with labelled samples of your own.",
    "site": "Learn what repeats on the pages of a site.",
    "model": "Look at a model file, or check it.",
}
EXIT_FAILED, EXIT_USE, EXIT_NOTHING, EXIT_MODEL, EXIT_INTERRUPTED = 1, 2, 3, 4, 130


class Verbs(click.Group):
    """A group whose commands are imported one by one, as they are called."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        command: click.Command = getattr(import_module(f"reviewclean.cli.{name}"), name)
        return command

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="reviewclean")
def cli() -> None:
    """The review and nothing but the review, out of scraped pages and texts.

    The main job: reviewclean clean pages/ -o cleaned/
    """


def main() -> None:
    """Run a verb; failures that we foresee become one line on standard error and an exit code."""
    from reviewclean.errors import InputError, ModelError, ReviewcleanError

    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = EXIT_INTERRUPTED
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        code = EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except ReviewcleanError as error:
        click.echo(f"reviewclean: {error}", err=True)
        code = EXIT_MODEL if isinstance(error, ModelError) else EXIT_USE if isinstance(error, InputError) else EXIT_FAILED
    sys.exit(code if isinstance(code, int) else 0)
