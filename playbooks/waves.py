"""Which devices change together, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from inventory.distance import cables, hops, neighbours
from inventory.model import Device, Office

__all__ = ["waves"]


def waves(
    office: Office, devices: Sequence[Device], apart: Collection[tuple[str, str]] = ()
) -> tuple[tuple[Device, ...], ...]:
    """The canary if the office names one, then building by building: the far end of a tunnel before the near one.

    In a building the switches come before the gateways, the farthest first: what is behind a switch is reached through
    it. Two that are cabled to each other are never in one wave.

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
    parts = (
        part
        for building in buildings
        for part in _inside(office, tuple(device for device in rest if device.building == building))
    )
    return (*((canary,) if canary else ()), *parts)


def _inside(office: Office, devices: tuple[Device, ...]) -> Iterator[tuple[Device, ...]]:
    """The waves of a building."""
    switches = tuple(device for device in devices if not device.gateway)
    beside = neighbours(office)
    far = cables(office, beside)
    # One that no cable leads to may be behind any other, or beside it.
    yield from ((device,) for device in switches if device.name not in far)
    for distance in sorted({far[device.name] for device in switches if device.name in far}, reverse=True):
        left = [device for device in switches if far.get(device.name) == distance]
        while left:
            wave: list[Device] = []
            for device in left:
                if not any(other.name in beside[device.name] for other in wave):
                    wave.append(device)
            yield tuple(wave)
            left = [device for device in left if device not in wave]
    # Of two of which one stands by never both at once, and first the one that stands by: nothing hangs on it.
    gateways = tuple(device for device in devices if device.gateway)
    standing_by = tuple(device for device in gateways if device.stands_by is not None)
    rest = tuple(device for device in gateways if device not in standing_by)
    yield from (part for part in (standing_by, rest) if part)
