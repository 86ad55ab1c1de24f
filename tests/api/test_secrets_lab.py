"""No secret in anything fosa says or leaves behind, with a whole office pushed to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import Settings
from inventory.load import load
from lab import office as practice

pytestmark = pytest.mark.lab

FOSA = Path(sys.executable).parent / "fosa"
PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"
NAME = f"m{os.getpid() % 1_000_000}"
STATE = Settings.from_environ(os.environ).state

# Where a secret has to be: the office's own folder of secrets, and on a gateway's own disk for root alone.
AT_HOME = ("office/secrets/", "/etc/snmp/snmpd.conf", "/var/lib/fosa/", "/var/lib/snmp/", "/etc/swanctl/private/")


@pytest.fixture(scope="module")
def office() -> Iterator[Path]:
    now = practice.up(PILA, NAME, STATE)
    yield Path(now.office)
    practice.down(NAME, STATE)


def _fosa(office: Path, *words: str) -> str:
    argv = practice.manager_command(NAME, STATE, [str(FOSA), *words])
    environ = {**os.environ, "FOSA_INVENTORY": str(office), "FOSA_LANG": "en"}
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=200, check=False)
    return done.stdout + done.stderr


def test_no_secret_in_outputs_logs_state_and_evidence(office: Path, tmp_path: Path) -> None:
    snmp = load(office).require().network.snmp
    planted = [
        (office / ref.removeprefix("file:")).read_text(encoding="utf-8").strip() for ref in (snmp.auth, snmp.priv)
    ]
    planted += [
        (office / f"secrets/manager-{role}").read_text(encoding="utf-8").splitlines()[3] for role in ("read", "write")
    ]
    assert all(len(secret) >= 32 for secret in planted)

    said = [
        _fosa(office, "render"),
        _fosa(office, "render", "--out", str(tmp_path)),
        _fosa(office, "plan"),
        _fosa(office, "plan", "--json"),
        _fosa(office, "push", "--yes", "--carrier", "ansible", "gw-k"),
        _fosa(office, "push", "--yes", "--carrier", "ssh"),
    ]
    (office / "secrets/snmp-auth").write_text("another-secret-of-the-same-kind-0123456789", encoding="utf-8")
    said.append(_fosa(office, "plan"))
    assert "<secret:" in said[-1], "a changed secret is a difference"
    assert "gw-c         changed" in said[-2]

    assert not [text for text in said if any(secret in text for secret in planted)]
    assert _holding(tmp_path, planted) == []
    assert _holding(STATE / "labs" / NAME, planted) == []
    assert _holding(STATE / "runs", planted) == []


def _holding(folder: Path, planted: list[str]) -> list[str]:
    """The files below a folder that hold a planted secret where it is not at home."""
    found = []
    for path in folder.rglob("*"):
        name = str(path)
        if path.is_file() and not path.is_symlink() and not any(home in name for home in AT_HOME):
            content = path.read_bytes()
            found += [name for secret in planted if secret.encode() in content]
    return found
