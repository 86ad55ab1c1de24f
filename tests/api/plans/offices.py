"""Piła with gateways in memory, a ledger, and people, for trying plans without a device."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from api.chain import Deed, Entry
from api.desk.context import Context
from api.desk.verb import Verb
from api.people.model import Caller, Role
from api.plans import verbs
from api.plans.handlers import handlers
from api.plans.model import Plan, PlanState
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger, Put
from inventory.load import load
from inventory.model import Flow, Office
from inventory.model.base import Value
from inventory.secrets import SecretStore
from playbooks.drivers.base import Bundle, Staged
from playbooks.drivers.memory import MemoryDriver
from templates.render import render

__all__ = ["ANNA", "EWA", "JAN", "MONDAY", "Tried", "normal", "tried"]

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)

MONDAY = dt.datetime.fromisoformat("2026-11-23T09:00+01:00")
ANNA = Caller(account="anna", roles=frozenset({Role.OPERATOR}), origin="socket uid 1000")
EWA = Caller(account="ewa", roles=frozenset({Role.APPROVER, Role.OFFICER}), origin="socket uid 1001")
JAN = Caller(account="jan", roles=frozenset({Role.OPERATOR, Role.APPROVER, Role.ADMIN}), origin="socket uid 1002")
_PILA = Path(__file__).parents[3] / "inventory/examples/pila"


@dataclass
class Tried:
    """One office that plans are made for."""

    office: Office
    ledger: Ledger
    folder: Path
    now: dt.datetime = MONDAY
    drivers: dict[str, MemoryDriver] = field(default_factory=dict)

    @property
    def context(self) -> Context:
        return Context(
            settings=Settings.from_environ({"FOSA_STATE": str(self.folder)}),
            office=self.office,
            ledger=self.ledger,
            secrets=SecretStore(self.folder),
            driver=lambda device: self.drivers[device.name],
            clock=lambda: self.now,
            folder=self.folder,
        )

    def ask(self, caller: Caller, verb: Verb[Asked, Answer], asked: Asked) -> Answer:
        """What the handler answers; the desk's own look at the caller's roles is not made."""
        return cast("Answer", handlers(self.context)[verb.name].handle(caller, asked))

    def propose(self, *devices: str, why: str = "as the inventory says") -> verbs.Shown:
        shown = self.ask(ANNA, verbs.PROPOSE, verbs.Proposal(devices=devices, why=why)).shown
        assert shown is not None
        return shown

    def approved(self, *devices: str) -> str:
        shown = self.propose(*devices)
        self.ask(EWA, verbs.APPROVE, verbs.Approving(plan=shown.plan.id, digest=shown.digest))
        return shown.plan.id

    def plan(self, name: str) -> Plan:
        kept = self.ledger.get(PLANS, name)
        assert kept is not None
        return kept.value

    def deeds(self) -> list[str]:
        """The audit: who, what, on what."""
        entries = (Entry.model_validate_json(text) for _number, text, _hash in self.ledger.entries())
        return [f"{entry.deed.who} {entry.deed.action} {entry.deed.subject}" for entry in entries]

    def add_flow(self, until: dt.date | None, service: str = "ssh", name: str = "repair") -> None:
        """Let somebody from building b reach the file server in building k, until that day."""
        flow = Flow.model_validate(
            {
                "name": name,
                "from": ["zone:ps@b"],
                "to": ["device:file-k"],
                "services": [service],
                "owner": "asi",
                "purpose": "a repair",
                "until": until,
            }
        )
        self.office = self.office.model_copy(update={"flows": (*self.office.flows, flow)})

    def run(self, plan: Plan) -> None:
        """Let the gateways run a plan, confirmed, and say so in the ledger."""
        for device in plan.devices:
            self.drivers[device.name].running = normal(device)
        kept = self.ledger.get(PLANS, plan.id)
        assert kept is not None
        done = kept.value.model_copy(update={"state": PlanState.DONE})
        self.ledger.write(
            Deed(who="work", origin="work", action="change.end", subject=plan.id),
            [Put(PLANS, plan.id, done, kept.version)],
        )


def normal(bundle: Bundle) -> dict[str, str]:
    """What a gateway in memory runs once it has a bundle."""
    staged = MemoryDriver().normal(bundle)
    assert isinstance(staged, Staged)
    return dict(staged.sections)


def tried(folder: Path, day: dt.datetime = MONDAY) -> Tried:
    """Piła as rendered on that day, everywhere."""
    office = load(_PILA, day.date()).require()
    ledger = Ledger(f"sqlite:///{folder}/ledger/ledger.db")
    ledger.migrate()
    made = Tried(office, ledger, folder, day)
    made.ledger = Ledger(f"sqlite:///{folder}/ledger/ledger.db", clock=lambda: made.now)
    made.drivers = {
        device.name: MemoryDriver(
            normal(render(office, device, day.date())), tuple(t.name for t in office.tunnels_of(device.name))
        )
        for device in office.managed
    }
    return made
