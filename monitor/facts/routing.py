"""Where a device sends packets, as values: routes in tables, rules that choose a table, IPsec policies."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from monitor.facts.where import Where

__all__ = ["Chooser", "Network", "Policy", "Route", "Routing"]

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Route:
    """A line of a routing table."""

    table: str
    """`main`, `local`, `101`."""
    kind: str
    """`unicast`, `local`, `unreachable`, `blackhole`, `prohibit`, `throw`..."""
    network: Network
    interfaces: tuple[str, ...]
    """Several for a route that shares its packets out; none where it leads nowhere."""
    nexthops: tuple[str, ...]
    """Addresses it goes by; empty: who is meant is on the interface itself."""
    protocol: str
    """Who laid it: `kernel`, `boot` (by hand), `static`, `ra`, `dhcp`..."""
    metric: int
    where: Where


@dataclass(frozen=True, slots=True)
class Chooser:
    """A rule that says by which table a packet goes; the lowest priority is asked first."""

    priority: int
    family: int
    """4 or 6."""
    source: Network | None
    """None: any."""
    destination: Network | None
    narrowed: bool
    """Whether it asks for more (a mark, an interface): it may match, or may not."""
    table: str
    """Empty for one that looks nothing up (`unreachable`, `prohibit`, `blackhole`)."""
    least_prefix: int
    """Routes that are no longer than this are passed over; -1: none is."""
    where: Where


@dataclass(frozen=True, slots=True)
class Policy:
    """What the kernel's IPsec does with packets between two networks."""

    source: Network
    destination: Network
    direction: str
    """`in`, `out`, `fwd`; `socket` for one of a single socket."""
    blocks: bool
    encrypts: bool
    """Whether every packet must be encrypted: False also where it only is when it can be (`level use`)."""
    where: Where


@dataclass(frozen=True, slots=True)
class Routing:
    """All of it, of one moment."""

    routes: tuple[Route, ...]
    choosers: tuple[Chooser, ...]
    policies: tuple[Policy, ...]
    odd: tuple[Where, ...]
    """Lines that were not understood: what they say is not known."""
    sources: tuple[str, ...]
