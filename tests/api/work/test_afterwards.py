"""A change that nobody could see the end of, looked at again: the record becomes true once its devices answer."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.changes.model import Change, ChangeState, DeviceEnd, Ended
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.plans.model import Plan, PlanState
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger
from api.work.afterwards import Afterwards
from api.work.course import order
from api.work.hands import Hands, Hooks
from api.work.record import Record
from inventory.course import Restored
from inventory.load import load
from inventory.secrets import SecretStore
from inventory.sentence import say
from playbooks.drivers.base import Failure, FailureKind, Sections
from playbooks.order import Order
from tests.api.work.fleet import Fleet
from tests.api.work.plans import NOW, approve, old, plan
from tests.api.work.truth import lies

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
KEY = "p-20261123-0001"
SILENCE = say("no answer in time")
GONE = Failure(FailureKind.UNREACHABLE, SILENCE)
LEFT = DeviceEnd(ended=Ended.FAILED, restored=Restored.UNKNOWN, reason=SILENCE)
VERBS = ("fetch", "status")


@dataclass
class World:
    ledger: Ledger
    fleet: Fleet
    now: dt.datetime = NOW
    steady: float = 0.0
    kept: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        context = Context(
            Settings.from_environ({}),
            load(PILA).require(),
            self.ledger,
            SecretStore(PILA),
            lambda device: self.fleet.devices[device.name],
            lambda: self.now,
            PILA,
        )
        self.record = Record(self.ledger, lambda: self.now, "work", threading.Event())
        hands = Hands(lambda: context, Hooks(on_confirmed=self._keep))
        self.look = Afterwards(self.record, hands, lambda: self.steady)
        self.plan = plan(KEY, [["gw-b"], ["gw-c"]])
        approve(self.ledger, self.plan)
        self.record.begin(KEY)

    def arm(self, name: str) -> Order:
        """Bring a device's part into force."""
        part, device = order(self.plan, name), self.fleet.devices[name]
        device.stage(part.token, part.bundle)
        device.commit(part.token, 60)
        return part

    def lose(self, **ends: DeviceEnd) -> None:
        """The change ends with these devices silent and unknown."""
        known = {name.replace("_", "-"): end for name, end in ends.items()}
        self.record.end(KEY, {"gw-b": LEFT, "gw-c": LEFT, **known})

    def silent(self, name: str, *, so: bool) -> None:
        self.fleet.devices[name].faults = dict.fromkeys(VERBS, GONE) if so else {}

    @property
    def change(self) -> Change:
        found = self.ledger.get(CHANGES, KEY)
        assert found is not None
        return found.value

    def states(self) -> tuple[ChangeState, PlanState]:
        found = self.ledger.get(PLANS, KEY)
        assert found is not None
        return self.change.state, found.value.state

    def actions(self) -> list[str]:
        return [text.split('"action":"')[1].split('"')[0] for _number, text, _hash in self.ledger.entries()]

    def _keep(self, _plan: Plan, part: Order, _sections: Sections) -> None:
        self.kept.append(part.device)


@pytest.fixture
def world(ledger: Ledger, fleet: Fleet) -> World:
    return World(ledger, fleet)


def test_what_the_dead_man_took_back_is_found_out_once_the_device_answers(
    world: World, before: dict[str, dict[str, str]]
) -> None:
    for name in ("gw-b", "gw-c"):
        world.arm(name)
        world.silent(name, so=True)
    world.lose()
    assert world.change.state is ChangeState.UNKNOWN
    world.look()
    assert world.change.state is ChangeState.UNKNOWN
    world.silent("gw-b", so=False)
    world.look()
    # Armed still: its own dead-man decides.
    assert world.change.devices["gw-b"].restored is Restored.UNKNOWN
    world.fleet.advance(60)
    world.look()
    assert [end.restored for end in world.change.devices.values()] == [Restored.YES, Restored.UNKNOWN]
    assert world.look.since == {KEY: 0.0}
    assert world.change.state is ChangeState.UNKNOWN
    world.silent("gw-c", so=False)
    world.look()
    world.look()
    assert world.states() == (ChangeState.REVERTED, PlanState.FAILED)
    assert world.actions().count("change.find_out") == 2
    assert world.look.since == {}
    assert lies(world.ledger, world.fleet, KEY, before) == []


@pytest.mark.parametrize("both", [True, False])
def test_what_was_confirmed_after_all_is_found_out_and_kept(
    world: World, before: dict[str, dict[str, str]], *, both: bool
) -> None:
    for name in ("gw-b", "gw-c") if both else ("gw-b",):
        world.fleet.devices[name].confirm(world.arm(name).token)
    world.lose(**({} if both else {"gw_c": DeviceEnd(ended=Ended.NOT_BEGUN)}))
    world.look()
    state, fate = (ChangeState.DONE, PlanState.DONE) if both else (ChangeState.PARTLY, PlanState.FAILED)
    assert world.states() == (state, fate)
    assert world.kept == (["gw-b", "gw-c"] if both else ["gw-b"])
    assert lies(world.ledger, world.fleet, KEY, before) == []


def test_a_device_that_never_heard_of_it_is_believed_only_when_nothing_can_be_on_its_way(world: World) -> None:
    world.lose()
    world.look()
    # Whatever the clock on the wall is set to meanwhile.
    for days in (1, -2):
        world.now += dt.timedelta(days=days)
        world.look()
        assert world.states() == (ChangeState.UNKNOWN, PlanState.FAILED)
    world.steady += 121
    world.look()
    assert world.states() == (ChangeState.REVERTED, PlanState.FAILED)


def test_a_device_that_runs_something_else_stays_unknown(world: World) -> None:
    world.fleet.devices["gw-b"].revert(world.arm("gw-b").token)
    world.fleet.devices["gw-b"].running = {**old("gw-b"), "file /etc/one": "by hand"}
    world.lose(gw_c=DeviceEnd(ended=Ended.NOT_BEGUN))
    world.look()
    world.now, world.steady = world.now + dt.timedelta(hours=1), 3600.0
    world.look()
    assert world.change.state is ChangeState.UNKNOWN
    world.fleet.devices["gw-b"].running = old("gw-b")
    assert set(world.look.since) == {KEY}
    world.now += dt.timedelta(days=15)
    world.look()
    assert world.change.state is ChangeState.UNKNOWN
    assert world.look.since == {}
