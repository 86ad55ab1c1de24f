"""What the texts of a device say, as values without its maker's words. Every fact knows the line it comes from.

A part that is None was not in the text: a rule that needs it says `unknown`, never `pass`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from inventory.model import Platform
from inventory.sentence import Sentence
from monitor.basis import Basis
from monitor.facts.firewall import Firewall
from monitor.facts.ipsec import Child, Connection, Ipsec, SharedKey, View
from monitor.facts.routing import Routing
from monitor.facts.switch import SwitchFacts
from monitor.facts.where import Fact, Where

__all__ = [
    "Child",
    "Community",
    "Connection",
    "Facts",
    "Ipsec",
    "LogTarget",
    "Logging",
    "PacketLog",
    "Section",
    "Service",
    "SharedKey",
    "Snmp",
    "SnmpUser",
    "Ssh",
    "TimeServer",
    "Timing",
    "View",
]


@dataclass(frozen=True, slots=True)
class Section:
    """One text that was read, and how much of it was understood."""

    name: str
    sha256: str
    """Of the whole masked text, hexadecimal."""
    lines: int
    """Without blank lines and comments."""
    unknown: tuple[Where, ...]
    """The lines, or parts of lines, that were not understood."""
    unfit: Sentence | None = None
    """Why nothing of it was read; None: it was."""

    @property
    def understood(self) -> float:
        """Share of the lines, 0 to 1. An empty text is understood."""
        if self.unfit is not None:
            return 0.0
        if not self.unknown:
            return 1.0
        odd = len({where.line for where in self.unknown})
        return 1.0 - min(odd, self.lines) / self.lines if self.lines else 1.0


# ---- Management ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ssh:
    """The SSH server. None: the text does not say it (a file that leaves it to the server's own default)."""

    listen: tuple[Fact[str], ...]
    """`10.64.0.1:22`; empty or `0.0.0.0:22`: on every address."""
    kex: Fact[tuple[str, ...]] | None
    ciphers: Fact[tuple[str, ...]] | None
    macs: Fact[tuple[str, ...]] | None
    host_key_algorithms: Fact[tuple[str, ...]] | None
    public_key_algorithms: Fact[tuple[str, ...]] | None
    """Accepted of those who log in."""
    versions: Fact[tuple[int, ...]] | None
    """Protocol versions; None: nothing is said, and OpenSSH since 7.6 speaks 2 only."""
    authentication_methods: Fact[tuple[str, ...]] | None
    passwords: Fact[bool] | None
    """Passwords, also by keyboard-interactive."""
    empty_passwords: Fact[bool] | None
    root: Fact[str] | None
    """`no`, `prohibit-password`, `yes`..."""
    users: Fact[tuple[str, ...]] | None
    """Who may log in; None: everybody."""
    conditional: tuple[Where, ...]
    """`Match` and `Include` lines of the file: what they bring is not in the effective settings."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Community:
    """A community of SNMP version 1 and 2c, for reading, writing or traps."""

    access: str
    """`read`, `write`, `trap`, or the word of the file."""
    where: Where


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """A user of SNMP version 3. Empty where nothing is said: no such user was made, or nobody let it in."""

    name: str
    authentication: str
    """`SHA-256`, `SHA`, `MD5`."""
    privacy: str
    """`AES`, `AES-256`, `DES`."""
    level: str
    """The least it must use: `priv`, `auth`, `noauth`; empty: it has no access."""
    access: str
    """`read`, `write`; empty: none."""
    where: Where
    """Where it is let in, else where it is made."""


@dataclass(frozen=True, slots=True)
class Snmp:
    """The SNMP agent."""

    listen: tuple[Fact[str], ...]
    """`udp:10.64.0.1:161`; empty: the agent's default, every address."""
    communities: tuple[Community, ...]
    users: tuple[SnmpUser, ...]
    elsewhere: tuple[Where, ...]
    """Lines that bring in what this text does not show (`includeFile`, `access`)."""
    sources: tuple[str, ...]


# ---- Logs, time, services --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LogTarget:
    """Where logs are sent."""

    server: str
    port: int
    protocol: str
    """`tcp`, `udp`, `relp`."""
    tls: bool
    """Only TLS is spoken."""
    peers: tuple[str, ...]
    """The names of the server's certificate that are accepted; empty: any."""
    verified: bool
    """The server must prove its name."""
    selector: str
    """What is sent, in the words of the file; empty: everything."""
    where: Where


@dataclass(frozen=True, slots=True)
class PacketLog:
    """A netlink group whose logged packets become log lines of a facility."""

    group: int
    facility: str
    """`local5`."""
    where: Where


@dataclass(frozen=True, slots=True)
class Logging:
    """Logs that leave the device."""

    targets: tuple[LogTarget, ...]
    packets: tuple[PacketLog, ...] | None
    """None: the collector of logged packets was not in the text."""
    elsewhere: tuple[Where, ...]
    """Lines that bring in other files."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeServer:
    """A source of time."""

    address: str
    kind: str
    """`server`, `pool`, `peer`."""
    authenticated: bool
    """By a key or by NTS."""
    where: Where


@dataclass(frozen=True, slots=True)
class Timing:
    """The device's clock."""

    servers: tuple[TimeServer, ...]
    elsewhere: tuple[Where, ...]
    """Lines that bring in other files, where there may be more servers."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A service that a text opens on the device."""

    name: str
    """`ssh`, `snmp`, `ntp`, `syslog`."""
    protocol: str
    address: str
    """Empty: every address."""
    port: int
    where: Where


# ---- All of it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was read of one device at one moment."""

    asset: str
    platform: Platform
    basis: Basis
    read_at: dt.datetime | None
    """UTC; None for intended text."""
    sections: tuple[Section, ...] = ()
    """Those that were read."""
    firewall: Firewall | None = None
    ipsec: Ipsec | None = None
    ssh: Ssh | None = None
    snmp: Snmp | None = None
    logging: Logging | None = None
    timing: Timing | None = None
    routing: Routing | None = None
    services: tuple[Service, ...] = ()
    switch: SwitchFacts | None = None

    def section(self, name: str) -> Section | None:
        """A text by its name."""
        for section in self.sections:
            if section.name == name:
                return section
        return None

    def understood(self, *names: str) -> float:
        """The share of the least understood of these sections (of all, when none is named); 0 for one not there."""
        chosen = [self.section(name) for name in names] if names else list(self.sections)
        return min((section.understood if section is not None else 0.0 for section in chosen), default=0.0)
