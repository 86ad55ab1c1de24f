"""What every driver can do with a device, and the frozen values it answers with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from inventory.course import Guard
from inventory.sentence import Sentence

__all__ = [
    "Armed",
    "Bundle",
    "BundleFile",
    "Confirmed",
    "Driver",
    "Failure",
    "FailureKind",
    "Fetched",
    "Guard",
    "HeldDriver",
    "LogTarget",
    "Reverted",
    "Sections",
    "Staged",
    "Status",
    "TimeSource",
    "TunnelStatus",
    "fingerprint",
]

Sections = Mapping[str, str]
"""Name of a part of a device (`kernel nftables`, `file /etc/...`) -> its masked text."""


def fingerprint(sections: Sections) -> str:
    """What runs, in one line: SHA-256 over canonical JSON, the same that a gate takes when it stages."""
    return hashlib.sha256(json.dumps(dict(sections), sort_keys=True).encode()).hexdigest()


class FailureKind(StrEnum):
    """Why a device did not do what it was asked."""

    UNREACHABLE = "unreachable"
    HOST_KEY = "host_key"
    AUTHENTICATION = "authentication"
    REFUSED = "refused"
    BUSY = "busy"
    INVALID = "invalid"
    NO_SPACE = "no_space"
    MOVED = "moved"
    """Somebody changed the device between stage and commit."""
    EXPIRED = "expired"
    """The change asked about is no longer armed, or never was."""
    DEVICE = "device"
    """The device could not do it; it has taken back what it had begun."""
    PROTOCOL = "protocol"
    """No answer that can be understood: what the device did is not known."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What was asked did not happen. `where` names the file of the candidate that is at fault, if one is."""

    kind: FailureKind
    text: str | Sentence
    """In a device's own words, or a sentence of ours."""
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.where else str(self.text)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the device does now."""

    sections: Sections


@dataclass(frozen=True, slots=True)
class TunnelStatus:
    """One connection as charon sees it."""

    state: str
    children: Mapping[str, str] = field(default_factory=dict)
    received: int | None = None
    """Packets its children have brought in; a rekeyed one begins at 0. None when the device does not tell."""
    sent: int | None = None

    @property
    def up(self) -> bool:
        """Whether it carries traffic: the IKE SA and at least one child of it."""
        return self.state == "ESTABLISHED" and "INSTALLED" in self.children.values()


@dataclass(frozen=True, slots=True)
class Staged:
    """What the device would do with a candidate it found to be good."""

    sections: Sections
    running: Sections | None = None
    """What it did at the same moment; None where the driver did not ask."""
    tunnels: Mapping[str, TunnelStatus] = field(default_factory=dict)
    """How its tunnels were at the same moment."""


@dataclass(frozen=True, slots=True)
class Armed:
    """A candidate is in force until `deadline` (seconds of the device's clock); then `guard` takes it back."""

    deadline: float
    guard: Guard


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The change stays."""


@dataclass(frozen=True, slots=True)
class Reverted:
    """The change has been taken back, or had never come into force."""


@dataclass(frozen=True, slots=True)
class TimeSource:
    """A source of time as the device's own clock daemon sees it."""

    source: str
    """Its address."""
    reachable: bool
    """Whether one of the last eight questions was answered."""
    selected: bool
    """Whether the device's clock follows it."""
    offset_s: float | None
    """The device's clock against it, positive when the device is ahead; None without an answer."""


@dataclass(frozen=True, slots=True)
class LogTarget:
    """A server the device is told to send its logs to."""

    server: str
    port: int
    """0 where the file says what is no port."""
    established: bool | None
    """Whether a connection to it stands and is answered; None where that cannot be seen: by name, or over UDP."""


@dataclass(frozen=True, slots=True)
class Status:
    """How the device is."""

    tunnels: Mapping[str, TunnelStatus]
    units: Mapping[str, str]
    armed: str
    """The token of the change that waits for its confirmation, or nothing."""
    time: tuple[TimeSource, ...] | None = None
    """None when the device cannot tell: its clock daemon does not answer, or its gate is an older one."""
    log: tuple[LogTarget, ...] | None = None
    """In the order of the device's file; None when the device cannot tell."""
    deadline: float | None = None
    """When the device takes that back, in seconds of its own clock."""
    done: Mapping[str, str] = field(default_factory=dict)
    """What has become of the last changes: token -> `confirmed` or `reverted`."""

    @property
    def up(self) -> frozenset[str]:
        """The tunnels that stand."""
        return frozenset(name for name, tunnel in self.tunnels.items() if tunnel.up)


class BundleFile(Protocol):
    """A file for a device; a secret in its text is a placeholder."""

    @property
    def path(self) -> str:
        """Where it belongs, from the device's root."""
        ...

    @property
    def mode(self) -> int:
        """Its permission bits."""
        ...

    @property
    def text(self) -> str:
        """All of it."""
        ...


class Bundle(Protocol):
    """All files of a device, as `templates.render` makes them."""

    @property
    def files(self) -> Sequence[BundleFile]:
        """Each path once."""
        ...


class Driver(Protocol):
    """A device that can be read and changed. Each call opens a connection of its own and may block for seconds."""

    def hold(self) -> HeldDriver:
        """The same device over one connection for all calls, where that can be had. Opens nothing yet."""
        ...

    def fetch(self) -> Fetched | Failure:
        """What runs."""
        ...

    def normal(self, bundle: Bundle) -> Staged | Failure:
        """What a bundle would make of the device; nothing is kept on it. Needs the read account only."""
        ...

    def status(self) -> Status | Failure:
        """Tunnels, services, and what is armed."""
        ...

    def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
        """Check a bundle on the device and keep it there under a token."""
        ...

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        """Bring a candidate into force for `revert_after` seconds. Who answers a Failure has taken it back.

        May be repeated: while the change is armed, the first deadline is answered again.
        """
        ...

    def confirm(self, token: str) -> Confirmed | Failure:
        """Keep the change. May be repeated."""
        ...

    def revert(self, token: str) -> Reverted | Failure:
        """Take the change back now, or keep it from ever coming. May be repeated; EXPIRED means it was confirmed."""
        ...

    def discard(self, token: str) -> Reverted | Failure:
        """Forget a candidate that was never committed."""
        ...


class HeldDriver(Driver, Protocol):
    """A device over a connection that is kept from its first call on. One thread at a time may call."""

    def let_go(self) -> None:
        """Close the connection. May be repeated; nothing is asked afterwards."""
        ...
