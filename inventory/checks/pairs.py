"""Two gateways of one building: what a standby must have, so that it can take the other one's place."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.problem import Path, Problem, error
from inventory.model import Device, Office
from inventory.words import gettext as _

__all__ = ["check"]


def check(office: Office) -> Iterator[Problem]:
    """Every `stands_by`, and the two it joins."""
    devices = {device.name: device for device in office.devices}
    taken: dict[str, str] = {}
    for i, device in enumerate(office.devices):
        if device.stands_by is None:
            continue
        path: Path = ("devices", i, "stands_by")
        first = devices.get(device.stands_by)
        if first is None:
            continue
        if why := _not_two(device, first, taken):
            yield error(path, why)
            continue
        if different := tuple(_same(path, device, first)):
            yield from different
            continue
        yield from _own_address(office, i, device)
        yield from _own_address(office, office.devices.index(first), first)
        yield from _place(office, path, device)
        yield from _named(office, device)


def _not_two(device: Device, first: Device, taken: dict[str, str]) -> str | None:
    """Why the two are no pair at all."""
    if not device.gateway or not first.gateway:
        alone = device if not device.gateway else first
        return _("{device} is no gateway that fosa configures").format(device=alone.name)
    if device.name == first.name:
        return _("a gateway cannot stand by for itself")
    if first.stands_by is not None:
        message = _("{device} stands by for {other} itself")
        return message.format(device=first.name, other=first.stands_by)
    if (other := taken.setdefault(first.name, device.name)) != device.name:
        return _("{other} stands by for {device} already; a pair has exactly two").format(
            other=other, device=first.name
        )
    return None


def _same(path: Path, device: Device, first: Device) -> Iterator[Problem]:
    if device.building != first.building:
        message = _("{device} is in building {building}; a standby stands beside its gateway")
        yield error(path, message.format(device=first.name, building=first.building))
    ports, theirs = ({(port.name, port.zone, port.wan) for port in each.ports} for each in (device, first))
    if different := sorted({name for name, _zone, _wan in ports ^ theirs}):
        message = _("must have the same ports as {device}, zones and lines included; these differ: {ports}")
        yield error(path, message.format(device=first.name, ports=", ".join(different)))
    if device.esp is not first.esp:
        yield error(path, _("must encrypt as {device} does (esp)").format(device=first.name))
    if device.zone != first.zone:
        yield error(path, _("must be managed in the same zone as {device}").format(device=first.name))


def _own_address(office: Office, number: int, device: Device) -> Iterator[Problem]:
    """The zone's gateway address moves from one to the other: who is managed there would be now this one, now that."""
    zones = {zone.name: zone for zone in office.zones}
    zone = zones.get(device.zone or "")
    prefix = zone.prefix_in(device.building) if zone is not None else None
    if prefix is not None and device.address == prefix.gateway_address:
        message = _("{address} moves between the two of a pair; each needs an address of its own in zone {zone}")
        yield error(("devices", number, "address"), message.format(address=device.address, zone=device.zone))
    if device.zone is not None and all(port.zone != device.zone for port in device.ports):
        message = _("no port of {device} is in zone {zone}, in which the two speak to each other")
        yield error(("devices", number, "zone"), message.format(device=device.name, zone=device.zone))


def _place(office: Office, path: Path, device: Device) -> Iterator[Problem]:
    """Elsewhere the manager would reach the standby through the very gateway it stands by for."""
    manager = next((each for each in office.devices if each.name == office.network.manager), None)
    if manager is not None and (manager.building, manager.zone) != (device.building, device.zone):
        message = _("a pair stands where {manager} is, in zone {zone} of building {building}")
        yield error(path, message.format(manager=manager.name, zone=manager.zone, building=manager.building))
    wans = {wan.name: wan for wan in office.wans}
    for port in device.ports:
        if port.wan in wans and wans[port.wan].address is None:
            message = _("line {wan} has no lasting address that could move from one to the other")
            yield error(path, message.format(wan=port.wan))


def _named(office: Office, device: Device) -> Iterator[Problem]:
    """Lines and tunnels name the first one: the standby has them by standing by."""
    for i, wan in enumerate(office.wans):
        if wan.device == device.name:
            message = _("{device} stands by for {other}: name that one here")
            yield error(("wans", i, "device"), message.format(device=device.name, other=device.stands_by))
    for i, tunnel in enumerate(office.tunnels):
        for k, end in enumerate(tunnel.ends):
            if end.device == device.name:
                message = _("{device} stands by for {other}: name that one here")
                path: Path = ("tunnels", i, "ends", k, "device")
                yield error(path, message.format(device=device.name, other=device.stands_by))
