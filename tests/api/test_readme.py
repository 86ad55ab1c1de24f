"""README says what the program says: commands, options, exit codes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from api.cli.commands import app
from api.cli.exits import Exit

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
FOSA = Path(sys.executable).parent / "fosa"
_FOR_PEOPLE = frozenset(
    {"fosa serve", "fosa people first", "fosa people accept", "fosa people password", "fosa people second-factor"}
)


def _commands(group: TyperGroup | None = None, words: str = "fosa") -> dict[str, list[TyperOption | TyperArgument]]:
    """The parameters of every command by the words one types for it, groups left out."""
    group = group or cast("TyperGroup", typer.main.get_command(app()))
    found: dict[str, list[TyperOption | TyperArgument]] = {}
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            found |= _commands(command, f"{words} {name}")
            if any("--json" in parameter.opts for parameter in command.params):
                # It answers by itself, too.
                found[f"{words} {name}"] = cast("list[TyperOption | TyperArgument]", command.params)
        else:
            found[f"{words} {name}"] = cast("list[TyperOption | TyperArgument]", command.params)
    return found


def _row(command: str) -> str:
    """The row of README's table that begins with a command."""
    longer = [name for name in _commands() if name.startswith(f"{command} ")]
    rows = [line for line in README.splitlines() if re.match(rf"\| `{re.escape(command)}[ `]", line)]
    rows = [row for row in rows if not any(re.match(rf"\| `{re.escape(name)}[ `]", row) for name in longer)]
    assert len(rows) == 1, f"README's table of commands needs one row for `{command}`"
    return rows[0]


@pytest.mark.parametrize("command", sorted(_commands()))
def test_every_command_has_a_row_with_its_own_options(command: str) -> None:
    row = _row(command).replace("\\|", "|")
    everywhere = {"--inventory", "--json", "--lang"}
    for parameter in _commands()[command]:
        name = next((o for o in parameter.opts if o.startswith("--")), str(parameter.metavar))
        assert name in everywhere or name in row, f"{name} of `{command}` is not in README"


def test_every_row_names_a_command_that_exists() -> None:
    known = sorted(_commands(), key=len, reverse=True)
    rows = re.findall(r"^\| `(fosa [a-z][^`]*)", README, re.MULTILINE)
    named = {next((name for name in known if row == name or row.startswith(f"{name} ")), row) for row in rows}
    assert named == set(known)


def test_every_option_that_holds_everywhere_is_there_and_in_readme() -> None:
    for name, parameters in _commands().items():
        options = {o for p in parameters for o in p.opts}
        # What serves goes on for ever, what proves asks a person: their lines are for people.
        assert {"--lang"} | ({"--json"} if name not in _FOR_PEOPLE else set()) <= options, name
    for option in ("--inventory", "--json", "--lang"):
        assert f"`{option}" in README


@pytest.mark.parametrize("code", list(Exit))
def test_every_exit_code_is_in_readme(code: Exit) -> None:
    assert re.search(rf"^\| {code.value} \|", README, re.MULTILINE)


def test_help_in_readme_is_what_the_program_prints() -> None:
    printed = subprocess.run(
        [str(FOSA), "--help"],
        env={"FOSA_LANG": "en", "COLUMNS": "100", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    block = re.search(r"```\n\$ fosa --help\n(.*?)```", README, re.DOTALL)
    assert block is not None
    assert [line.rstrip() for line in block[1].strip().splitlines()] == [
        line.rstrip() for line in printed.strip().splitlines()
    ]
