"""Switches through the service: proposed, changed with the work killed, found drifted, put back, undone; no secret."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from api.accounts.verbs import TOKEN_ADD
from api.archive import verbs
from api.archive.archive import Archive
from api.archive.drifted import Standing
from api.archive.model import OriginKind
from api.chain import Deed
from api.changes.model import Change, ChangeState, Progress
from api.changes.shelf import CHANGES
from api.cli.served import stop
from api.desk.client import Client
from api.desk.verb import Nothing
from api.people.accounts import Newcomer, newcomer_puts
from api.people.model import Action, Role
from api.people.registry import Registry
from api.people.sealing import Seal
from api.people.shelf import Proof
from api.people.tokens import Wanted
from api.plans.model import Kind
from api.plans.verbs import APPROVE, BEGIN, PROPOSE, Approving, Proposal, Shown, WhichPlan
from api.serve.place import Place
from api.store.ledger import Ledger
from api.work.verbs import SHOW, WhichChange
from inventory.course import Step
from inventory.errors import ConflictError, FosaError
from lab import office as practice
from playbooks.drivers.cli.driver import RUNNING
from tests.api.work.truth import breaks
from tests.slots import free_port, lab_name

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

FOSA = Path(sys.executable).parent / "fosa"
SOURCE = Path(__file__).parents[2] / "data" / "lab" / "switched"
SWITCHES = ("sw-1", "sw-2", "sw-3")
IOS, AOSCX, ROUTEROS = SWITCHES
BY_HAND = """
import sys
from netmiko import ConnectHandler
login = {"username": "fosa-write", "password": sys.stdin.read()}
with ConnectHandler(device_type="cisco_ios", host=sys.argv[1], **login) as line:
    line.send_config_set(["interface GigabitEthernet1/0/3", "description by-hand", "no shutdown"])
"""


@dataclass(frozen=True, slots=True)
class Office:
    """Served, with one person who may propose and approve: the office has chosen two eyes."""

    name: str
    state: Path
    folder: Path
    port: int
    ledger: Ledger

    @property
    def there(self) -> Path:
        return self.state / "labs" / self.name

    @property
    def desk(self) -> Client:
        return Client(Place.of(self.there).desk)

    @property
    def archive(self) -> Archive:
        return Archive(self.there / "work")

    def text(self, device: str, revision: str) -> list[str]:
        return self.archive.text(device, revision)[RUNNING].split("\n")

    def begin(self, shown: Shown | None) -> str:
        """Approve what was shown, and let it begin at once."""
        assert shown is not None
        asked = WhichPlan(plan=shown.plan.id)
        self.desk.call(APPROVE, Approving(plan=shown.plan.id, digest=shown.digest))
        self.desk.call(BEGIN, asked)
        return shown.plan.id

    def done(self, shown: Shown | None) -> Change:
        """The change of a plan, once it has ended."""
        plan = self.begin(shown)
        until(lambda: self.ended(plan))
        return self.desk.call(SHOW, WhichChange(plan=plan))

    def ended(self, plan: str) -> bool:
        kept = self.ledger.get(CHANGES, plan)
        return kept is not None and kept.value.ended_at is not None

    def reached(self, plan: str, step: Step) -> bool:
        told = (Progress.model_validate_json(line.text) for line in self.ledger.told(f"change {plan}"))
        return any(line.step is step for line in told)

    def standing(self, device: str) -> Standing:
        found = self.desk.call(verbs.LOOK, verbs.Which(devices=(device,))).round
        assert found is not None
        return found.devices[device].standing

    def secrets(self) -> dict[str, bytes]:
        """Of keys the part that tells them apart."""
        files = (self.folder / "secrets").iterdir()
        texts = {file.name: file.read_text().strip() for file in files if file.suffix != ".pem"}
        return {name: max(text.split("\n"), key=len).encode() for name, text in texts.items()}

    def worker(self) -> int:
        supervisor = int((self.there / "serve/lock").read_text())
        for pid in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
            if b"api.serve.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        raise LookupError


def until(met: Callable[[], bool], seconds: float = 90) -> None:
    limit = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def office(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    name, own, port = lab_name("swi"), tmp_path_factory.mktemp("switched") / "state", free_port()
    own.mkdir(mode=0o700)
    (own / "daemons").symlink_to(state / "daemons")
    try:
        folder = Path(practice.up(SOURCE, name, own).office)
        command = [str(FOSA), "lab", "serve", "--name", name, "--detach", "--port", str(port)]
        environ = {**os.environ, "FOSA_STATE": str(own), "FOSA_LANG": "en"}
        served = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
        assert served.returncode == 0, served.stderr
        ledger = Ledger(f"sqlite:///{own}/labs/{name}/ledger/ledger.db")
        made = Office(name, own, folder, port, ledger)
        until(lambda: _made_person(made))
        yield made
        ledger.close()
    finally:
        stop(name, own)
        practice.down(name, own)


def _made_person(office: Office) -> bool:
    registry = Registry(office.ledger, Seal.of(office.there / "work"))
    roles = frozenset({Role.ADMIN, Role.OPERATOR, Role.APPROVER})
    deed = Deed(who="console", origin="console", action="people.first", subject="account anna")
    with contextlib.suppress(FosaError):
        newcomer = Newcomer(name="anna", title="Anna", roles=roles, uid=os.getuid())
        office.ledger.write(deed, newcomer_puts(registry, newcomer, Proof(), "console"))
        return True
    return False


def test_a_change_of_every_switch_outlives_the_work(office: Office) -> None:
    asked = Proposal(devices=SWITCHES, why="as the inventory says")
    shown = office.desk.call(PROPOSE, asked).shown
    assert shown is not None
    assert shown.plan.waves[0] == (ROUTEROS,)
    plan = office.begin(shown)
    until(lambda: office.reached(plan, Step.VERIFY))
    os.kill(office.worker(), signal.SIGKILL)
    until(lambda: office.ended(plan))
    change = office.desk.call(SHOW, WhichChange(plan=plan))
    assert change.state is ChangeState.DONE, change
    for name in SWITCHES:
        newest, before, *_earlier = office.archive.revisions(name)
        assert (newest.origin.kind, newest.origin.plan, newest.bundle) == (OriginKind.CHANGE, plan, True)
        assert (before.origin.kind, before.origin.plan) == (OriginKind.DRIFT, plan)
        assert office.standing(name) is Standing.SAME
    assert office.desk.call(PROPOSE, asked).shown is None


def test_what_a_hand_has_typed_is_found_and_put_back(office: Office) -> None:
    password = (office.folder / "secrets/switches-write").read_text().strip()
    words = [sys.executable, "-c", BY_HAND, "10.71.0.11"]
    argv = practice.manager_command(office.name, office.state, words)
    subprocess.run(argv, input=password, text=True, capture_output=True, timeout=60, check=True)
    assert office.standing(IOS) is Standing.DRIFTED
    (drift,) = (each for each in office.desk.call(verbs.DRIFT, Nothing()).open if each.device == IOS)
    assert "+ description by-hand" in drift.diffs[0].lines
    back = office.done(office.desk.call(verbs.PUT_BACK, verbs.PutBack(device=IOS, why="not ours")))
    assert back.state is ChangeState.DONE, back
    assert office.standing(IOS) is Standing.SAME


@pytest.mark.parametrize(("name", "unknown"), [(AOSCX, ["snmp-server community"]), (ROUTEROS, [])])
def test_the_first_change_is_undone_as_far_as_its_secrets_are_known(
    office: Office, name: str, unknown: list[str]
) -> None:
    before = office.archive.revisions(name)[1]
    shown = office.desk.call(verbs.UNDO, verbs.Undoing(device=name, why="it was better before"))
    assert shown.plan.kind is Kind.UNDO
    change = office.done(shown)
    assert change.state is ChangeState.DONE, change
    newest = office.archive.revisions(name)[0]
    then = office.text(name, newest.id)
    lost = [line for line in office.text(name, before.id) if line not in then]
    assert [line.split(" <secret:")[0] for line in lost] == unknown
    assert all(any(line in str(sentence) for sentence in shown.plan.unjudged) for line in lost)
    assert office.standing(name) is Standing.SAME
    with pytest.raises(ConflictError, match="nothing to do"):
        office.desk.call(verbs.RESTORE, verbs.Restoration(device=name, revision=newest.id, why="again"))


def test_no_secret_of_a_switch_is_kept_or_shown(office: Office) -> None:
    secrets = office.secrets()
    assert len(secrets) > 10
    token = office.desk.call(TOKEN_ADD, Wanted(title="test", scope=frozenset({Action.SEE}), days=1)).token
    pages = ["/", "/plans", "/history", "/api/v1/devices", "/metrics", *(f"/history/{name}" for name in SWITCHES)]
    headers = {"Authorization": f"Bearer {token}"}
    answers = {page: httpx.get(f"http://127.0.0.1:{office.port}{page}", headers=headers, timeout=20) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(pages, 200)
    found = {page: answer.content for page, answer in answers.items()}
    found |= {str(file): file.read_bytes() for file in office.there.glob("[lwsd]*/**/*") if _kept(file)}
    git = ["git", "-c", "safe.directory=*", "--git-dir", str(office.there / "work/archive.git")]
    objects = ["cat-file", "--batch-all-objects", "--batch"]
    found["archive"] = subprocess.run([*git, *objects], capture_output=True, timeout=60, check=True).stdout
    assert b"hostname sw-1" in found["archive"]
    assert [(name, place) for name, secret in secrets.items() for place, text in found.items() if secret in text] == []
    assert list(breaks(office.ledger)) == []
    assert office.archive.check() > 10


def _kept(file: Path) -> bool:
    return file.is_file() and "devices" not in file.parts and "archive.git" not in file.parts
