"""House rules that no tool checks."""

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("inventory", "templates", "playbooks", "monitor", "api", "lab", "tests", "bench")
# Data may be as long as it must.
LONG = ("README", "requirements/lock.txt", "inventory/examples/", "inventory/locale/", "tests/data/")
# Put together here, so that this file does not name them itself.
HOSTS = ("pythonhosted" + ".org", "pypi" + ".org", "registry.npm" + "js", "deb." + "debian")
# A whole key, not the words that one is known by.
KEYS = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{100}")
HOMES = re.compile(r"(?<![\w.$}])/(?:work|farm|Users|home/[a-z]\w*)/" + "[a-z]")


@cache
def _files() -> tuple[Path, ...]:
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def _modules() -> list[Path]:
    return [path for path in _files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in CODE]


@pytest.fixture(autouse=True)
def _checkout() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: which files are the project's is not known")


def test_no_file_names_an_index_or_a_place_on_somebodys_machine() -> None:
    found = []
    for path in _files():
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path}: {host}" for host in (*HOSTS, str(ROOT)) if host in text]
        found += [f"{path}: {match[0]}" for match in HOMES.finditer(text)]
    assert not found


def test_no_file_holds_a_private_key() -> None:
    assert not [path for path in _files() if KEYS.search(path.read_bytes())]


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    names = {path: str(path.relative_to(ROOT)) for path in _files()}
    code = [path for path, name in names.items() if not name.startswith(LONG) and path.suffix != ".png"]
    assert not [names[path] for path in code if path.read_bytes().count(b"\n") > 400]


def test_every_module_says_what_it_is_for() -> None:
    empty = [path for path in _modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not empty


def test_no_test_folder_is_a_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_every_script_is_executable_sh_that_parses() -> None:
    for path in (ROOT / "scripts").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".sh":
            assert "Sourced, not run." in text
        else:
            assert text.startswith("#!/bin/sh\n# ")
            assert path.stat().st_mode & 0o111 == 0o111
        subprocess.run(["/bin/sh", "-n", str(path)], check=True)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111
