"""Whatever fails, whenever: a device is old or new as a whole, in the end nothing is armed, and the outcome is true."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.act import Actor, Direct
from playbooks.change import Answer, Changed, Failed, Interrupted, NotBegun, Order, Outcome, Restored, Step, change
from playbooks.drivers.base import (
    Armed,
    Bundle,
    Confirmed,
    Failure,
    FailureKind,
    Fetched,
    Reverted,
    Sections,
    Staged,
    Status,
)
from playbooks.drivers.memory import MemoryDriver
from playbooks.verify import Verify

OLD = {"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}
NEW = {"file /etc/nftables.conf": "# fosa: mode 0644\nnew\n"}


@dataclass(frozen=True, slots=True)
class File:
    path: str = "/etc/nftables.conf"
    text: str = "new\n"
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Files:
    files: tuple[File, ...] = (File(),)


_Said = TypeVar("_Said")


@dataclass(slots=True)
class Chance:
    """What goes wrong with one device. Its dice and its clock are its own: the order of threads plays no part."""

    seed: str
    often: float
    now: float = 0.0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def clock(self) -> float:
        return self.now

    def strikes(self) -> bool:
        """Now? Time goes on meanwhile, sometimes too much of it."""
        self.now += self.dice.choice((1, 5, 70)) if self.dice.random() < self.often else 0
        return self.dice.random() < self.often


class Unlucky(MemoryDriver):
    """A device whose way is bad: what it is asked gets lost or fails, and so do its answers."""

    __slots__ = ("chance",)

    def __init__(self, chance: Chance) -> None:
        MemoryDriver.__init__(self, OLD, ("k-b",), chance.clock)
        self.chance = chance

    def fetch(self) -> Fetched | Failure:
        return self._through(lambda: MemoryDriver.fetch(self))

    def status(self) -> Status | Failure:
        return self._through(lambda: MemoryDriver.status(self))

    def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
        return self._through(lambda: MemoryDriver.stage(self, token, bundle), *FailureKind)

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        refusals = (FailureKind.BUSY, FailureKind.NO_SPACE, FailureKind.PROTOCOL)
        return self._through(lambda: MemoryDriver.commit(self, token, revert_after), *refusals)

    def confirm(self, token: str) -> Confirmed | Failure:
        return self._through(lambda: MemoryDriver.confirm(self, token))

    def revert(self, token: str) -> Reverted | Failure:
        return self._through(lambda: MemoryDriver.revert(self, token))

    def _through(self, ask: Callable[[], _Said], *refusals: FailureKind) -> _Said | Failure:
        if self.chance.strikes():
            return Failure(self.chance.dice.choice((FailureKind.UNREACHABLE, *refusals)), "chance")
        said = ask()
        return Failure(FailureKind.UNREACHABLE, "lost") if self.chance.strikes() else said


class Again(Direct):
    """The ports of a worker that dies in the middle of steps: another one does them again."""

    def act(self, step: Step, wave: int, orders: tuple[Order, ...], /) -> Mapping[str, Answer]:
        Direct.act(self, step, wave, orders)
        return Direct.act(self, step, wave, orders)


SIZES = st.lists(st.integers(1, 3), min_size=1, max_size=3)
OFTEN = st.sampled_from((0.0, 0.03, 0.1, 0.3))


@given(SIZES, st.integers(0, 2**32), OFTEN, st.integers(0, 40))
@pytest.mark.parametrize("ports", [Direct, Again])
def test_a_device_is_old_or_new_and_the_outcome_tells_which(
    ports: type[Direct], sizes: list[int], seed: int, often: float, patience: int
) -> None:
    names = [[f"gw-{wave}{n}" for n in range(size)] for wave, size in enumerate(sizes)]
    fleet = {name: Unlucky(Chance(f"{seed} {name}", often)) for wave in names for name in wave}
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(len(asked) >= patience)
        return asked[-1]

    actor = Actor(fleet, 60, Verify(patience=0, clock=lambda: 0.0, stop=lambda: asked[-1]))
    orders = [[Order(name, Files(), frozenset({"k-b"})) for name in wave] for wave in names]
    outcomes = change(orders, ports(actor, stop=stop))
    for name, outcome in outcomes.items():
        told = true_of(outcome)
        assert fleet[name].running == told or told is None
        fleet[name].chance.often = 0
        fleet[name].chance.now += 1000
        status, fetched = fleet[name].status(), fleet[name].fetch()
        assert isinstance(status, Status)
        assert isinstance(fetched, Fetched)
        assert status.armed == ""
        assert fetched.sections in ([OLD, NEW] if told is None else [told])
    assert_in_order([[outcomes[name] for name in wave] for wave in names])


def true_of(outcome: Outcome) -> Sections | None:
    """What a device runs with this outcome, at once and for good; None: what its dead-man makes of it."""
    match outcome:
        case Changed():
            return NEW
        case Failed(restored=Restored.UNKNOWN) | Interrupted(restored=Restored.UNKNOWN):
            return None
        case _:
            return OLD


def assert_in_order(waves: list[list[Outcome]]) -> None:
    """Nothing was begun after a wave that failed."""
    whole = [all(isinstance(outcome, Changed) for outcome in wave) for wave in waves]
    for wave in waves[whole.index(False) + 1 :] if False in whole else []:
        assert wave == [NotBegun()] * len(wave)
