"""Faults in the inventory: every one is a single clear message, exit code 3, and nothing is written."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from table import Answer, Row, expect, fosa

__all__ = ["ROWS"]

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"


def _broken(breaks: Callable[[Path], None], message: str) -> Callable[[], str]:
    """A row: break a copy of Piła, check it, and find exactly one error that matches."""

    def check() -> str:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "office"
            shutil.copytree(PILA, folder)
            breaks(folder)
            return _one_error(fosa("check", str(folder)), message)

    return check


def _one_error(answer: Answer, message: str) -> str:
    expect("exit code 3", holds=answer.code == 3, seen=f"{answer.code}\n{answer.text}")
    expect("no traceback", holds="Traceback" not in answer.text, seen=answer.text)
    errors = [line for line in answer.text.splitlines() if line.startswith("error: ")]
    expect("one error", holds=len(errors) == 1, seen=answer.text)
    expect(f"a message like {message!r}", holds=re.search(message, errors[0]) is not None, seen=errors[0])
    expect("an answer within 5 s", holds=answer.seconds < 5, seen=answer.seconds)
    return errors[0]


def _append(file: str, text: str) -> Callable[[Path], None]:
    def breaks(folder: Path) -> None:
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return breaks


def _replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def breaks(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise LookupError(f"{old!r} is no longer in {file}")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return breaks


def _missing_folder() -> str:
    return _one_error(fosa("check", "/nonexistent/office"), r"/nonexistent/office.*(no such folder|does not exist)")


def _huge_file(folder: Path) -> None:
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)


def _alias_bomb(folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    (folder / "bomb.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


ROWS = (
    Row("missing-folder", _missing_folder, quick=True),
    Row("yaml-syntax", _broken(_append("zones.yaml", "  - {name: x, vlan: [\n"), r"zones\.yaml:\d+:"), quick=True),
    Row(
        "unknown-key",
        _broken(_replace("zones.yaml", "vlan: 10", "vlam: 10\n    vlan: 10"), r"zones\.yaml:\d+: .*vlam"),
        quick=True,
    ),
    Row("wrong-type", _broken(_replace("zones.yaml", "vlan: 10", "vlan: ten"), r"zones\.yaml:\d+: .*vlan")),
    Row("tabs", _broken(_append("zones.yaml", "\t- {name: x}\n"), r"zones\.yaml:\d+: .*tab")),
    Row(
        "duplicate-keys",
        _broken(_replace("zones.yaml", "vlan: 10", "vlan: 10\n    vlan: 11"), r"zones\.yaml:\d+: .*vlan"),
    ),
    Row("100-mb-file", _broken(_huge_file, r"huge\.yaml.*(large|bigger|more than|MiB)"), quick=True),
    Row("alias-bomb", _broken(_alias_bomb, r"bomb\.yaml:\d+: .*(anchor|alias)")),
    Row(
        "overlapping-prefixes",
        _broken(
            _replace("zones.yaml", "network: 10.64.5.0/24", "network: 10.64.4.128/25"), r"zones\.yaml:\d+: .*overlap"
        ),
    ),
)
