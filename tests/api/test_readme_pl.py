"""README.pl.md: the same commands, options, codes and tour as README.md, and Polish help as the program prints it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGLISH, POLISH = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.pl.md"))
FOSA = Path(sys.executable).parent / "fosa"


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\| (`fosa .*?`) \|",  # the table of commands
        r"^\| (\d+) \|",  # the exit codes
        r"^\$ .*$",  # what the tour types
        r"^@@.*|^[-+ ]\t.*$",  # the difference it shows
        r"^##+ ",  # the sections
    ],
)
def test_both_readmes_hold_the_same(pattern: str) -> None:
    # The measurements stand in README.md alone.
    english = re.sub(r"^## Performance\n.*?(?=^## )", "", ENGLISH, flags=re.MULTILINE | re.DOTALL)
    expected = re.findall(pattern, english, re.MULTILINE)
    assert expected
    assert re.findall(pattern, POLISH, re.MULTILINE) == expected


def test_help_in_the_polish_readme_is_what_the_program_prints() -> None:
    environ = {"FOSA_LANG": "pl", "COLUMNS": "100", "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"}
    command = [str(FOSA), "--help"]
    printed = subprocess.run(command, env=environ, capture_output=True, check=True).stdout.decode()
    block = re.search(r"```\n\$ fosa --help\n(.*?)```", POLISH, re.DOTALL)
    assert block is not None
    expected = [line.rstrip() for line in printed.strip().splitlines()]
    assert [line.rstrip() for line in block[1].strip().splitlines()] == expected
