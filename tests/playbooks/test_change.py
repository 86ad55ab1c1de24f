"""The order of a change, on devices in memory: what fails is taken back, what is silent takes itself back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import pytest

from inventory.load import load
from playbooks.change import (
    Changed,
    Event,
    Expected,
    Failed,
    Interrupted,
    Order,
    Ports,
    Restored,
    Step,
    Unchanged,
    Unreachable,
    push,
    waves,
)
from playbooks.drivers.base import Armed, Bundle, Confirmed, Failure, FailureKind, Fetched, Reverted, Sections, Staged
from playbooks.drivers.memory import MemoryDriver
from playbooks.verify import Verify, expected_tunnels

OLD = {"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}
NEW = {"file /etc/nftables.conf": "# fosa: mode 0644\nnew\n"}
PILA = Path("inventory/examples/pila")


class Ticking(Protocol):
    """A clock that goes on only when told to."""

    def __call__(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass
class Story:
    """What a push told."""

    events: list[Event] = field(default_factory=list)

    def steps(self, device: str) -> list[Step]:
        return [event.step for event in self.events if event.device == device]


def ports(story: Story, clock: Ticking, revert_after: int = 60) -> Ports:
    return Ports(Verify(clock=clock, sleep=clock.sleep), story.events.append, revert_after)


def test_changes_a_device(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    story = Story()
    outcome = push([Order("gw-b", memory, new, frozenset({"k-b"}))], ports(story, clock))
    assert outcome == {"gw-b": Changed()}
    assert memory.running == NEW
    assert story.steps("gw-b") == [Step.STAGE, Step.COMMIT, Step.VERIFY, Step.CONFIRM, Step.DONE]
    clock.sleep(1000)
    assert memory.fetch() == Fetched(NEW)


def test_has_nothing_to_do_the_second_time(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    story = Story()
    push([Order("gw-b", memory, new)], ports(Story(), clock))
    assert push([Order("gw-b", memory, new)], ports(story, clock)) == {"gw-b": Unchanged()}
    assert story.steps("gw-b") == [Step.STAGE, Step.DONE]
    assert memory.calls[-1] == "discard"


def test_a_change_that_cuts_the_way_comes_back_by_itself(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    memory.reachable = lambda sections: sections != NEW
    outcome = push([Order("gw-b", memory, new)], ports(Story(), clock))["gw-b"]
    assert outcome == Failed("no answer in time", Restored.UNKNOWN)
    clock.sleep(60)
    assert memory.fetch() == Fetched(OLD)


def test_a_tunnel_that_does_not_come_back_takes_the_change_back(
    memory: MemoryDriver, new: Bundle, clock: Ticking
) -> None:
    class Broken(MemoryDriver):
        def commit(self, token: str, revert_after: int) -> Armed | Failure:
            self.tunnels = ()
            return MemoryDriver.commit(self, token, revert_after)

    device = Broken(OLD, ("k-b",), clock)
    outcome = push([Order("gw-b", device, new, frozenset({"k-b", "k-c"}))], ports(Story(), clock))
    assert outcome == {"gw-b": Failed("not up: k-b", Restored.YES)}
    assert device.running == OLD


def test_a_device_that_runs_otherwise_than_meant_is_taken_back(new: Bundle, clock: Ticking) -> None:
    class Stubborn(MemoryDriver):
        def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
            staged = MemoryDriver.stage(self, token, bundle)
            return replace(staged, sections={"kernel nftables": "x\n"}) if isinstance(staged, Staged) else staged

    outcome = push([Order("gw-b", Stubborn(OLD, clock=clock), new)], ports(Story(), clock))["gw-b"]
    assert isinstance(outcome, Failed)
    assert outcome.restored is Restored.YES
    assert "kernel nftables" in outcome.reason


REFUSED = Failure(FailureKind.INVALID, "line 3: syntax error", "/etc/nftables.conf")


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ({"stage": REFUSED}, Failed("/etc/nftables.conf: line 3: syntax error", Restored.UNTOUCHED)),
        ({"stage": Failure(FailureKind.NO_SPACE, "full")}, Failed("full", Restored.UNTOUCHED)),
        ({"stage": Failure(FailureKind.HOST_KEY, "another")}, Failed("another", Restored.UNTOUCHED)),
        ({"stage": Failure(FailureKind.UNREACHABLE, "silence")}, Unreachable("silence")),
        ({"commit": Failure(FailureKind.MOVED, "moved")}, Failed("moved", Restored.UNTOUCHED)),
        ({"commit": Failure(FailureKind.BUSY, "busy")}, Failed("busy", Restored.UNTOUCHED)),
        ({"commit": Failure(FailureKind.DEVICE, "unit")}, Failed("unit", Restored.YES)),
        ({"status": Failure(FailureKind.UNREACHABLE, "cut")}, Failed("cut", Restored.YES)),
        ({"confirm": Failure(FailureKind.UNREACHABLE, "cut")}, Failed("cut", Restored.YES)),
    ],
)
def test_a_failure_leaves_the_device_as_it_was(
    faults: Mapping[str, Failure], outcome: object, memory: MemoryDriver, new: Bundle, clock: Ticking
) -> None:
    memory.faults = faults
    other = MemoryDriver(OLD, clock=clock)
    outcomes = push([Order("gw-b", memory, new), Order("gw-c", other, new)], ports(Story(), clock))
    assert outcomes == {"gw-b": outcome, "gw-c": Changed()}
    assert (memory.running, other.running) == (OLD, NEW)


def test_an_answer_that_got_lost_is_asked_for_again(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    class Lossy(MemoryDriver):
        def confirm(self, token: str) -> Confirmed | Failure:
            answer = MemoryDriver.confirm(self, token)
            return Failure(FailureKind.UNREACHABLE, "lost") if self.calls.count("confirm") == 1 else answer

    device = Lossy(OLD, clock=clock)
    assert push([Order("gw-b", device, new)], ports(Story(), clock)) == {"gw-b": Changed()}


def test_a_confirmation_whose_answers_are_all_lost_is_found_out(new: Bundle, clock: Ticking) -> None:
    class Lossy(MemoryDriver):
        def confirm(self, token: str) -> Confirmed | Failure:
            MemoryDriver.confirm(self, token)
            return Failure(FailureKind.UNREACHABLE, "lost")

    device = Lossy(OLD, clock=clock)
    assert push([Order("gw-b", device, new)], ports(Story(), clock)) == {"gw-b": Changed()}
    assert device.running == NEW


def test_a_revert_that_comes_before_its_commit_prevents_it(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    assert memory.revert("first") == Reverted()
    assert isinstance(memory.commit("first", 60), Failure)
    assert memory.running == OLD


def test_a_change_confirmed_too_late_has_taken_itself_back(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    def slow(order: Order, expected: Expected) -> None:
        clock.sleep(61)

    outcome = push([Order("gw-b", memory, new)], Ports(slow, Story().events.append, 60))["gw-b"]
    assert isinstance(outcome, Failed)
    assert outcome.restored is Restored.YES
    assert memory.running == OLD


@pytest.mark.parametrize(
    ("verb", "restored"),
    [("stage", Restored.UNTOUCHED), ("commit", Restored.YES), ("status", Restored.YES), ("fetch", Restored.YES)],
)
def test_a_ctrl_c_takes_back_what_is_armed(verb: str, restored: Restored, new: Bundle, clock: Ticking) -> None:
    pressed: list[str] = []

    def press(_sections: Sections) -> bool:
        if device.calls[-1] == verb and not pressed:
            pressed.append(verb)
            raise KeyboardInterrupt
        return True

    device = MemoryDriver(OLD, clock=clock, reachable=press)
    other = MemoryDriver(OLD, clock=clock)
    outcomes = push([Order("gw-b", device, new), Order("gw-c", other, new)], ports(Story(), clock))
    assert outcomes == {"gw-b": Interrupted(restored), "gw-c": Interrupted(Restored.UNTOUCHED)}
    assert (device.running, other.running, other.calls) == (OLD, OLD, [])


def test_who_was_out_of_reach_is_tried_again_when_the_way_has_changed(
    memory: MemoryDriver, new: Bundle, clock: Ticking
) -> None:
    far = MemoryDriver(OLD, clock=clock, reachable=lambda _sections: memory.running == NEW)
    outcomes = push([Order("gw-b", far, new), Order("gw-k", memory, new)], ports(Story(), clock))
    assert outcomes == {"gw-b": Changed(), "gw-k": Changed()}


def test_one_change_at_a_time(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    memory.stage("second", new)
    assert isinstance(memory.commit("first", 60), Armed)
    assert isinstance(busy := memory.commit("second", 60), Failure)
    assert busy.kind is FailureKind.BUSY


def test_a_device_that_moved_meanwhile_is_left_alone(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    memory.running = {"kernel nftables": "by hand\n"}
    assert isinstance(moved := memory.commit("first", 60), Failure)
    assert (moved.kind, memory.running) == (FailureKind.MOVED, {"kernel nftables": "by hand\n"})


def test_settled_changes_stay_settled(memory: MemoryDriver, new: Bundle) -> None:
    memory.stage("first", new)
    memory.commit("first", 60)
    assert (memory.revert("first"), memory.revert("first")) == (Reverted(), Reverted())
    assert isinstance(late := memory.confirm("first"), Failure)
    assert late.kind is FailureKind.EXPIRED


def test_the_way_to_all_others_is_changed_last() -> None:
    office = load(PILA).require()
    order = [[device.name for device in wave] for wave in waves(office, office.managed)]
    assert order == [["gw-b", "gw-c"], ["gw-k"]]


def test_expects_the_tunnels_of_the_inventory() -> None:
    office = load(PILA).require()
    assert expected_tunnels(office, office.device("gw-b")) == {"k-b"}
