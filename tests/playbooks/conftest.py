"""Devices in memory, and gateways of the practice office."""

import ctypes
import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Access, Office
from inventory.secrets import SecretStore
from lab import office as lab_office
from playbooks.change import Changed, Order, Ports, push, waves
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Driver
from playbooks.drivers.memory import MemoryDriver
from playbooks.verify import Verify, expected_tunnels
from templates.render import Rendered, render


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


@dataclass(frozen=True, slots=True)
class Standing:
    """A practice office that stands, seen by a test that works from its manager's host."""

    name: str
    office: Office
    folder: Path

    @property
    def secrets(self) -> SecretStore:
        """The secrets of its inventory."""
        return SecretStore(self.folder)

    def access(self, device: str) -> Access:
        """How a gateway is reached."""
        access = self.office.access_to(device)
        assert access is not None
        return access

    def driver(self, device: str, kind: CarrierKind = CarrierKind.SSH) -> Driver:
        """The driver of a gateway."""
        return open_driver(self.office, self.office.device(device), self.secrets, kind)

    def bundle(self, device: str) -> Rendered:
        """What a gateway should be."""
        return render(self.office, self.office.device(device), TODAY)

    def order(self, device: str, kind: CarrierKind = CarrierKind.SSH) -> Order:
        """The order to make it so."""
        tunnels = expected_tunnels(self.office, self.office.device(device))
        return Order(device, self.driver(device, kind), self.bundle(device), tunnels)

    def console(self, device: str, script: str) -> str:
        """What a shell at the console of a device says."""
        argv = lab_office.device_command(self.name, STATE, device, ["/bin/sh", "-c", script])
        return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60).stdout


TODAY = dt.datetime.now(dt.UTC).date()
STATE = Path(os.environ.get("FOSA_STATE") or Path.home() / ".local/state/fosa")
_CLONE_NEWNET = 0x40000000


@pytest.fixture(scope="session")
def standing() -> Iterator[Standing]:
    """The practice office of Piła, every gateway once pushed."""
    name = f"p{os.getpid() % 10**7}"
    # In a process of its own, as on the command line: the keeper is no child of the tests.
    build = (
        "import sys, pathlib, lab.office as o; o.up(pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]))"
    )
    subprocess.run([sys.executable, "-c", build, "inventory/examples/pila", name, str(STATE)], check=True, timeout=120)
    try:
        status = lab_office.status(name, STATE)
        assert status is not None
        folder = Path(status.office)
        there = Standing(name, load(folder).require(), folder)
        with _network_of(status.node(status.manager).namespace):
            devices = [device.name for wave in waves(there.office, there.office.managed) for device in wave]
            outcomes = push([there.order(name) for name in devices], Ports(Verify(), lambda _event: None))
            assert set(outcomes.values()) == {Changed()}, outcomes
        yield there
    finally:
        lab_office.down(name, STATE)


@pytest.fixture
def manager(standing: Standing) -> Iterator[Standing]:
    """The same, with the test itself on the manager's host."""
    status = lab_office.status(standing.name, STATE)
    assert status is not None
    with _network_of(status.node(status.manager).namespace):
        yield standing


@contextmanager
def _network_of(namespace: str) -> Iterator[None]:
    """This thread, and what it starts, in a network namespace."""
    setns = ctypes.CDLL(None, use_errno=True).setns
    with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", namespace).open() as there:
        assert setns(there.fileno(), _CLONE_NEWNET) == 0
        try:
            yield
        finally:
            assert setns(home.fileno(), _CLONE_NEWNET) == 0
