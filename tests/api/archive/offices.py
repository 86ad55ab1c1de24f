"""Piła with gateways in memory, its archive and its desk, for tests of history and drift."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

from api.archive.archive import Archive
from api.archive.handlers import archive_of, handlers
from api.archive.keeper import Keeper
from api.chain import Entry
from api.desk.context import Context
from api.desk.verb import Verb
from api.people.model import Caller, Role
from api.plans.model import Plan
from api.settings import Settings
from api.store.ledger import Ledger
from inventory.load import load
from inventory.model import Office
from inventory.model.base import Value
from inventory.secrets import SecretStore
from playbooks.drivers.base import Staged
from playbooks.drivers.memory import MemoryDriver
from playbooks.order import Order
from templates.render import render

__all__ = ["ANNA", "EWA", "JAN", "NOW", "RULES", "Standing", "standing"]

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)

NOW = dt.datetime.fromisoformat("2026-11-23T09:00+01:00")
ANNA = Caller(account="anna", roles=frozenset({Role.OPERATOR}), origin="socket uid 1000")
EWA = Caller(account="ewa", roles=frozenset({Role.APPROVER}), origin="socket uid 1001")
JAN = Caller(account="jan", roles=frozenset({Role.VIEWER}), origin="socket uid 1002")
RULES = "file /etc/nftables.conf"
_PILA = Path(__file__).parents[3] / "inventory/examples/pila"


@dataclass
class Standing:
    """An office whose gateways run what the inventory says, and nobody has approved it yet."""

    office: Office
    ledger: Ledger
    folder: Path
    now: dt.datetime = NOW
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
            folder=self.folder / "work",
        )

    @property
    def archive(self) -> Archive:
        return archive_of(self.context)

    def ask(self, caller: Caller, verb: Verb[Asked, Answer], asked: Asked) -> Answer:
        """What the handler answers; the desk's own look at the caller's roles is not made."""
        return cast("Answer", handlers(self.context)[verb.name].handle(caller, asked))

    def carry_out(self, plan: Plan) -> None:
        """What the engine does with a plan, as far as device and archive see it."""
        keeper = Keeper(self.archive, self.ledger)
        for device in plan.devices:
            driver = self.drivers[device.name]
            order = Order(device.name, device, frozenset(), token=f"{plan.id}-{device.name}")
            keeper.found(plan, order, dict(driver.running))
            made = driver.normal(device)
            assert isinstance(made, Staged)
            driver.running = made.sections
            keeper.confirmed(plan, order, dict(driver.running))

    def type_in(self, device: str, line: str = "# typed by hand") -> None:
        """Somebody edits the rules on the device."""
        driver = self.drivers[device]
        driver.running = {**driver.running, RULES: f"{driver.running[RULES]}{line}\n"}

    def later(self, minutes: int = 10) -> None:
        self.now += dt.timedelta(minutes=minutes)

    def deeds(self) -> list[str]:
        """The audit: who, what, on what."""
        entries = (Entry.model_validate_json(text) for _number, text, _hash in self.ledger.entries())
        return [f"{entry.deed.who} {entry.deed.action} {entry.deed.subject}" for entry in entries]


def standing(folder: Path) -> Standing:
    """The office of the example, day 0 behind it."""
    office = load(_PILA, NOW.date()).require()
    ledger = Ledger(f"sqlite:///{folder}/ledger/ledger.db")
    ledger.migrate()
    made = Standing(office, ledger, folder)
    for device in office.managed:
        staged = MemoryDriver().normal(render(office, device, NOW.date()))
        assert isinstance(staged, Staged)
        tunnels = tuple(tunnel.name for tunnel in office.tunnels_of(device.name))
        made.drivers[device.name] = MemoryDriver(staged.sections, tunnels)
    return made
