"""What the documents say is so: their Python runs, their commands exist, their links lead somewhere."""

import re
from pathlib import Path

import click
import pytest
from tests.conftest import ROOT

from reviewclean.cli import VERBS, cli

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_python_in_documents_runs(document: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every block that is marked as Python."""
    monkeypatch.chdir(tmp_path)
    for code in re.findall(r"```python\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(code, document.name, "exec"), {})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_commands_in_documents_exist(document: Path) -> None:
    """Every verb and option that is named after `reviewclean`."""
    for line in re.findall(r"(?:^ {4}|`|&& |bin/)reviewclean (.*?)(?:`|$| &&)", document.read_text(encoding="utf-8"), re.MULTILINE):
        parts = line.split()
        if not parts or parts[0] not in VERBS:
            continue
        command = cli.get_command(click.Context(cli), parts[0])
        assert command is not None
        if isinstance(command, click.Group) and parts[1] in command.commands:
            command = command.commands[parts.pop(1)]
        options = {name for parameter in command.params for name in parameter.opts}
        if isinstance(command, click.Group):
            options |= set(command.commands)
        assert {part for part in parts[1:] if part.startswith("-") and part != "-"} <= options, line


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: p.name)
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    """Links to files of the repository."""
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), target
