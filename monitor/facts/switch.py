"""What a switch's text says beyond what every device has: people, sessions, VLANs, ports and access lists.

A part that is None was not in the text or is not understood for this platform: a rule that needs it says `unknown`. A
part that is empty was understood, and there is nothing. Where a platform leaves a line out because it is the default,
its reader says the default with the line that would hold it (`Where` of the enclosing line), as its maker documents it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network

from monitor.facts.where import Fact, Where

__all__ = [
    "Aaa",
    "AaaServer",
    "AccessEntry",
    "AccessList",
    "Hashing",
    "Layer2",
    "Line",
    "Lockout",
    "PasswordPolicy",
    "PortMode",
    "StoredSecret",
    "SwitchFacts",
    "SwitchPort",
    "User",
    "Vlan",
    "Web",
]


class Hashing(StrEnum):
    """How a secret is kept in a text."""

    STRONG = "strong"
    """A slow, salted hash: scrypt, PBKDF2, sha512-crypt."""
    WEAK = "weak"
    """A fast hash: MD5, SHA-1, plain SHA-256."""
    REVERSIBLE = "reversible"
    CLEAR = "clear"
    HIDDEN = "hidden"
    """The device does not show it: nothing is known of how it is kept."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StoredSecret:
    """A secret that stands in the text."""

    what: str
    """`user admin`, `enable`, `radius key`, `snmp user`, `ntp key`."""
    hashing: Hashing
    word: str
    """The text's own word for it: `9`, `7`, `$6$`, `sha1`."""
    where: Where


@dataclass(frozen=True, slots=True)
class User:
    """A local account."""

    name: str
    hashing: Hashing
    full: bool | None
    """Whether it may do everything; None: the text does not say."""
    where: Where


@dataclass(frozen=True, slots=True)
class AaaServer:
    """A server that knows people."""

    kind: str
    """`radius`, `tacacs`."""
    address: str
    where: Where


@dataclass(frozen=True, slots=True)
class Aaa:
    """Who is asked whether somebody may log in."""

    servers: tuple[AaaServer, ...]
    login: Fact[tuple[str, ...]] | None
    """In order: `radius`, `tacacs`, `local`; None: nothing is said, the platform's default holds."""
    accounting: Fact[bool] | None
    """Whether what is typed is reported."""


@dataclass(frozen=True, slots=True)
class Line:
    """A way in: console, vty, the web."""

    name: str
    transports: Fact[tuple[str, ...]] | None
    """`ssh`, `telnet`, `none`."""
    idle_s: Fact[int] | None
    """0: never ends."""
    access_list: Fact[str] | None
    """Who may use it; None: everybody."""
    where: Where


@dataclass(frozen=True, slots=True)
class Web:
    """The web server."""

    http: Fact[bool] | None
    https: Fact[bool] | None
    tls: Fact[tuple[str, ...]] | None
    """`1.2`, `1.3`; None: not said."""


@dataclass(frozen=True, slots=True)
class Lockout:
    """What follows wrong passwords."""

    tries: Fact[int] | None
    seconds: Fact[int] | None


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What the device asks of a new password."""

    least_length: Fact[int] | None


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One line of an access list."""

    permits: bool
    sources: tuple[IPv4Network, ...]
    """Empty: every address."""
    where: Where


@dataclass(frozen=True, slots=True)
class AccessList:
    """A named or numbered list, and where it is applied."""

    name: str
    entries: tuple[AccessEntry, ...]
    applied: tuple[str, ...]
    """`vty`, `snmp`, `http`, `ntp`, or an interface."""
    where: Where


@dataclass(frozen=True, slots=True)
class Vlan:
    """A VLAN that exists on the device."""

    number: int
    name: str
    where: Where


class PortMode(StrEnum):
    """What a port is."""

    ACCESS = "access"
    TRUNK = "trunk"
    ROUTED = "routed"
    UNKNOWN = "unknown"
    """The text leaves it to negotiation, or is not understood."""


@dataclass(frozen=True, slots=True)
class SwitchPort:
    """One physical port. None: the text does not say, and the platform has no default that fosa knows."""

    name: str
    shut: bool
    mode: PortMode
    vlan: int | None
    """Untagged."""
    tagged: tuple[tuple[int, int], ...] | None
    """Ranges, first to last; None: every VLAN."""
    voice: int | None
    macs: int | None
    """The most devices that may show themselves; None: as many as like."""
    dot1x: bool
    bpdu_guard: bool
    edge: bool
    """Spanning tree takes it for the end of the network at once."""
    storm: bool
    """Broadcasts are limited."""
    snooping_trusted: bool
    arp_trusted: bool
    discovery: frozenset[str]
    """What it tells its neighbour: `lldp`, `cdp`, `mndp`."""
    where: Where


@dataclass(frozen=True, slots=True)
class Layer2:
    """What guards the second layer, by VLAN."""

    snooping: Fact[tuple[tuple[int, int], ...]] | None
    """DHCP snooping: in which VLANs."""
    inspection: Fact[tuple[tuple[int, int], ...]] | None
    """ARP inspection: in which VLANs."""
    bpdu_guard_default: Fact[bool] | None
    spanning_tree: Fact[str] | None
    """`rapid-pvst`, `mstp`, `rstp`, `none`."""


@dataclass(frozen=True, slots=True)
class SwitchFacts:
    """All of it."""

    hostname: Fact[str] | None
    users: tuple[User, ...] | None
    stored: tuple[StoredSecret, ...] | None
    aaa: Aaa | None
    lines: tuple[Line, ...] | None
    web: Web | None
    banner: Fact[str] | None
    """What is shown before somebody logs in; None with `banner_known`: there is none."""
    banner_known: bool
    lockout: Lockout | None
    passwords: PasswordPolicy | None
    vlans: tuple[Vlan, ...] | None
    ports: tuple[SwitchPort, ...] | None
    access_lists: tuple[AccessList, ...] | None
    layer2: Layer2 | None
    unneeded: tuple[Fact[str], ...] | None
    """Services that are on and that no office switch needs: `finger`, `smart install`, `bandwidth-test`..."""
    change_log: Fact[bool] | None
    """Whether changes to the configuration are logged with who made them."""
    sources: tuple[str, ...]
    """The texts all this rests on."""
