"""Devices in memory, and orders to change them."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from playbooks.change import Order
from playbooks.drivers.memory import MemoryDriver

__all__ = ["Clock", "File", "Files"]


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


OrderOf = Callable[..., Order]


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
