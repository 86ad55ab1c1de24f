"""Changes made through the service of the practice office: asked for, approved, begun, and looked at afterwards."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from persons import as_approver, people
from standing import NAME, STATE, office_folder, until
from table import expect, fosa
from watching import Served, served

from api.changes.model import Change, ChangeState, Ended, Progress
from api.changes.shelf import CHANGES
from api.desk.client import Client
from api.plans.model import Plan
from api.plans.shelf import PLANS
from api.plans.verbs import APPROVE, BEGIN, PROPOSE, WITHDRAW, Approving, Proposal, Reasoned, WhichPlan
from api.serve.place import Place
from api.store.ledger import Ledger
from inventory.course import Step
from inventory.errors import FosaError
from inventory.load import load
from lab.inspection import Inspection
from lab.paths import LabPaths
from tests.api.work.truth import breaks

__all__ = ["DEVICES", "Office", "office", "served_again"]

DEVICES = ("gw-b", "gw-c")
_FLOWS = "services: [web, dns{more}]"
_MORE = tuple(
    "".join(f", {name}" for name in names)
    for count in range(4)
    for names in itertools.combinations(("ssh", "ntp", "snmp"), count)
)
"""So many that the next one is run by no device, although changes of some have been taken back."""
_PATIENCE_S = 180.0


@dataclass(slots=True)
class Office:
    """A served practice office in which plans are made, by uid 0, and approved, by another."""

    there: Served
    ledger: Ledger
    folder: Path

    @property
    def state(self) -> Path:
        """The state folder of the service."""
        return LabPaths.of(NAME, STATE).folder

    @property
    def desk(self) -> Client:
        """The desk, for who runs this."""
        return Client(Place.of(self.state).desk)

    def renew(self) -> None:
        """Another harmless change in the inventory, which the service reads anew."""
        path = self.folder / "flows.yaml"
        text = path.read_text(encoding="utf-8")
        now = next((more for more in _MORE if _FLOWS.format(more=more) in text), None)
        expect("the guests' services in the inventory", holds=now is not None)
        then = _MORE[(_MORE.index(now or "") + 1) % len(_MORE)]
        path.write_text(text.replace(_FLOWS.format(more=now), _FLOWS.format(more=then), 1), encoding="utf-8")
        self.read_anew()

    def read_anew(self) -> None:
        """Have the service read its inventory."""
        worker = self.there.part("worker")
        os.kill(self.there.supervisor, signal.SIGHUP)
        expect("a new worker", holds=until(lambda: self.there.part("worker") not in {0, worker}, 60))
        expect("a desk", holds=until(self._answers, 30), seen=self.there.said())

    def propose(self, *devices: str) -> Plan:
        """A plan; fails when there is nothing to do."""
        found = self.desk.call(PROPOSE, Proposal(devices=devices, why="a row of the table"))
        expect("something to do", holds=found.shown is not None, seen=found.left_out)
        assert found.shown is not None
        return found.shown.plan

    def kept(self, plan: Plan) -> Plan:
        """As the ledger has it: in full, with the text of its files."""
        found = self.ledger.get(PLANS, plan.id)
        assert found is not None
        return found.value

    def approve(self, plan: Plan) -> None:
        """By somebody else than who made it."""
        asked = Approving(plan=plan.id, digest=self.kept(plan).digest)
        desk = Place.of(self.state).desk
        as_approver(desk.parent, lambda: Client(Path(desk.name)).call(APPROVE, asked))

    def begin(self, *devices: str) -> Plan:
        """A plan for these devices that is approved and begins at once."""
        plan = self.propose(*devices)
        self.approve(plan)
        self.desk.call(BEGIN, WhichPlan(plan=plan.id))
        return plan

    def reaches(self, plan: Plan, step: Step, device: str = "") -> None:
        """Wait until the change comes to a step."""

        def told() -> bool:
            lines = (Progress.model_validate_json(line.text) for line in self.ledger.told(f"change {plan.id}"))
            return any(line.step is step and device in {"", line.device} for line in lines)

        expect(f"the step {step}", holds=until(told, 60), seen=self._told(plan))

    def ended(self, plan: Plan) -> Change:
        """Wait for the end."""
        expect("an end", holds=until(lambda: self._over(plan), _PATIENCE_S), seen=self._told(plan))
        kept = self.ledger.get(CHANGES, plan.id)
        assert kept is not None
        return kept.value

    def true(self, plan: Plan) -> Change:
        """The end of a change, once everything is in order again and nothing is left unknown; fails unless the record
        tells the truth.
        """
        self.ended(plan)
        self._in_order()
        change = self._certain(plan)
        for name, end in change.devices.items():
            runs = self._runs(plan, name)
            expect(f"{name} old or new as a whole", holds=runs in {"old", "new"}, seen=runs)
            expect("the truth", holds=(end.ended is Ended.CHANGED) == (runs == "new"), seen=(end, runs))
        self.sound()
        return change

    def sound(self) -> None:
        """Fail unless the audit verifies."""
        found = list(breaks(self.ledger))
        expect("a whole chain", holds=not found, seen=found)
        audit = fosa("audit", "verify", FOSA_STATE=str(self.state), FOSA_INVENTORY=str(self.folder))
        expect("fosa audit verify to find it whole", holds=audit.code == 0, seen=audit.text)

    def _certain(self, plan: Plan) -> Change:
        """The record, once devices that had been silent have been looked at again."""

        def kept() -> Change:
            found = self.ledger.get(CHANGES, plan.id)
            assert found is not None
            return found.value

        certain = until(lambda: kept().state is not ChangeState.UNKNOWN, _PATIENCE_S)
        expect("nothing left unknown", holds=certain, seen=self._told(plan))
        return kept()

    def _told(self, plan: Plan) -> str:
        kept = self.ledger.get(CHANGES, plan.id)
        lines = [line.text for line in self.ledger.told(f"change {plan.id}")]
        return "\n".join([self.there.said(), *lines, kept.value.model_dump_json() if kept else "no change"])

    def _in_order(self) -> None:
        """All tunnels up and fosa well. A device nobody could reach is back only when its dead-man has acted; and the
        page is only for who has an account.
        """
        loaded = load(self.folder).require()
        wanted, inspection = {tunnel.name for tunnel in loaded.tunnels}, Inspection(NAME, STATE, loaded)
        well = until(lambda: wanted <= inspection.tunnels_up() and self.there.health().code == 200, _PATIENCE_S)
        expect("everything in order", holds=well, seen=(inspection.tunnels_up(), self.there.health().text))

    def _over(self, plan: Plan) -> bool:
        kept = self.ledger.get(CHANGES, plan.id)
        return kept is not None and kept.value.ended_at is not None

    def _runs(self, plan: Plan, name: str) -> str:
        """Old or new, as a plan made now finds it; else how it differs."""
        found = self.desk.call(PROPOSE, Proposal(devices=(name,), why="what it runs now")).shown
        if found is None:
            return "new"
        self.desk.call(WITHDRAW, Reasoned(plan=found.plan.id, why="it only looked"))
        return "old" if found.plan.device(name).base == plan.device(name).base else str(found.plan.device(name).diffs)

    def _answers(self) -> bool:
        from api.desk.verb import Nothing
        from api.work.verbs import LIST

        with contextlib.suppress(FosaError):
            self.desk.call(LIST, Nothing())
            return True
        return False


@contextlib.contextmanager
def office(server: str = "", executor: str = "work") -> Iterator[Office]:
    """Serve it, with people to work in it; ledger and engine in files, or in the database of that URL."""
    folder = office_folder()
    with served(more=_where(server, executor)) as there:
        ledger = Ledger(server or f"sqlite:///{LabPaths.of(NAME, STATE).folder}/ledger/ledger.db")
        try:
            people(ledger, folder)
            yield Office(there, ledger, folder)
        finally:
            ledger.close()
            _forget(LabPaths.of(NAME, STATE).folder)


@contextlib.contextmanager
def served_again(here: Office, server: str = "", executor: str = "work") -> Iterator[None]:
    """Serve it anew after everything was killed. There are accounts by now: only its health is everybody's to see."""
    with served(awaited=_well, more=_where(server, executor)) as there:
        here.there = there
        yield


def _where(server: str, executor: str) -> dict[str, str]:
    places = {"FOSA_LEDGER": server, "FOSA_WORK_STORE": server} if server else {}
    return {**places, "FOSA_EXECUTOR": executor}


def _well(there: Served) -> None:
    def holds() -> bool:
        with contextlib.suppress(OSError):
            return there.health().code == 200
        return False

    expect("health", holds=until(holds, 60), seen=there.said())


def _forget(state: Path) -> None:
    """The next row begins with nobody: `served` looks at the page for as long as everybody may. The work that still
    runs finds its files gone; it is ended next.
    """
    work = state / "work"
    for file in (*(state / "ledger").glob("*"), *work.glob("work.db*"), *work.rglob("checkpoints.ndjson")):
        file.unlink()
