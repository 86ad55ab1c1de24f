"""Devices in memory, and gateways of the practice office."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from inventory.load import load
from lab import office as lab_office
from lab.inspection import Inspection
from playbooks.act import Actor, Direct
from playbooks.change import Changed, change, waves
from playbooks.drivers.memory import MemoryDriver
from tests.playbooks.network import network_of
from tests.playbooks.standing import Standing
from tests.slots import lab_name


@dataclass(frozen=True, slots=True)
class File:
    """A file of a bundle."""

    path: str
    text: str
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class Files:
    """A bundle."""

    files: tuple[File, ...]


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is told to go on."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Go on."""
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(clock: Clock) -> MemoryDriver:
    """A device that runs an old rule set and has one tunnel."""
    return MemoryDriver({"file /etc/nftables.conf": "# fosa: mode 0644\nold\n"}, ("k-b",), clock)


@pytest.fixture
def new() -> Files:
    """What it should run."""
    return Files((File("/etc/nftables.conf", "new\n"),))


@pytest.fixture(scope="session")
def standing(state: Path) -> Iterator[Standing]:
    """The practice office of Piła, every gateway once pushed."""
    name = lab_name("push")
    # In a process of its own, as on the command line: the keeper is no child of the tests.
    build = (
        "import sys, pathlib, lab.office as o; o.up(pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]))"
    )
    subprocess.run([sys.executable, "-c", build, "inventory/examples/pila", name, str(state)], check=True, timeout=120)
    try:
        status = lab_office.status(name, state)
        assert status is not None
        folder = Path(status.office)
        there = Standing(name, state, load(folder).require(), folder)
        _await_tunnels(there)
        with network_of(status.node(status.manager).namespace):
            orders = [[there.order(one.name) for one in wave] for wave in waves(there.office, there.office.managed)]
            drivers = {device.name: there.driver(device.name) for device in there.office.managed}
            # Only the ground for the tests: on a busy machine it may take its time.
            outcomes = change(orders, Direct(Actor(drivers, revert_after=300)))
            assert set(outcomes.values()) == {Changed()}, outcomes
        yield there
    finally:
        lab_office.down(name, state)


def _await_tunnels(there: Standing) -> None:
    """The other buildings are reached through their tunnels only, and on a busy machine these take their time."""
    inspection = Inspection(there.name, there.state, there.office)
    expected = {tunnel.name for tunnel in there.office.tunnels}
    until = time.monotonic() + 40
    while down := expected - inspection.tunnels_up():
        assert time.monotonic() < until, f"not up: {down}"
        time.sleep(0.2)


@pytest.fixture
def manager(standing: Standing) -> Iterator[Standing]:
    """The same, with the test itself on the manager's host."""
    status = lab_office.status(standing.name, standing.state)
    assert status is not None
    with network_of(status.node(status.manager).namespace):
        yield standing
