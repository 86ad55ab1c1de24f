"""Counts: what was stated against what is itemised, and how full the networks are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from inventory.checks.problem import Problem, note, warning
from inventory.model import DeviceKind, DeviceStatus, Office
from inventory.words import gettext as _
from inventory.words import ngettext

__all__ = ["check"]

_FULL = 0.6
_NOT_HOSTS = 3  # the network's own address, the broadcast address and the gateway


def check(office: Office) -> Iterator[Problem]:
    """Devices nobody has itemised, and networks that fill up."""
    yield from _stated(office)
    yield from _fill(office)


def _stated(office: Office) -> Iterator[Problem]:
    stated = office.stated
    if stated is None:
        return
    kinds = _itemised(office)
    if stated.buildings is not None and stated.buildings != len(office.buildings):
        message = _("{stated} buildings are stated, {itemised} are itemised")
        yield note(("stated", "buildings"), message.format(stated=stated.buildings, itemised=len(office.buildings)))
    if stated.devices is not None:
        yield from _difference(("stated", "devices"), stated.devices, kinds.total())
    for kind, count in stated.kinds.items():
        yield from _difference(("stated", "kinds", kind.value), count, kinds[kind])


def _itemised(office: Office) -> Counter[DeviceKind]:
    """What somebody knows to be there: an assumed device accounts for none of those that were stated."""
    known = (device for device in office.devices if device.status is not DeviceStatus.RETIRED and not device.assumed)
    kinds = Counter(device.kind for device in known)
    for group in office.groups:
        if not group.assumed:
            kinds[group.kind] += group.count
    return kinds


def _difference(path: tuple[str, ...], stated: int, itemised: int) -> Iterator[Problem]:
    missing = stated - itemised
    if missing > 0:
        message = ngettext(
            "{stated} stated, {itemised} itemised: {n} is unaccounted for",
            "{stated} stated, {itemised} itemised: {n} are unaccounted for",
            missing,
        )
        yield note(path, message.format(stated=stated, itemised=itemised, n=missing))
    elif missing < 0:
        message = _("{stated} stated, {itemised} itemised: more than was stated")
        yield warning(path, message.format(stated=stated, itemised=itemised))


def _fill(office: Office) -> Iterator[Problem]:
    used: Counter[tuple[str | None, str]] = Counter()
    gateways = {prefix.gateway_address for zone in office.zones for prefix in zone.prefixes}
    for device in office.devices:
        if device.status is DeviceStatus.IN_USE and device.address not in gateways:
            used[device.zone, device.building] += 1
    for group in office.groups:
        used[group.zone, group.building] += group.count
    for i, zone in enumerate(office.zones):
        for k, prefix in enumerate(zone.prefixes):
            room = prefix.network.num_addresses - _NOT_HOSTS
            taken = used[zone.name, prefix.building]
            if room > 0 and taken / room > _FULL:
                message = _("{network} is {percent} % full: {taken} of {room} addresses; more than 60 % is tight")
                fields = {"network": prefix.network, "percent": round(100 * taken / room), "taken": taken, "room": room}
                yield warning(("zones", i, "prefixes", k, "network"), message.format(**fields))
