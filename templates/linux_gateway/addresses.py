"""The address sets every gateway's guard rests on: what is inside, what may not leave, what may not come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, collapse_addresses

from inventory.model import Device, Office, TunnelEnd

__all__ = ["bogons", "gateways", "inside", "not_internet", "peer_address", "protected"]

_PRIVATE = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
)
_NO_HOST = tuple(IPv4Network(text) for text in ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/3"))
_DOCUMENTATION = tuple(
    IPv4Network(text) for text in ("192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24")
)


def inside(office: Office) -> tuple[IPv4Network, ...]:
    """Every network of the office's own."""
    zones = (prefix.network for zone in office.zones for prefix in zone.prefixes)
    return _collapsed([*office.prefixes, *(building.prefix for building in office.buildings), *zones])


def protected(office: Office, device: Device) -> tuple[IPv4Network, ...]:
    """What must never leave this gateway's lines in clear: private, the office's own, or behind a tunnel."""
    behind = (network for end in _far_ends(office, device) for network in end.networks)
    return _collapsed([*_PRIVATE, *inside(office), *behind])


def not_internet(office: Office, device: Device) -> tuple[IPv4Network, ...]:
    """What a flow to the internet does not mean: a platform's host is reached only by a flow that names it."""
    tunnels = (network for tunnel in office.tunnels for end in tunnel.ends for network in end.networks)
    lines = (wan.address for wan in office.wans if wan.address is not None)
    hosts = (IPv4Network(address) for address in (*lines, *_pinned(office)))
    return _collapsed([*_NO_HOST, *protected(office, device), *tunnels, *hosts])


def bogons(office: Office, device: Device) -> tuple[IPv4Network, ...]:
    """Sources that cannot be true on a line to the internet. A block the office itself has an outer address in is out:
    practice offices live on documentation addresses, and some providers translate addresses themselves."""
    used = tuple(_outer(office))
    never = (n for n in (*_PRIVATE, *_NO_HOST, *_DOCUMENTATION) if not any(address in n for address in used))
    behind = (network for end in _far_ends(office, device) for network in end.networks)
    return _collapsed([*never, *inside(office), *behind])


def gateways(office: Office) -> tuple[IPv4Address, ...]:
    """The inner addresses of every gateway, sorted."""
    found: set[IPv4Address] = set()
    for device in office.gateways:
        zones = (office.zone(port.zone) for port in device.ports if port.zone is not None)
        prefixes = (zone.prefix_in(device.building) for zone in zones)
        found |= {prefix.gateway_address for prefix in prefixes if prefix is not None}
        found |= {device.address} if device.address is not None else set()
    return tuple(sorted(found))


def peer_address(office: Office, end: TunnelEnd) -> IPv4Address | None:
    """The outer address of a tunnel's end; None where the provider gives a changing one."""
    return end.address if end.address is not None or end.wan is None else office.wan(end.wan).address


def _far_ends(office: Office, device: Device) -> Iterator[TunnelEnd]:
    """The far ends of the gateway's own tunnels, and everybody's ends that are not ours: no building of the office
    may reach those by its own line."""
    for tunnel in office.tunnels:
        far = tunnel.far_end_of(device.name)
        yield from (end for end in tunnel.ends if end is far or end.device is None)


def _pinned(office: Office) -> Iterator[IPv4Address]:
    return (a for channel in office.channels for endpoint in channel.endpoints for a in endpoint.pinned)


def _outer(office: Office) -> Iterator[IPv4Address]:
    """Every outer address the office speaks with or from."""
    for wan in office.wans:
        yield from (address for address in (wan.address, wan.gateway) if address is not None)
    for tunnel in office.tunnels:
        yield from (a for end in tunnel.ends if (a := peer_address(office, end)) is not None)
    yield from office.network.time_sources
    yield from _pinned(office)


def _collapsed(networks: Iterable[IPv4Network]) -> tuple[IPv4Network, ...]:
    return tuple(collapse_addresses(networks))
