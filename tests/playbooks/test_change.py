"""The order of a change, on devices in memory: what fails is taken back, what is silent takes itself back."""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import pytest

from inventory.errors import StoreError
from inventory.sentence import Sentence
from playbooks.act import Actor, Direct
from playbooks.change import (
    Answer,
    Changed,
    Event,
    Failed,
    Interrupted,
    NotBegun,
    Order,
    Outcome,
    Restored,
    Step,
    Unchanged,
    Unreachable,
    change,
)
from playbooks.drivers.base import Armed, Bundle, Confirmed, Driver, Failure, FailureKind, Fetched, Sections, Staged
from playbooks.drivers.memory import MemoryDriver
from playbooks.plan import fingerprint
from playbooks.verify import Verify

OLD = {"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}
NEW = {"file /etc/nftables.conf": "# fosa: mode 0644\nnew\n"}
WHOLE = [Step.BACKUP, Step.STAGE, Step.COMMIT, Step.VERIFY, Step.CONFIRM, Step.DONE]


class Ticking(Protocol):
    """A clock that goes on only when told to."""

    def __call__(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


@dataclass
class Story:
    """What a change told."""

    events: list[Event] = field(default_factory=list)

    def steps(self, device: str) -> list[Step]:
        return [event.step for event in self.events if event.device == device]


@dataclass
class Stage:
    """Devices, and a clock for all."""

    drivers: dict[str, Driver]
    clock: Ticking
    new: Bundle
    story: Story = field(default_factory=Story)
    tunnels: frozenset[str] = frozenset({"k-b"})

    @property
    def actor(self) -> Actor:
        return Actor(self.drivers, 60, Verify(clock=self.clock, sleep=self.clock.sleep))

    def order(self, device: str) -> Order:
        return Order(device, self.new, self.tunnels)

    def push(self, *waves: Sequence[str], actor: Actor | None = None) -> dict[str, Outcome]:
        """The devices in waves; without waves all in one."""
        orders = [[self.order(name) for name in wave] for wave in waves or [tuple(self.drivers)]]
        return change(orders, Direct(actor or self.actor, self.story.events.append))


def one(driver: Driver, clock: Ticking, new: Bundle) -> Stage:
    return Stage({"gw-b": driver}, clock, new)


def several(clock: Ticking, new: Bundle, *names: str) -> tuple[Stage, dict[str, MemoryDriver]]:
    devices = {name: MemoryDriver(OLD, ("k-b",), clock) for name in names}
    return Stage(dict(devices), clock, new), devices


def failed(outcome: Outcome, text: str, restored: Restored) -> None:
    assert isinstance(outcome, Failed), outcome
    assert (str(outcome.reason), outcome.restored) == (text, restored)


# ---- One device ------------------------------------------------------------------------------------------------------


def test_changes_a_device(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    stage = one(memory, clock, new)
    assert stage.push() == {"gw-b": Changed()}
    assert memory.running == NEW
    assert stage.story.steps("gw-b") == WHOLE
    clock.sleep(1000)
    assert memory.fetch() == Fetched(NEW)


def test_has_nothing_to_do_the_second_time(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    one(memory, clock, new).push()
    again = one(memory, clock, new)
    assert again.push() == {"gw-b": Unchanged()}
    assert again.story.steps("gw-b") == [Step.BACKUP, Step.STAGE, Step.DONE]
    assert memory.calls[-1] == "discard"


def test_a_change_that_cuts_the_way_comes_back_by_itself(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    memory.reachable = lambda sections: sections != NEW
    failed(one(memory, clock, new).push()["gw-b"], "no answer in time", Restored.UNKNOWN)
    clock.sleep(60)
    assert memory.fetch() == Fetched(OLD)


def test_a_tunnel_that_does_not_come_back_takes_the_change_back(new: Bundle, clock: Ticking) -> None:
    class Broken(MemoryDriver):
        def commit(self, token: str, revert_after: int) -> Armed | Failure:
            self.tunnels = ()
            return MemoryDriver.commit(self, token, revert_after)

    device = Broken(OLD, ("k-b",), clock)
    stage = replace(one(device, clock, new), tunnels=frozenset({"k-b", "k-c"}))
    failed(stage.push()["gw-b"], "not up: k-b", Restored.YES)
    assert device.running == OLD


def test_a_device_that_runs_otherwise_than_meant_is_taken_back(new: Bundle, clock: Ticking) -> None:
    class Stubborn(MemoryDriver):
        def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
            staged = MemoryDriver.stage(self, token, bundle)
            return replace(staged, sections={"kernel nftables": "x\n"}) if isinstance(staged, Staged) else staged

    outcome = one(Stubborn(OLD, ("k-b",), clock), clock, new).push()["gw-b"]
    text = "it runs otherwise than meant: file /etc/nftables.conf, kernel nftables"
    failed(outcome, text, Restored.YES)


def test_a_change_that_is_judged_worse_is_taken_back(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    worse = Sentence(text="telnet would be open")
    stage = one(memory, clock, new)
    verify = replace(stage.actor.verify, judge=lambda _device, sections: worse if sections == NEW else None)
    failed(stage.push(actor=replace(stage.actor, verify=verify))["gw-b"], "telnet would be open", Restored.YES)
    assert memory.running == OLD


def test_a_device_that_moved_since_its_plan_is_left_alone(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    stage = one(memory, clock, new)
    planned = replace(stage.order("gw-b"), base=fingerprint(OLD))
    memory.running = {"kernel nftables": "by hand\n"}
    outcome = change([[planned]], Direct(stage.actor))["gw-b"]
    failed(outcome, "somebody has changed the device since the plan was made", Restored.UNTOUCHED)
    assert memory.calls == ["fetch"]
    memory.running = OLD
    assert change([[planned]], Direct(stage.actor)) == {"gw-b": Changed()}


REFUSED = Failure(FailureKind.INVALID, "line 3: syntax error", "/etc/nftables.conf")
INVALID = "the device finds a fault in the candidate: /etc/nftables.conf: line 3: syntax error"


@pytest.mark.parametrize(
    ("faults", "text", "restored"),
    [
        ({"stage": REFUSED}, INVALID, Restored.UNTOUCHED),
        ({"stage": Failure(FailureKind.NO_SPACE, "full")}, "no room on the device: full", Restored.UNTOUCHED),
        ({"stage": Failure(FailureKind.HOST_KEY, "another")}, "another", Restored.UNTOUCHED),
        (
            {"commit": Failure(FailureKind.MOVED, "moved")},
            "somebody has changed the device since the plan was made",
            Restored.UNTOUCHED,
        ),
        (
            {"commit": Failure(FailureKind.BUSY, "busy")},
            "another change is at work on the device",
            Restored.UNTOUCHED,
        ),
        ({"commit": Failure(FailureKind.DEVICE, "unit")}, "the device could not do it: unit", Restored.YES),
        ({"commit": Failure(FailureKind.PROTOCOL, "gibberish")}, "gibberish", Restored.YES),
        ({"status": Failure(FailureKind.UNREACHABLE, "cut")}, "cut", Restored.YES),
        ({"confirm": Failure(FailureKind.UNREACHABLE, "cut")}, "cut", Restored.YES),
    ],
)
def test_a_failure_takes_its_wave_back_and_ends_the_change(
    faults: Mapping[str, Failure], text: str, restored: Restored, new: Bundle, clock: Ticking
) -> None:
    stage, devices = several(clock, new, "gw-a", "gw-b", "gw-c", "gw-d")
    devices["gw-c"].faults = faults
    outcomes = stage.push(["gw-a"], ["gw-b", "gw-c"], ["gw-d"])
    failed(outcomes["gw-c"], text, restored)
    assert (outcomes["gw-a"], outcomes["gw-d"]) == (Changed(), NotBegun())
    assert devices["gw-d"].calls == []
    if "confirm" in faults:
        # What is confirmed is confirmed.
        assert outcomes["gw-b"] == Changed()
    else:
        untouched = Restored.UNTOUCHED if "stage" in faults else Restored.YES
        failed(outcomes["gw-b"], "taken back together with gw-c", untouched)
        assert devices["gw-b"].running == OLD
    assert (devices["gw-a"].running, devices["gw-c"].running, devices["gw-d"].running) == (NEW, OLD, OLD)


@pytest.mark.parametrize("verb", ["fetch", "stage"])
def test_a_device_out_of_reach_fails_its_wave_untouched(verb: str, new: Bundle, clock: Ticking) -> None:
    stage, devices = several(clock, new, "gw-b", "gw-c")
    devices["gw-c"].faults = {verb: Failure(FailureKind.UNREACHABLE, "silence")}
    outcomes = stage.push()
    assert outcomes["gw-c"] == Unreachable(Sentence(text="{why}", values={"why": "silence"}))
    failed(outcomes["gw-b"], "taken back together with gw-c", Restored.UNTOUCHED)
    assert "commit" not in devices["gw-b"].calls


def test_a_wave_goes_back_last_first(new: Bundle, clock: Ticking) -> None:
    stage, devices = several(clock, new, "gw-a", "gw-b", "gw-c")
    devices["gw-b"].faults = {"status": Failure(FailureKind.DEVICE, "no")}
    stage.push()
    told = [event.device for event in stage.story.events if event.step is Step.REVERT]
    assert told == ["gw-c", "gw-b", "gw-a"]


def test_who_has_nothing_to_do_is_not_in_the_way_of_the_others(new: Bundle, clock: Ticking) -> None:
    stage, devices = several(clock, new, "gw-a", "gw-b")
    devices["gw-a"].running = NEW
    devices["gw-b"].faults = {"commit": REFUSED}
    outcomes = stage.push()
    assert outcomes["gw-a"] == Unchanged()
    failed(outcomes["gw-b"], INVALID, Restored.YES)
    assert "revert" not in devices["gw-a"].calls


# ---- Answers that get lost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [1, 9])
def test_a_confirmation_whose_answer_is_lost_is_found_out(lost: int, new: Bundle, clock: Ticking) -> None:
    class Lossy(MemoryDriver):
        def confirm(self, token: str) -> Confirmed | Failure:
            answer = MemoryDriver.confirm(self, token)
            few = self.calls.count("confirm") <= lost
            return Failure(FailureKind.UNREACHABLE, "lost") if few else answer

    kept: list[Sections] = []
    device = Lossy(OLD, ("k-b",), clock)
    stage = one(device, clock, new)
    actor = replace(stage.actor, on_confirmed=lambda _order, sections: kept.append(sections))
    assert stage.push(actor=actor) == {"gw-b": Changed()}
    assert device.running == NEW
    assert kept == [NEW]


def test_a_change_confirmed_too_late_has_taken_itself_back(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    def slow(_device: str, _sections: Sections) -> None:
        clock.sleep(61)

    stage = one(memory, clock, new)
    verify = replace(stage.actor.verify, judge=slow)
    outcome = stage.push(actor=replace(stage.actor, verify=verify))["gw-b"]
    assert isinstance(outcome, Failed)
    assert outcome.restored is Restored.YES
    assert memory.running == OLD


# ---- Somebody wants it stopped ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "restored"),
    [
        (Step.BACKUP, Restored.UNTOUCHED),
        (Step.STAGE, Restored.UNTOUCHED),
        (Step.COMMIT, Restored.YES),
        (Step.VERIFY, Restored.YES),
    ],
)
def test_stopping_takes_back_what_is_not_confirmed(
    after: Step, restored: Restored, new: Bundle, clock: Ticking
) -> None:
    stage, devices = several(clock, new, "gw-a", "gw-b", "gw-c")
    story = stage.story

    def stop() -> bool:
        return after in story.steps("gw-b")

    orders = [[stage.order(name)] for name in devices]
    outcomes = change(orders, Direct(stage.actor, story.events.append, stop))
    assert outcomes == {"gw-a": Changed(), "gw-b": Interrupted(restored), "gw-c": NotBegun()}
    assert [device.running for device in devices.values()] == [NEW, OLD, OLD]


# ---- What is kept on the way -----------------------------------------------------------------------------------------


def test_keeps_what_ran_and_what_runs(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    kept: list[tuple[str, Sections]] = []

    def keep(order: Order, sections: Sections) -> None:
        kept.append((order.device, sections))

    stage = one(memory, clock, new)
    stage.push(actor=replace(stage.actor, on_backup=keep, on_confirmed=keep))
    assert kept == [("gw-b", OLD), ("gw-b", NEW)]


def test_without_a_backup_nothing_is_changed(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    def broken(_order: Order, _sections: Sections) -> None:
        raise StoreError("the archive is broken")

    stage = one(memory, clock, new)
    outcome = stage.push(actor=replace(stage.actor, on_backup=broken))["gw-b"]
    failed(outcome, "the archive is broken", Restored.UNTOUCHED)
    assert memory.calls == ["fetch"]
    (outcome,) = stage.push(actor=replace(stage.actor, on_confirmed=broken)).values()
    assert isinstance(outcome, Changed)
    assert "the archive is broken" in str(outcome.remark)
    assert memory.running == NEW


def test_a_fault_of_our_own_leaves_nothing_armed(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    def mistaken(_device: str, _sections: Sections) -> None:
        raise ZeroDivisionError

    stage = one(memory, clock, new)
    verify = replace(stage.actor.verify, judge=mistaken)
    outcome = stage.push(actor=replace(stage.actor, verify=verify))["gw-b"]
    failed(outcome, "an unforeseen fault in fosa itself: ZeroDivisionError: ", Restored.YES)
    assert memory.running == OLD


def test_answers_can_be_kept_and_hold_no_text_of_a_device(memory: MemoryDriver, new: Bundle, clock: Ticking) -> None:
    answers: list[Answer] = []

    class Recorded(Direct):
        def act(self, step: Step, wave: int, orders: tuple[Order, ...], /) -> Mapping[str, Answer]:
            found = Direct.act(self, step, wave, orders)
            answers.extend(found.values())
            return found

    stage = one(memory, clock, new)
    assert change([[stage.order("gw-b")]], Recorded(stage.actor)) == {"gw-b": Changed()}
    kept = pickle.dumps(answers)
    assert pickle.loads(kept) == answers
    assert b"mode 0644" not in kept
