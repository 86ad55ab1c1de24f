"""The networks that no packet may reach in clear over a line, as a gateway has to see them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from inventory.model import Device, Office
from monitor.compliance.spaces import networks
from monitor.facts.space import Ranges

__all__ = ["beyond_tunnels", "inside", "inside6"]


def inside(office: Office, device: Device) -> Iterator[IPv4Network]:
    """Every network of the office's own, what lies behind the device's tunnels, and behind anybody's to others."""
    yield from office.prefixes
    for building in office.buildings:
        yield building.prefix
        yield from office.networks_in(building.name)
    for tunnel in office.tunnels:
        far = tunnel.far_end_of(device.name)
        yield from (network for end in tunnel.ends if end is far or end.device is None for network in end.networks)


def inside6(office: Office) -> Iterator[IPv6Network]:
    """The IPv6 networks of all zones: tunnels carry IPv4 only, so each of them stays in its building."""
    for zone in office.zones:
        yield from (prefix.network6 for prefix in zone.prefixes if prefix.network6 is not None)


def beyond_tunnels(office: Office, device: Device) -> Ranges:
    """What a gateway reaches through its tunnels only: their far ends' networks, without its own building's."""
    far = [tunnel.far_end_of(device.name) for tunnel in office.tunnels_of(device.name)]
    led_to = networks(network for end in far if end is not None for network in end.networks)
    return led_to - networks(office.networks_in(device.building))
