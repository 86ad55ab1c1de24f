"""The ways a tunnel between two of our own gateways can take: line by line, the wanted one first."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import NamedTuple

from inventory.model import Office, Tunnel, TunnelEnd, Wan

__all__ = ["Way", "ways"]


class Way(NamedTuple):
    """From one line to another. An address is None where the provider gives a changing one."""

    near: IPv4Address | None
    far: IPv4Address | None


def ways(office: Office, tunnel: Tunnel, device: str) -> tuple[Way, ...]:
    """All of them, seen from one end: both lines as wanted, then one of them changed, then both; one for most tunnels.

    Somebody else's end has one address, and knows nothing of a second of ours: then there is one way.
    """
    near, far = tunnel.end_of(device), tunnel.far_end_of(device)
    if near is None or far is None:
        return ()
    if far.device is None:
        return (Way(_address(office, near), far.address),)
    found = [
        (changed_near + changed_far, changed_near, Way(here.address, there.address))
        for changed_near, here in enumerate(_lines(office, near))
        for changed_far, there in enumerate(_lines(office, far))
    ]
    return tuple(way for _changed, _near, way in sorted(found, key=lambda each: each[:2]))


def _lines(office: Office, end: TunnelEnd) -> Iterator[Wan]:
    yield from (office.wan(name) for name in (end.wan, end.backup) if name is not None)


def _address(office: Office, end: TunnelEnd) -> IPv4Address | None:
    return None if end.wan is None else office.wan(end.wan).address
