"""No secret in anything fosa says or leaves behind, with a whole office pushed to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from inventory.load import load
from lab import office as practice
from tests.slots import lab_name

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]

FOSA = Path(sys.executable).parent / "fosa"
PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"

# Where a secret has to be: the office's own folder of secrets, and on a gateway's own disk for root alone.
AT_HOME = (
    "office/secrets/",
    "/snmpd.conf",
    "/var/lib/fosa/",
    "/var/lib/snmp/",
    "/etc/swanctl/private/",
    "/startup-config",
)
# The last is what an emulated switch has saved: its own memory, and a switch shows some of its secrets.


@dataclass(frozen=True, slots=True)
class Practice:
    """An office that stands, in a state folder nobody else uses."""

    name: str
    state: Path
    office: Path

    def fosa(self, *words: str) -> str:
        argv = practice.manager_command(self.name, self.state, [str(FOSA), *words])
        environ = {**os.environ, "FOSA_INVENTORY": str(self.office), "FOSA_STATE": str(self.state), "FOSA_LANG": "en"}
        done = subprocess.run(argv, env=environ, capture_output=True, text=True, timeout=250, check=False)
        return done.stdout + done.stderr


@pytest.fixture
def there(state: Path, tmp_path: Path) -> Iterator[Practice]:
    name, own = lab_name("secr"), tmp_path / "state"
    own.mkdir()
    (own / "daemons").symlink_to(state / "daemons")
    yield Practice(name, own, Path(practice.up(PILA, name, own).office))
    practice.down(name, own)


def test_no_secret_in_outputs_logs_state_and_evidence(there: Practice, tmp_path: Path) -> None:
    office, rendered = there.office, tmp_path / "rendered"
    snmp = load(office).require().network.snmp
    planted = [
        (office / ref.removeprefix("file:")).read_text(encoding="utf-8").strip() for ref in (snmp.auth, snmp.priv)
    ]
    planted += [
        (office / f"secrets/manager-{role}").read_text(encoding="utf-8").splitlines()[3] for role in ("read", "write")
    ]
    assert all(len(secret) >= 32 for secret in planted)

    said = [
        there.fosa("render"),
        there.fosa("render", "--out", str(rendered)),
        there.fosa("plan"),
        there.fosa("plan", "--json"),
        there.fosa("push", "--yes", "--carrier", "ansible", "gw-k"),
        there.fosa("push", "--yes", "--carrier", "ssh"),
    ]
    (office / "secrets/snmp-auth").write_text("another-secret-of-the-same-kind-0123456789", encoding="utf-8")
    said.append(there.fosa("plan"))
    assert "<secret:" in said[-1], "a changed secret is a difference"
    assert "gw-c         changed" in said[-2]

    assert not [text for text in said if any(secret in text for secret in planted)]
    assert list(there.state.glob("runs"))
    assert _holding(rendered, planted) == []
    assert _holding(there.state, planted) == []


def _holding(folder: Path, planted: list[str]) -> list[str]:
    """The files below a folder that hold a planted secret where it is not at home."""
    found = []
    for path in folder.rglob("*"):
        name = str(path)
        if path.is_file() and not path.is_symlink() and not any(home in name for home in AT_HOME):
            content = path.read_bytes()
            found += [name for secret in planted if secret.encode() in content]
    return found
