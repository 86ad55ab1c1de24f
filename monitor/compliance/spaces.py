"""Spaces of packets as rules reckon with them: made from addresses, taken from each other, told to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, summarize_address_range
from typing import TypeAlias

from monitor.facts.space import Field, Names, Ranges, Space, Values

__all__ = [
    "ESP",
    "ICMP",
    "ICMP6",
    "TCP",
    "UDP",
    "V4",
    "V6",
    "VRRP",
    "Fields",
    "Grant",
    "hosts",
    "names",
    "networks",
    "numbers",
    "told",
    "uncovered",
]

_BOXES = 2_000
"""A remainder in more pieces than this is not looked at further: what is left of it counts as not covered."""
_SHOWN = 3

Fields: TypeAlias = dict[Field, Values]
"""What a space asks of packets, field by field."""

V4, V6 = Names(frozenset({"ipv4"})), Names(frozenset({"ipv6"}))


@dataclass(frozen=True, slots=True)
class Grant:
    """Packets that may pass, and by whose leave: a flow of the inventory, or what a gateway needs."""

    name: str
    space: Space


def numbers(*values: int) -> Ranges:
    """These numbers."""
    return Ranges.of((value, value) for value in values)


def names(values: Iterable[str]) -> Names:
    """These names."""
    return Names(frozenset(values))


def hosts(addresses: Iterable[IPv4Address]) -> Ranges:
    """These addresses."""
    return numbers(*map(int, addresses))


def networks(given: Iterable[IPv4Network] | Iterable[IPv6Network]) -> Ranges:
    """Every address of these networks."""
    return Ranges.of((int(network.network_address), int(network.broadcast_address)) for network in given)


ICMP, TCP, UDP, ESP, ICMP6, VRRP = (numbers(number) for number in (1, 6, 17, 50, 58, 112))


def uncovered(space: Space, grants: Iterable[Grant]) -> Space | None:
    """Packets of a space that no grant covers; None when every one is covered."""
    left = [space]
    for grant in grants:
        left = [piece for whole in left for piece in _minus(whole, grant.space)]
        if not left:
            return None
        if len(left) > _BOXES:
            break
    return left[0]


def _minus(whole: Space, cut: Space) -> list[Space]:
    pieces: list[Space] = []
    inside = whole
    for name, values in cut.fields.items():
        narrowed = inside.narrowed(name, values)
        if narrowed is None:
            return [whole]
        if (outside := inside.without(name, values)) is not None:
            pieces.append(outside)
        inside = narrowed
    return pieces


# ---- In signs that readers of any language know ----------------------------------------------------------------------

_PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 50: "esp", 58: "icmpv6"}
_ANY = "any"


def told(space: Space) -> str:
    """Packets in signs: `10.64.3.0/24 (vlan30) > any, tcp 22`; `10.64.3.0/24~` are some addresses of a network."""
    return f"{_end(space, incoming=True)} > {_end(space, incoming=False)}, {_service(space)}"


def _end(space: Space, *, incoming: bool) -> str:
    field, field6 = (Field.SOURCE, Field.SOURCE6) if incoming else (Field.DESTINATION, Field.DESTINATION6)
    interface = space.names(Field.IN_INTERFACE if incoming else Field.OUT_INTERFACE)
    where = _addresses(space, field, IPv4Address) if "ipv4" in space.names(Field.FAMILY) else _ANY
    if where == _ANY and "ipv6" in space.names(Field.FAMILY):
        where = _addresses(space, field6, IPv6Address)
    return where if interface.but or not interface.names else f"{where} ({_few(sorted(interface.names))})"


def _addresses(space: Space, field: Field, kind: type[IPv4Address] | type[IPv6Address]) -> str:
    if not space.limits(field):
        return _ANY
    spans = space.ranges(field).spans
    listed = [
        str(network).removesuffix("/32").removesuffix("/128")
        for first, last in spans[: _SHOWN + 1]
        for network in summarize_address_range(kind(first), kind(last))
    ]
    if len(listed) <= _SHOWN:
        return ", ".join(listed)
    single = all(first == last for first, last in spans)
    return _few(listed) if single else f"{_around(kind, spans[0][0], spans[-1][1])}~"


def _around(kind: type[IPv4Address] | type[IPv6Address], first: int, last: int) -> str:
    """The smallest network that holds both."""
    host = (first ^ last).bit_length()
    return f"{kind(first >> host << host)}/{kind(0).max_prefixlen - host}"


def _service(space: Space) -> str:
    if not space.limits(Field.PROTOCOL):
        return _ANY
    spoken = [_span(first, last, _PROTOCOLS) for first, last in space.ranges(Field.PROTOCOL)]
    fields = (Field.DESTINATION_PORT, Field.ICMP_TYPE, Field.ICMP6_TYPE, Field.SOURCE_PORT)
    detail = next((space.ranges(field) for field in fields if space.limits(field)), None)
    shown = _few([_span(first, last, {}) for first, last in detail]) if detail else ""
    return f"{_few(spoken)} {shown}".strip()


def _span(first: int, last: int, called: Mapping[int, str]) -> str:
    return called.get(first, str(first)) if first == last else f"{first}-{last}"


def _few(items: list[str]) -> str:
    head = ", ".join(items[:_SHOWN])
    return head if len(items) <= _SHOWN else f"{head}, …"
