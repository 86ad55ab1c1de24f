"""The course of a change over devices in memory, with crashes and failures wherever hypothesis wants them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from api.chain import Deed
from api.changes.model import Change, ChangeState, Ended
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.plans.model import PlanState
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger, Put
from api.work.course import Course
from api.work.hands import Hands
from api.work.model import STOPS, Stop
from api.work.record import Record
from api.work.script import LetGo
from inventory.course import Restored
from inventory.load import load
from inventory.secrets import SecretStore
from playbooks.drivers.base import Failure, FailureKind, Sections
from playbooks.drivers.memory import MemoryDriver
from tests.api.work.plans import NOW, approve, new, old, plan
from tests.api.work.scripts import Kept

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
OFFICE = load(PILA).require()
KEY = "p-20261123-0001"
NAMES = ("gw-b", "gw-c", "gw-k")
WAVES = (("gw-b",), ("gw-c", "gw-k"))


class World:
    """One office with an approved plan, its ledger in a folder of its own."""

    def __init__(self, folder: str, faults: Mapping[tuple[str, str], Failure] | None = None) -> None:
        self.ledger = Ledger(f"sqlite:///{folder}/ledger.db")
        self.ledger.migrate()
        self.now = 0.0
        self.devices = {
            name: MemoryDriver(
                old(name),
                clock=lambda: self.now,
                faults={verb: fault for (device, verb), fault in (faults or {}).items() if device == name},
            )
            for name in NAMES
        }
        context = Context(
            Settings.from_environ({}),
            OFFICE,
            self.ledger,
            SecretStore(PILA),
            lambda device: self.devices[device.name],
            lambda: NOW,
            Path(folder),
        )
        self.record = Record(self.ledger, lambda: NOW, "work", threading.Event())
        self.course = Course(self.record, Hands(lambda: context))
        self.kept = Kept()
        approve(self.ledger, plan(KEY, WAVES).model_copy(update={"revert_after_s": 60}))

    def run(self) -> Change:
        """Make the change, from the beginning after each crash; the record of it."""
        while True:
            self.kept.again()
            try:
                self.course.change(KEY, self.kept)
            except LetGo:
                continue
            return self.change

    def stop(self) -> None:
        """Somebody says stop."""
        deed = Deed(who="ewa", origin="console", action="change.stop", subject=f"change {KEY}")
        self.ledger.write(deed, [Put(STOPS, KEY, Stop(who="ewa", at=NOW))])

    @property
    def change(self) -> Change:
        kept = self.ledger.get(CHANGES, KEY)
        assert kept is not None
        return kept.value

    @property
    def plan_state(self) -> PlanState:
        kept = self.ledger.get(PLANS, KEY)
        assert kept is not None
        return kept.value.state

    def runs_new(self) -> dict[str, bool]:
        """Whether each device runs the new configuration; every one runs the old or the new as a whole."""
        for name, device in self.devices.items():
            device.status()
            assert dict(device.running) in (old(name), new(name, KEY))
        return {name: dict(device.running) == new(name, KEY) for name, device in self.devices.items()}


@contextmanager
def world(faults: Mapping[tuple[str, str], Failure] | None = None) -> Iterator[World]:
    with TemporaryDirectory() as folder:
        made = World(folder, faults)
        yield made
        made.ledger.close()


def test_changes_every_device() -> None:
    with world() as here:
        change = here.run()
        assert here.runs_new() == dict.fromkeys(NAMES, True)
        assert (change.state, here.plan_state) == (ChangeState.DONE, PlanState.DONE)
        assert [kept.value.ended_at for kept in here.ledger.list(CHANGES)] == [NOW]


def test_a_failed_wave_goes_back_and_the_one_before_stays() -> None:
    fault = Failure(FailureKind.DEVICE, "the disk is full")
    with world({("gw-k", "commit"): fault}) as here:
        change = here.run()
        assert here.runs_new() == {"gw-b": True, "gw-c": False, "gw-k": False}
        assert (change.state, here.plan_state) == (ChangeState.PARTLY, PlanState.FAILED)
        assert change.devices["gw-c"].restored is Restored.YES


def test_a_device_that_has_moved_lets_the_plan_expire() -> None:
    with world() as here:
        here.devices["gw-b"].running = {"file /etc/one": "somebody was here\n"}
        change = here.run()
        assert (change.state, here.plan_state) == (ChangeState.REVERTED, PlanState.EXPIRED)
        assert {name: end.ended for name, end in change.devices.items()} == {
            "gw-b": Ended.FAILED,
            "gw-c": Ended.NOT_BEGUN,
            "gw-k": Ended.NOT_BEGUN,
        }


def test_stopped_before_its_turn_it_is_not_begun() -> None:
    with world() as here:
        here.stop()
        change = here.run()
        assert here.runs_new() == dict.fromkeys(NAMES, False)
        assert {end.ended for end in change.devices.values()} == {Ended.NOT_BEGUN}
        assert "ewa" in str(change.devices["gw-b"].reason)
        assert here.devices["gw-b"].calls == ["status"]


def test_stopped_in_the_middle_it_takes_the_wave_back() -> None:
    with world() as here:

        def stop_once_it_runs(sections: Sections) -> bool:
            if dict(sections) == new("gw-c", KEY) and here.ledger.get(STOPS, KEY) is None:
                here.stop()
            return True

        here.devices["gw-c"].reachable = stop_once_it_runs
        change = here.run()
        assert here.runs_new() == {"gw-b": True, "gw-c": False, "gw-k": False}
        assert change.state is ChangeState.PARTLY
        assert str(change.devices["gw-k"].reason) == "stopped by ewa"


def test_what_broke_off_is_settled() -> None:
    with world() as here:
        here.kept.crashes = [(8, False)]
        here.kept.again()
        try:
            here.course.change(KEY, here.kept)
        except LetGo:
            here.course.settle(KEY, Kept())
        runs = here.runs_new()
        assert {name: end.ended is Ended.CHANGED for name, end in here.change.devices.items()} == runs
        assert here.plan_state is PlanState.FAILED


FAULTS = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["fetch", "stage", "commit", "confirm", "revert", "status"])),
    st.sampled_from([FailureKind.UNREACHABLE, FailureKind.DEVICE, FailureKind.PROTOCOL]).map(
        lambda kind: Failure(kind, "broken")
    ),
    max_size=1,
)
CRASHES = st.lists(st.tuples(st.integers(0, 24), st.booleans()), max_size=6)


@settings(max_examples=60)
@given(faults=FAULTS, crashes=CRASHES, late=st.booleans())
def test_whatever_fails_and_crashes_the_record_tells_the_truth(
    faults: dict[tuple[str, str], Failure], crashes: list[tuple[int, bool]], *, late: bool
) -> None:
    with world({key: fault for key, fault in faults.items() if key[1] != "status"}) as here:
        here.kept.crashes = crashes
        if late and crashes:
            here.kept.crashes = crashes[:1]
            here.kept.again()
            try:
                here.course.change(KEY, here.kept)
            except LetGo:
                here.now += 61
        change = here.run()
        here.now += 61
        runs = here.runs_new()
        for name, end in change.devices.items():
            assert end.restored is Restored.UNKNOWN or (end.ended is Ended.CHANGED) == runs[name]
        assert change.ended_at == NOW
        assert here.plan_state in {PlanState.DONE, PlanState.FAILED, PlanState.EXPIRED}
        told = [line.text for line in here.ledger.told(f"change {KEY}")]
        assert len([line for line in told if '"step":"done"' in line]) == len(NAMES)
