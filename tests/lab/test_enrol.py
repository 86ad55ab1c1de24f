"""A real gateway is taken in over a real network: the key compared, pinned, its accounts proved; then another box."""

import datetime as dt
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509

from api.dayzero import handlers as dayzero
from api.dayzero.coming import Coming
from api.dayzero.fingerprint import fingerprint
from api.dayzero.handlers import ENROLMENTS
from api.desk.client import Client
from api.desk.context import Context
from api.keys import handlers as keys
from api.keys import verbs
from api.keys.looking import OWN
from api.people.model import Role
from api.settings import Settings
from api.store.ledger import Ledger
from inventory.load import load
from inventory.secrets import SecretStore
from lab.device import Device
from lab.practice import Practice
from playbooks.drivers.memory import MemoryDriver
from tests.api.desk.desks import Doors, desk
from tests.api.keys.holders import MemoryKeys, request

pytestmark = pytest.mark.lab

FOSA = str(Path(sys.executable).with_name("fosa"))
PASSPHRASE = "nine tall poplars stand"
SHOW = ["ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub"]


@pytest.fixture
def folder(small: Practice, tmp_path: Path) -> Path:
    """Its inventory before anybody was enrolled; the manager's keys are there."""
    copy = tmp_path / "office"
    shutil.copytree(small.paths.office, copy)
    (copy / "access.yaml").unlink()
    return copy


def fosa(practice: Practice, folder: Path, *words: str, stdin: int | None = None) -> subprocess.CompletedProcess[str]:
    argv = practice.manager_command([FOSA, *words, "--inventory", str(folder)])
    environ = {**os.environ, "FOSA_STATE": str(folder.parent / "state"), "FOSA_LANG": "en"}
    return subprocess.run(
        argv, capture_output=True, text=True, check=False, env=environ, stdin=stdin or subprocess.DEVNULL, timeout=50
    )


def from_console(practice: Practice, device: str, folder: Path) -> str:
    """What somebody carries from the console in a file."""
    path = folder.parent / f"{device}.txt"
    path.write_text(practice.device(device).must(SHOW))
    return str(path)


def pinned(folder: Path, device: str) -> str | None:
    access = load(folder).require().access_to(device)
    return access.read.host_key if access else None


@contextmanager
def served(folder: Path) -> Iterator[Context]:
    """A desk for the inventory, at which this account is ewa. Of the gateways' keys it knows what it signed itself."""
    state = folder.parent / "state"
    (state / "desk").mkdir(parents=True)
    ledger = Ledger(f"sqlite:///{state}/desk/ledger/ledger.db")
    context = Context(
        settings=Settings.from_environ({"FOSA_STATE": str(state)}),
        office=load(folder).require(),
        ledger=ledger,
        secrets=SecretStore(folder),
        driver=lambda _device: MemoryDriver(),
        clock=lambda: dt.datetime.now(dt.UTC),
        folder=state / "work",
    )
    bound = {**dayzero.handlers(context), **keys.handlers(context, lambda _device: MemoryKeys())}
    doors = Doors(uids={os.getuid(): "ewa"}, roles=frozenset({Role.ADMIN}))
    with desk(state / "desk", bound, doors) as made:
        secrets = (folder / "secrets/office-ca.pem").read_text(), (folder / "secrets/office-ca.key").read_text()
        adopting = verbs.Adopting(certificate=secrets[0], key=secrets[1], passphrase=PASSPHRASE)
        made.client().call(verbs.ADOPT, adopting)
        yield context
    ledger.close()


def signed(context: Context, box: Device) -> verbs.Signed:
    """A certificate for a key that nobody has seen."""
    asked = verbs.Signing(device=box.name, request=request(box.name), passphrase=PASSPHRASE)
    return Client(context.settings.state / "desk/fosa.sock").call(verbs.SIGN, asked)


def test_a_gateway_is_enrolled_and_both_accounts_are_proved(small: Practice, folder: Path) -> None:
    done = fosa(small, folder, "enrol", "gw-b", "--from", from_console(small, "gw-b", folder), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert {check["proved"] for check in json.loads(done.stdout)["checks"]} == {"yes"}
    assert pinned(folder, "gw-b") == " ".join(small.device("gw-b").must(["cat", SHOW[2]]).split()[:2])
    assert "not written into the audit" in done.stderr

    again = fosa(small, folder, "enrol", "gw-b", "--from", from_console(small, "gw-b", folder))
    assert again.returncode == 0, again.stderr
    assert "pins it already" in again.stdout


def test_a_key_that_is_not_the_consoles_is_never_pinned(small: Practice, folder: Path) -> None:
    # As if gw-k stood between here and gw-b.
    other = from_console(small, "gw-k", folder)
    done = fosa(small, folder, "enrol", "gw-b", "--from", other, "--yes")
    assert done.returncode == 1
    assert "something stands between" in done.stderr
    assert pinned(folder, "gw-b") is None


def test_nobody_there_to_agree_means_no(small: Practice, folder: Path) -> None:
    done = fosa(small, folder, "enrol", "gw-b", "--from", from_console(small, "gw-b", folder))
    assert (done.returncode, pinned(folder, "gw-b")) == (3, None), done.stderr


def test_the_fingerprint_can_be_typed_in(small: Practice, folder: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        shown = small.device("gw-k").must(SHOW).split()[1]
        os.write(ours, f"nonsense\n{shown}\ny\n".encode())
        done = fosa(small, folder, "enrol", "gw-k", "--console", stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0, done.stderr
    assert pinned(folder, "gw-k") is not None
    before = done.stderr.split("The fingerprint it shows")[0]
    assert shown not in done.stdout.split("the host key is the one")[0] + before, "who sees it only says yes"


def test_a_silent_address_is_unreachable(small: Practice, folder: Path) -> None:
    reach = "address: 127.0.0.9, user: {}, key: file:secrets/manager-{}"
    roles = "".join(f", {role}: {{{reach.format(f'fosa-{role}', role)}}}" for role in ("read", "write"))
    (folder / "access.yaml").write_text(f"access: [{{device: gw-b{roles}}}]\n")
    done = fosa(small, folder, "enrol", "gw-b", "--from", from_console(small, "gw-b", folder), "--yes")
    assert (done.returncode, pinned(folder, "gw-b")) == (4, None), done.stderr


def test_another_box_takes_the_place_of_a_gateway(small: Practice, folder: Path) -> None:
    shutil.copy(small.paths.office / "access.yaml", folder)
    old, script = pinned(folder, "gw-b"), folder.parent / "day-zero.sh"
    same = fosa(small, folder, "replace", "gw-b", "--from", from_console(small, "gw-b", folder), "--yes")
    assert same.returncode == 3, "the old box is no new one"

    assert fosa(small, folder, "replace", "gw-b", "--out", str(script)).returncode == 0
    box = small.device("gw-b")
    box.must(["/bin/sh", "-c", "rm /etc/ssh/ssh_host_ed25519_key*"])
    said = box.must(["/bin/sh", "-eu", "-s"], text=script.read_text())
    box.must(["systemctl", "restart", "ssh"])
    (folder.parent / "said.txt").write_text(said)
    given = str(folder.parent / "said.txt")

    refused = fosa(small, folder, "enrol", "gw-b", "--from", given, "--yes")
    assert (refused.returncode, pinned(folder, "gw-b")) == (3, old), refused.stderr
    replaced = fosa(small, folder, "replace", "gw-b", "--from", given, "--yes")
    assert replaced.returncode == 2, replaced.stdout + replaced.stderr
    assert "what the old box of gw-b could still prove" in replaced.stderr, "no service, no register: that is said"
    assert pinned(folder, "gw-b") not in {old, None}
    assert str(old) not in (folder / "access.yaml").read_text().split("gw-b")[1]


def test_what_the_old_box_could_still_prove_itself_by_is_to_be_revoked(small: Practice, folder: Path) -> None:
    pinned_before = "ssh-ed25519 " + "A" * 68
    text = (small.paths.office / "access.yaml").read_text()
    (folder / "access.yaml").write_text(re.sub(r"ssh-ed25519 \S+", pinned_before, text))
    box = small.device("gw-b")
    certificate = box.must(["cat", OWN])
    with served(folder) as context:
        old, new = (signed(context, box) for _time in range(2))
        box.must(["/bin/sh", "-c", f"cat >{OWN}"], text=new.certificate)
        try:
            given = from_console(small, "gw-b", folder)
            done = fosa(small, folder, "replace", "gw-b", "--from", given, "--yes")
        finally:
            box.must(["/bin/sh", "-c", f"cat >{OWN}"], text=certificate)
        kept = context.ledger.get(ENROLMENTS, "gw-b")
    # Nobody can type the passphrase here: what is left to do is said.
    assert done.returncode == 2, done.stderr
    serial = x509.load_pem_x509_certificate(old.certificate.encode()).serial_number
    assert f"fosa keys revoke {serial:x} " in done.stderr
    assert f"{x509.load_pem_x509_certificate(new.certificate.encode()).serial_number:x}" not in done.stderr
    assert kept is not None
    assert (kept.value.who, kept.value.coming) == ("ewa", Coming.REPLACED)
    assert kept.value.previous == fingerprint(pinned_before)
