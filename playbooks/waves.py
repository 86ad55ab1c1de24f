"""Which devices change together, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from inventory.distance import hops
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
    far = hops(office)
    buildings = list(dict.fromkeys(device.building for device in rest))
    # Where no tunnel leads, nothing hangs on: those go with the farthest.
    buildings.sort(key=lambda name: -far.get(name, len(far)))
    parts = (tuple(device for device in rest if device.building == building) for building in buildings)
    return (*((canary,) if canary else ()), *parts)
