"""How far from the manager a device is, and so which end of a tunnel and which switch changes first."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Device, Office, Tunnel

__all__ = ["cables", "first_to_change", "hops", "neighbours"]


def hops(office: Office) -> dict[str, int]:
    """Building -> tunnels between it and the manager's, which is the way to all others; none where no tunnel leads."""
    places = {device.name: device.building for device in office.devices}
    edges = [
        {places[end.device] for end in tunnel.ends if end.device is not None and end.device in places}
        for tunnel in office.tunnels
    ]
    found = {office.device(office.network.manager).building: 0}
    reached = set(found)
    while reached:
        near = {building: found[building] for building in reached}
        reached = {there for edge in edges for here in near if here in edge for there in edge} - set(found)
        found |= dict.fromkeys(reached, max(near.values()) + 1)
    return found


def first_to_change(office: Office, tunnel: Tunnel) -> str | None:
    """The device whose end of a tunnel changes before the other's: the canary, else the farther one from the manager.

    None where only one end is ours: then there is nothing to be kept in order.
    """
    names = {end.device for end in tunnel.ends}
    own = [device for device in office.devices if device.name in names]
    if len(own) != len(tunnel.ends):
        return None
    far = hops(office)

    def rank(device: Device) -> tuple[bool, int]:
        return device.name != office.changes.canary, -far.get(device.building, len(far))

    return min(own, key=rank).name


def neighbours(office: Office) -> dict[str, frozenset[str]]:
    """Device -> those it is cabled to: by a link, or by an uplink port that is labelled with a device's name."""
    names = {device.name for device in office.devices}
    pairs = [(link.ends[0].device, link.ends[1].device) for link in office.links]
    pairs += [
        (device.name, ports.label)
        for device in office.devices
        for ports in device.switch_ports
        if ports.uplink and ports.label is not None and ports.label in names
    ]
    found: dict[str, set[str]] = {name: set() for name in names}
    for one, other in pairs:
        if one in names and other in names and one != other:
            found[one].add(other)
            found[other].add(one)
    return {name: frozenset(others) for name, others in found.items()}


def cables(office: Office, beside: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Device -> cables between it and the nearest gateway (`beside`: its `neighbours`); none where no cable leads."""
    found = {device.name: 0 for device in office.gateways}
    reached = set(found)
    while reached:
        reached = {there for here in reached for there in beside[here]} - set(found)
        found |= dict.fromkeys(reached, max(found.values()) + 1)
    return found
