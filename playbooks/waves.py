"""Which devices change together, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from inventory.model import Device, Office

__all__ = ["waves"]


def waves(office: Office, devices: Sequence[Device]) -> tuple[tuple[Device, ...], ...]:
    """The canary if the office names one, then building by building: the far end of a tunnel before the near one.

    A building is the nearer, the fewer tunnels lie between it and the manager's, which is the way to all others.
    """
    canary = tuple(device for device in devices if device.name == office.changes.canary)
    rest = tuple(device for device in devices if device not in canary)
    hops = _hops(office)
    buildings = list(dict.fromkeys(device.building for device in rest))
    # Where no tunnel leads, nothing hangs on: those go with the farthest.
    buildings.sort(key=lambda name: -hops.get(name, len(hops)))
    parts = (tuple(device for device in rest if device.building == building) for building in buildings)
    return (*((canary,) if canary else ()), *parts)


def _hops(office: Office) -> dict[str, int]:
    """Building -> tunnels between it and the manager's."""
    places = {device.name: device.building for device in office.devices}
    edges = [
        {places[end.device] for end in tunnel.ends if end.device is not None and end.device in places}
        for tunnel in office.tunnels
    ]
    hops = {office.device(office.network.manager).building: 0}
    reached = set(hops)
    while reached:
        near = {building: hops[building] for building in reached}
        reached = {there for edge in edges for here in near if here in edge for there in edge} - set(hops)
        hops |= dict.fromkeys(reached, max(near.values()) + 1)
    return hops
