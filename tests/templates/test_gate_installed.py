"""The gate as day 0 installs it: a launcher and a folder, run by the system's own Python and nothing else."""

import ast
import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inventory.model import Office
from templates.linux_gateway import gate
from templates.linux_gateway.gate.deadman import LAUNCHER
from templates.linux_gateway.programs import Programs
from templates.render import ManagerKeys, day_zero

SOURCES = sorted(Path(gate.__file__).parent.glob("*.py"))
STANDARD = sys.stdlib_module_names | {"collections.abc"}
KEY = f"ssh-ed25519 {'A' * 68}"

pytestmark = pytest.mark.skipif(not Path("/usr/bin/python3").exists(), reason="a gateway has /usr/bin/python3")


def install(office: Office, today: dt.date, place: Path, **more: str) -> Path:
    """Do what day 0 does about the gate, below another folder; the launcher."""
    files = {path.name: path.read_text() for path in SOURCES} | {f"{name}.py": text for name, text in more.items()}
    script = day_zero(office, office.device("gw-b"), ManagerKeys(KEY, KEY), today=today, programs=Programs(files, {}))
    end = "\nEND-OF-GATE\n"
    part = "put() {" + script.partition("\nput() {")[2].partition(end)[0] + end
    part = part.replace("/usr/local/lib/fosa", str(place))
    subprocess.run(["/bin/sh", "-eu"], input=f"umask 022\n{part}\n", text=True, check=True, capture_output=True)
    return place / "gate"


def left(place: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in place.rglob("*")}


def test_the_launcher_runs_the_folder_and_writes_nothing(pila: Office, today: dt.date, tmp_path: Path) -> None:
    launcher = install(pila, today, tmp_path)
    before = left(tmp_path)
    asked = subprocess.run([launcher, "read", "nothing"], capture_output=True, text=True, check=False)
    assert asked.returncode == 77, asked.stderr
    assert json.loads(asked.stdout)["code"] == "refused"
    assert left(tmp_path) == before
    assert {path.stem.partition(".")[0] for path in before if path.suffix == ".pyc"} == {path.stem for path in SOURCES}
    assert {path.name for path in before if os.access(path, os.X_OK) and path.is_file()} == {"gate"}


def test_day_0_again_replaces_the_whole_gate(pila: Office, today: dt.date, tmp_path: Path) -> None:
    install(pila, today, tmp_path, stale="")
    assert (tmp_path / "gate.d/gate/stale.py").exists()
    install(pila, today, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"gate", "gate.d"}
    assert {path.name for path in tmp_path.rglob("*.py")} == {path.name for path in SOURCES}
    assert not list(tmp_path.rglob("*stale*"))


def test_a_gate_that_this_python_cannot_run_does_not_replace_the_one_that_works(
    pila: Office, today: dt.date, tmp_path: Path
) -> None:
    launcher = install(pila, today, tmp_path)
    with pytest.raises(subprocess.CalledProcessError):
        install(pila, today, tmp_path, verbs="nonsense(\n")
    asked = subprocess.run([launcher, "read", "nothing"], capture_output=True, text=True, check=False)
    assert asked.returncode == 77, asked.stderr


def test_the_dead_man_is_started_by_the_launcher_that_day_0_writes(pila: Office, today: dt.date) -> None:
    script = day_zero(pila, pila.device("gw-b"), ManagerKeys(KEY, KEY), today=today, programs=Programs({}, {}))
    assert f"\nput {LAUNCHER} 0755 <<" in script


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_gateway_needs_no_newer_python_and_no_package(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text, feature_version=(3, 9))
    assert "from __future__ import annotations\n" in text or path.stem == "__init__"
    # A late import would find another version's files: a sleeper lives through a new day 0.
    late = [node for top in tree.body for node in ast.walk(top) if node is not top]
    assert not [node for node in late if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in tree.body:
        assert not isinstance(node, ast.Import) or {alias.name for alias in node.names} <= STANDARD
        assert not isinstance(node, ast.ImportFrom) or node.level == 1 or node.module in STANDARD
