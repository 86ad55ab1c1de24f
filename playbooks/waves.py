"""Which devices change together, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inventory.model import Device, Office

__all__ = ["waves"]


def waves(
    office: Office, devices: Sequence[Device], apart: Collection[tuple[str, str]] = ()
) -> tuple[tuple[Device, ...], ...]:
    """The canary if the office names one, then building by building: the far end of a tunnel before the near one.

    A building is the nearer, the fewer tunnels lie between it and the manager's, which is the way to all others.
    `apart` are pairs of names: with the first changed and the second not yet, the tunnel between them would not come
    up. It moves into the second's wave, to its end, because a wave goes back last first; all others stay.
    """
    laid = _laid(office, devices)
    places = {device.name: number for number, wave in enumerate(laid) for device in wave}
    pairs = [pair for pair in sorted(apart) if places.keys() >= set(pair)]
    # A device that has moved may be behind one it was before.
    while early := next((pair for pair in pairs if places[pair[0]] < places[pair[1]]), None):
        places[early[0]] = places[early[1]]
    order = [device for wave in reversed(laid) for device in wave]
    parts = (tuple(device for device in order if places[device.name] == number) for number in range(len(laid)))
    return tuple(part for part in parts if part)


def _laid(office: Office, devices: Sequence[Device]) -> tuple[tuple[Device, ...], ...]:
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
