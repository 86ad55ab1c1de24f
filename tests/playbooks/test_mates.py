"""Ends of a tunnel that carries the change itself: answers get lost on the way, and still both are new, or both old."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from inventory.sentence import say
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Failed, Order, Outcome, Restored, change
from playbooks.drivers.base import Armed, Bundle, Confirmed, Failure, FailureKind, Reverted, Sections
from playbooks.drivers.memory import MemoryDriver
from playbooks.mates import groups
from playbooks.verify import Verify

OLD = {"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}
NEW = {"file /etc/nftables.conf": "# fosa: mode 0644\nnew\n"}
LONG_S, SHORT_S, HEAD_S = 30.0, 1.0, 0.1
LOST = Failure(FailureKind.UNREACHABLE, say("no answer in time"))


@dataclass(slots=True)
class Near(MemoryDriver):
    """The end that is reached without the tunnel."""


@dataclass(slots=True)
class Far(MemoryDriver):
    """The end that is reached only while both run the same: a question does not come, or its answer does not."""

    near: MemoryDriver = field(default_factory=MemoryDriver)

    def __post_init__(self) -> None:
        self.reachable = lambda own: own == self.near.running

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        answer = MemoryDriver.commit(self, token, revert_after)
        return answer if self.reachable(self.running) else LOST

    def revert(self, token: str) -> Reverted | Failure:
        answer = MemoryDriver.revert(self, token)
        return answer if self.reachable(self.running) else LOST


@dataclass(slots=True)
class Deaf(Far):
    """Never hears that it may keep the change."""

    def confirm(self, token: str) -> Confirmed | Failure:
        self.calls.append(f"confirm {token} lost")
        return LOST


@dataclass(slots=True)
class Mute(Far):
    """Keeps the change, and nobody hears of it."""

    def confirm(self, token: str) -> Confirmed | Failure:
        MemoryDriver.confirm(self, token)
        return LOST


@dataclass(slots=True)
class Hanging(Far):
    """Says nothing when it is to go back before the near end has."""

    waited: list[bool] = field(default_factory=list)
    gone_back: threading.Event = field(default_factory=threading.Event)

    def revert(self, token: str) -> Reverted | Failure:
        self.waited.append(self.gone_back.wait(LONG_S))
        return MemoryDriver.revert(self, token)


def pushed(
    near: MemoryDriver, far: MemoryDriver, new: Bundle, patience: float, revert_after: int = 60
) -> list[Outcome]:
    """Near and far, in this order."""
    orders = [Order("gw-k", new, mates=frozenset({"gw-b"})), Order("gw-b", new, mates=frozenset({"gw-k"}))]
    verify = Verify(patience=patience, pause=0.01)
    actor = Actor({"gw-k": near, "gw-b": far}, revert_after, verify, head_start=HEAD_S)
    return list(change([orders], Direct(actor)).values())


def came_back(device: MemoryDriver) -> bool:
    """Whether a device runs the old again, by its dead-man if need be."""
    until = time.monotonic() + LONG_S
    while device.running != OLD and time.monotonic() < until:
        device.status()
        time.sleep(0.01)
    return device.running == OLD


def test_both_ends_change_though_neither_is_heard_alone(new: Bundle) -> None:
    near = Near(OLD)
    far = Far(OLD, near=near)
    assert pushed(near, far, new, LONG_S) == [Changed(), Changed()]
    assert near.running == far.running == NEW


@pytest.mark.parametrize("kind", [FailureKind.MOVED, FailureKind.DEVICE])
def test_where_the_near_end_does_not_change_the_far_one_goes_back(kind: FailureKind, new: Bundle) -> None:
    near = Near(OLD, faults={"commit": Failure(kind, "no")})
    far = Far(OLD, near=near)
    outcomes = pushed(near, far, new, SHORT_S, 1)
    assert all(isinstance(outcome, Failed) for outcome in outcomes)
    assert (near.running, came_back(far)) == (OLD, True)


def test_a_far_end_that_refuses_takes_the_near_one_back(new: Bundle) -> None:
    near = Near(OLD)
    far = Far(OLD, near=near, faults={"commit": Failure(FailureKind.MOVED, "moved")})
    outcomes = pushed(near, far, new, SHORT_S)
    assert [outcome.restored for outcome in outcomes if isinstance(outcome, Failed)] == [
        Restored.YES,
        Restored.UNTOUCHED,
    ]
    assert near.running == far.running == OLD


def test_nobody_is_confirmed_before_the_far_end_is(new: Bundle) -> None:
    near = Near(OLD)
    far = Deaf(OLD, near=near)
    outcomes = pushed(near, far, new, SHORT_S)
    assert "confirm" not in near.calls
    assert [outcome.restored for outcome in outcomes if isinstance(outcome, Failed)] == [Restored.YES, Restored.YES]
    assert near.running == far.running == OLD


def test_where_the_far_end_has_kept_it_unheard_the_near_one_keeps_it_too(new: Bundle) -> None:
    near = Near(OLD)
    far = Mute(OLD, near=near)
    assert pushed(near, far, new, SHORT_S) == [Changed(), Changed()]
    assert near.running == far.running == NEW


def test_the_near_end_does_not_wait_for_a_far_one_that_says_nothing(new: Bundle) -> None:
    @dataclass(slots=True)
    class Telling(MemoryDriver):
        def revert(self, token: str) -> Reverted | Failure:
            answer = MemoryDriver.revert(self, token)
            far.gone_back.set()
            return answer

    near = Telling(OLD, faults={"fetch": Failure(FailureKind.DEVICE, "no")})
    far = Hanging(OLD, near=near)
    near.faults = {"status": Failure(FailureKind.DEVICE, "no")}
    outcomes = pushed(near, far, new, SHORT_S, 1)
    assert all(isinstance(outcome, Failed) for outcome in outcomes)
    assert far.waited[0]
    assert (near.running, came_back(far)) == (OLD, True)


def test_mates_of_mates_are_one_group_and_others_are_alone(new: Bundle) -> None:
    mates: Mapping[str, set[str]] = {"gw-a": {"gw-d"}, "gw-b": set(), "gw-c": {"gw-d"}, "gw-d": {"gw-a", "gw-c"}}
    orders = [Order(name, new, mates=frozenset(names)) for name, names in mates.items()]
    assert [[order.device for order in group] for group in groups(orders)] == [["gw-b"], ["gw-a", "gw-c", "gw-d"]]


# ---- One connection from stage to commit -----------------------------------------------------------------------------


@dataclass(slots=True)
class Lined(MemoryDriver):
    """Tells of its connection, and what was said by it."""

    told: list[str] = field(default_factory=list)

    def hold(self) -> "Lined":
        self.told.append("open")
        return self

    def let_go(self) -> None:
        self.told.append("closed")

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        self.told.append("commit")
        return MemoryDriver.commit(self, token, revert_after)


@pytest.mark.parametrize(
    ("running", "faults", "other", "told"),
    [
        (OLD, {}, {}, ["open", "commit", "closed"]),
        (NEW, {}, {}, ["open", "closed"]),
        (OLD, {"commit": LOST}, {}, ["open", "commit", "closed"]),
        (OLD, {"stage": LOST}, {}, ["open", "closed"]),
        (OLD, {}, {"stage": LOST}, ["open", "closed"]),
    ],
)
def test_a_connection_is_kept_from_stage_to_commit_and_no_longer(
    running: Sections, faults: Mapping[str, Failure], other: Mapping[str, Failure], told: list[str], new: Bundle
) -> None:
    one, two = Lined(running, faults=faults), MemoryDriver(OLD, faults=other)
    actor = Actor({"gw-b": one, "gw-c": two}, 60, Verify(patience=0))
    change([[Order("gw-b", new), Order("gw-c", new)]], Direct(actor))
    assert one.told == told
    assert actor.held == {}


def test_who_leaves_a_change_closes_what_is_kept(new: Bundle) -> None:
    device = Lined(OLD)
    actor = Actor({"gw-b": device}, held={"sometoken": device.hold()})
    actor.close()
    assert (device.told, actor.held) == (["open", "closed"], {})
