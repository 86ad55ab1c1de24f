"""What a device that fosa configures must have, and how it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.problem import Path, Problem, error, warning
from inventory.model import Device, DeviceStatus, Office, Wan
from inventory.pairs import pair_of, pairs
from inventory.words import gettext as _

__all__ = ["check"]


def check(office: Office) -> Iterator[Problem]:
    """Managed devices, the accounts on them, the manager and the log server."""
    for i, device in enumerate(office.devices):
        yield from _ports(office, ("devices", i), device)
        if device.gateway:
            yield from _managed(office, ("devices", i), device)
    yield from _unplugged(office)
    yield from _shared(office)
    yield from _accounts(office)
    yield from _places(office)


def _ports(office: Office, path: Path, device: Device) -> Iterator[Problem]:
    """Ports that name a thing twice, two things, or what is not at this device."""
    zones = {zone.name: zone for zone in office.zones}
    wans = {wan.name: wan for wan in office.wans}
    seen: set[tuple[str, str]] = set()
    for k, port in enumerate(device.ports):
        here = (*path, "ports", k)
        for key, value in (("name", port.name), ("zone", port.zone), ("wan", port.wan)):
            if value is not None and (key, value) in seen:
                yield error((*here, key), _("{value} stands on another port already").format(value=value))
            elif value is not None:
                seen.add((key, value))
        if port.zone is not None and port.wan is not None:
            yield error(here, _("a port carries a zone or a line, not both"))
        if port.zone in zones and zones[port.zone].prefix_in(device.building) is None:
            message = _("zone {zone} has no network in building {building}")
            yield error((*here, "zone"), message.format(zone=port.zone, building=device.building))
        if port.wan in wans:
            yield from _line(office, here, port.name, device, wans[port.wan])


def _line(office: Office, path: Path, port: str, device: Device, wan: Wan) -> Iterator[Problem]:
    if wan.building != device.building:
        message = _("line {wan} is in building {building}")
        yield error((*path, "wan"), message.format(wan=wan.name, building=wan.building))
    if wan.device not in {None, device.name, device.stands_by} and device.building not in _unpaired(office):
        yield error((*path, "wan"), _("line {wan} ends on {device}").format(wan=wan.name, device=wan.device))
    if wan.device == device.name and wan.interface not in {None, port}:
        message = _("line {wan} ends on {interface}")
        yield error((*path, "wan"), message.format(wan=wan.name, interface=wan.interface))


def _managed(office: Office, path: Path, device: Device) -> Iterator[Problem]:
    zones = [port.zone for port in device.ports if port.zone is not None]
    needs = {
        _("its address"): device.address is not None,
        _("a port with a line (wan)"): any(port.wan is not None for port in device.ports),
        _("a port with a zone"): bool(zones),
    }
    for what, there in needs.items():
        if not there:
            yield error(path, _("a device with a platform needs {what}").format(what=what))
    if pair_of(office, device.name) is not None or device.building in _unpaired(office):
        return
    prefixes = [zone.prefix_in(device.building) for zone in office.zones if zone.name in zones]
    inner = [prefix.gateway_address for prefix in prefixes if prefix is not None]
    if device.address is not None and inner and device.address not in inner:
        message = _("must be the gateway's address in one of the zones on its ports: {addresses}")
        yield error((*path, "address"), message.format(addresses=", ".join(map(str, inner))))


def _unpaired(office: Office) -> frozenset[str]:
    """Buildings with a gateway that stands by for none there. Once it names the right one the rest may be right."""
    paired = {two.standby.name for two in pairs(office) if two.first.building == two.standby.building}
    alone = (each for each in office.gateways if each.stands_by is not None)
    return frozenset(each.building for each in alone if each.name not in paired or each.stands_by == each.name)


def _unplugged(office: Office) -> Iterator[Problem]:
    """Lines that name a configured device, where no port of it names them."""
    ports = {device.name: {port.wan for port in device.ports} for device in office.devices if device.gateway}
    for i, wan in enumerate(office.wans):
        if wan.device in ports and wan.name not in ports[wan.device]:
            message = _("{device} has no port for this line: wan: {wan}")
            yield error(("wans", i, "device"), message.format(device=wan.device, wan=wan.name))


def _shared(office: Office) -> Iterator[Problem]:
    """One gateway for a network, or one and its standby: two would have one address."""
    first: dict[tuple[str, str], str] = {}
    for i, device in enumerate(office.devices):
        if not device.gateway or device.stands_by is not None:
            continue
        for k, port in enumerate(device.ports):
            key = (device.building, port.zone or "")
            if port.zone is not None and first.setdefault(key, device.name) != device.name:
                message = _("{device} is the gateway of zone {zone} in this building already")
                path = ("devices", i, "ports", k, "zone")
                yield error(path, message.format(device=first[key], zone=port.zone))


def _accounts(office: Office) -> Iterator[Problem]:
    # On a switch without RADIUS there is one account only: `inventory.checks.switches`.
    alone = {device.name for device in office.switches if office.switching and not office.switching.radius}
    for i, access in enumerate(office.access):
        for key, login in (("read", access.read), ("write", access.write)):
            if login.user == "root":
                yield error(("access", i, key, "user"), _("root is never used; give an account of its own"))
        if access.device in alone:
            continue
        if access.read.user == access.write.user:
            yield error(("access", i, "write", "user"), _("reading and writing need an account each"))
        if access.read.key == access.write.key:
            yield error(("access", i, "write", "key"), _("reading and writing need a key each"))


def _places(office: Office) -> Iterator[Problem]:
    """The manager and the log server: there, in use, with an address, and not a gateway."""
    devices = {device.name: device for device in office.devices}
    hubs = {building.name for building in office.buildings if building.hub}
    for key, name in (("manager", office.network.manager), ("log_server", office.network.log_server)):
        path: Path = ("network", key)
        if (device := devices.get(name)) is None:
            continue
        if device.status is not DeviceStatus.IN_USE:
            yield error(path, _("{device} is not in use").format(device=name))
        if device.address is None:
            yield error(path, _("{device} has no address").format(device=name))
        if device.managed:
            yield error(path, _("{device} is configured by fosa; it must be another device").format(device=name))
        if hubs and device.building not in hubs:
            yield warning(path, _("{device} is not in the hub: it works only while a tunnel does").format(device=name))
