"""systemd's files: its own tools judge them; and the secrets that are handed over to a part."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from api.held import references
from api.serve import handover
from api.serve.installed import Installation, write_units
from inventory.errors import InputError, SecretError
from inventory.load import load

TWO = Path(__file__).parents[1] / "data" / "lab" / "two"
ACCESS = """
access:
  - device: gw-k
    read: {address: 10.70.0.1, user: fosa-read, key: "file:secrets/read"}
    write: {address: 10.70.0.1, user: fosa-write, key: "file:secrets/write"}
"""
PARTS = {"watch": 2.0, "work": 1.8, "edge": 1.1}
"""The exposure systemd finds at most; 10 is a service without any of this."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_units(tmp_path, Installation(Path("/var/lib/fosa"), Path("/etc/fosa/office"), 8064, "/usr/bin/python3"))
    return tmp_path


def tool(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not on this machine")
    return subprocess.run(words, capture_output=True, text=True, timeout=50, check=False)


def test_systemd_has_nothing_to_say_against_the_units(root: Path) -> None:
    units = [str(path) for path in (root / "usr/lib/systemd/system").iterdir()]
    assert len(units) == 7
    done = tool("systemd-analyze", "verify", "--man=no", *units)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_exposed_to_little(root: Path, part: str) -> None:
    unit = root / f"usr/lib/systemd/system/fosa-{part}.service"
    done = tool(
        "systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={PARTS[part] * 10:.0f}", str(unit)
    )
    assert done.returncode == 0, done.stdout[-200:]
    assert f"User=fosa-{part}\n" in unit.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes accounts")
def test_accounts_and_folders_are_made(root: Path) -> None:
    (root / "etc").mkdir()
    made = tool("systemd-sysusers", f"--root={root}")
    assert made.returncode == 0, made.stderr
    lines = (root / "etc/passwd").read_text().splitlines()
    uids = {line.split(":")[0]: int(line.split(":")[2]) for line in lines}
    assert {"fosa-watch", "fosa-edge", "fosa-work"} <= set(uids)
    made = tool("systemd-tmpfiles", "--create", f"--root={root}")
    assert made.returncode == 0, made.stderr
    found = {name: (root / "var/lib/fosa" / name).stat() for name in ("serve", "store", "ledger", "work", "desk")}
    assert {name: (entry.st_uid, stat.S_IMODE(entry.st_mode)) for name, entry in found.items()} == {
        "serve": (uids["fosa-watch"], 0o2750),
        "store": (uids["fosa-watch"], 0o2750),
        "ledger": (uids["fosa-work"], 0o700),
        "work": (uids["fosa-work"], 0o700),
        "desk": (uids["fosa-work"], 0o2755),
    }


def test_a_path_that_systemd_would_misread_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["units", "--to", str(tmp_path), "--state", "/var/lib/a b"]) == Exit.BAD_INPUT
    assert "without spaces" in capsys.readouterr().err
    assert run(["units", "--to", str(tmp_path), "--inventory", "/home/Anna/office"]) == Exit.BAD_INPUT
    assert "homes and temporary folders are closed" in capsys.readouterr().err
    assert run(["units", "--to", str(tmp_path), "--python", "/opt/fosa/bin/python", "--json"]) == Exit.DONE
    assert len(json.loads(capsys.readouterr().out)["files"]) == 9


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands over")
@pytest.mark.parametrize("part", ["watch", "work"])
def test_a_part_is_handed_what_it_may_have_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    folder = Path(shutil.copytree(TWO, tmp_path / "office"))
    (folder / "access.yaml").write_text(ACCESS)
    office = load(folder).require()
    read = {access.read.key for access in office.access}
    write = {access.write.key for access in office.access} - read
    for ref in references(office):
        kind, _colon, place = ref.partition(":")
        assert kind == "file"
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(f"what lies in {place}")
        (folder / place).chmod(0o600)
    monkeypatch.setenv("FOSA_INVENTORY", str(folder))
    monkeypatch.setenv(f"FOSA_{part.upper()}_USER", "daemon")
    file = tmp_path / "secrets"
    assert handover.main([part, "--to", str(file)]) == 0
    assert (file.stat().st_uid, stat.S_IMODE(file.stat().st_mode)) == (pwd.getpwnam("daemon").pw_uid, 0o400)
    held = handover.received(file)
    assert all(held.get(ref).get_secret_value().startswith("what lies in") for ref in read)
    for ref in write:
        if part == "work":
            assert held.get(ref)
        else:
            with pytest.raises(SecretError):
                held.get(ref)
    with pytest.raises(InputError, match="no secrets were handed over"):
        handover.received(file)
