"""Names that must be somebody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inventory.checks.problem import Path, Problem, error, suggest
from inventory.model import Device, EndpointKind, Office
from inventory.words import gettext as _

__all__ = ["check"]


class _Reference(NamedTuple):
    path: Path
    kind: str
    name: str | None


def check(office: Office) -> Iterator[Problem]:
    """Every reference to a building, room, line, zone, device, port, service, tunnel or channel that is not there."""
    known = _known(office)
    for path, kind, name in _all(office):
        if name is not None and name not in known[kind]:
            yield error(path, f"{_missing(kind).format(name=name)}; {suggest(name, known[kind])}")
    yield from _ports(office)


def _missing(kind: str) -> str:
    return {
        "building": _("there is no building {name}"),
        "room": _("there is no room {name}"),
        "wan": _("there is no line {name} in wans"),
        "zone": _("there is no zone {name}"),
        "device": _("there is no device {name}"),
        "service": _("there is no service {name}"),
        "tunnel": _("there is no tunnel {name}"),
        "channel": _("there is no channel {name}"),
    }[kind]


def _known(office: Office) -> dict[str, frozenset[str]]:
    return {
        "building": frozenset(each.name for each in office.buildings),
        "room": frozenset(each.name for each in office.rooms),
        "wan": frozenset(each.name for each in office.wans),
        "zone": frozenset(each.name for each in office.zones),
        "device": frozenset(each.name for each in office.devices),
        "service": frozenset(each.name for each in office.services),
        "tunnel": frozenset(each.name for each in office.tunnels),
        "channel": frozenset(each.name for each in office.channels),
    }


def _all(office: Office) -> Iterator[_Reference]:
    yield _Reference(("network", "manager"), "device", office.network.manager)
    yield _Reference(("network", "log_server"), "device", office.network.log_server)
    yield _Reference(("changes", "canary"), "device", office.changes.canary)
    yield from _of_places(office)
    yield from _of_devices(office)
    yield from _of_flows(office)
    yield from _of_tunnels(office)
    yield from _of_systems(office)


def _of_places(office: Office) -> Iterator[_Reference]:
    for i, room in enumerate(office.rooms):
        yield _Reference(("rooms", i, "building"), "building", room.building)
    for i, wan in enumerate(office.wans):
        yield _Reference(("wans", i, "building"), "building", wan.building)
        yield _Reference(("wans", i, "device"), "device", wan.device)
    for i, zone in enumerate(office.zones):
        for k, prefix in enumerate(zone.prefixes):
            yield _Reference(("zones", i, "prefixes", k, "building"), "building", prefix.building)


def _of_devices(office: Office) -> Iterator[_Reference]:
    for i, device in enumerate(office.devices):
        yield _Reference(("devices", i, "building"), "building", device.building)
        yield _Reference(("devices", i, "room"), "room", device.room)
        yield _Reference(("devices", i, "zone"), "zone", device.zone)
        yield _Reference(("devices", i, "stands_by"), "device", device.stands_by)
        for k, port in enumerate(device.ports):
            yield _Reference(("devices", i, "ports", k, "zone"), "zone", port.zone)
            yield _Reference(("devices", i, "ports", k, "wan"), "wan", port.wan)
        yield from _of_switch_ports(("devices", i, "switch_ports"), device)
    for i, access in enumerate(office.access):
        yield _Reference(("access", i, "device"), "device", access.device)
    for i, cluster in enumerate(office.clusters):
        for k, name in enumerate(cluster.devices):
            yield _Reference(("clusters", i, "devices", k), "device", name)
    for i, group in enumerate(office.groups):
        yield _Reference(("groups", i, "building"), "building", group.building)
        yield _Reference(("groups", i, "zone"), "zone", group.zone)


def _of_switch_ports(path: Path, device: Device) -> Iterator[_Reference]:
    for k, ports in enumerate(device.switch_ports):
        yield _Reference((*path, k, "zone"), "zone", ports.zone)
        yield _Reference((*path, k, "voice"), "zone", ports.voice)
        for n, name in enumerate(ports.tagged):
            yield _Reference((*path, k, "tagged", n), "zone", name)


def _of_flows(office: Office) -> Iterator[_Reference]:
    for i, flow in enumerate(office.flows):
        for side, ends in (("from", flow.sources), ("to", flow.destinations)):
            for k, end in enumerate(ends):
                if end.kind in {EndpointKind.ZONE, EndpointKind.DEVICE, EndpointKind.CHANNEL}:
                    yield _Reference(("flows", i, side, k), end.kind.value, end.name)
                yield _Reference(("flows", i, side, k), "building", end.building)
        for k, name in enumerate(flow.services):
            yield _Reference(("flows", i, "services", k), "service", name)


def _of_tunnels(office: Office) -> Iterator[_Reference]:
    for i, tunnel in enumerate(office.tunnels):
        for k, end in enumerate(tunnel.ends):
            yield _Reference(("tunnels", i, "ends", k, "device"), "device", end.device)
            yield _Reference(("tunnels", i, "ends", k, "wan"), "wan", end.wan)
            yield _Reference(("tunnels", i, "ends", k, "backup"), "wan", end.backup)
    for i, channel in enumerate(office.channels):
        yield _Reference(("channels", i, "tunnel"), "tunnel", channel.tunnel)
        if channel.health is not None:
            yield _Reference(("channels", i, "health", "device"), "device", channel.health.device)


def _of_systems(office: Office) -> Iterator[_Reference]:
    for i, data_set in enumerate(office.data_sets):
        for k, name in enumerate(data_set.zones):
            yield _Reference(("data_sets", i, "zones", k), "zone", name)
    for i, system in enumerate(office.domain_systems):
        yield _Reference(("domain_systems", i, "device"), "device", system.device)
        yield _Reference(("domain_systems", i, "zone"), "zone", system.zone)
        yield _Reference(("domain_systems", i, "service"), "service", system.service)
    if office.switching is not None:
        for i, waiver in enumerate(office.switching.waivers):
            yield _Reference(("switching", "waivers", i, "device"), "device", waiver.device)


def _ports(office: Office) -> Iterator[Problem]:
    ports = {device.name: [port.name for port in device.ports] for device in office.devices}
    for i, link in enumerate(office.links):
        for k, end in enumerate(link.ends):
            if end.device not in ports:
                message = f"{_missing('device').format(name=end.device)}; {suggest(end.device, ports)}"
                yield error(("links", i, "ends", k, "device"), message)
            elif end.port not in ports[end.device]:
                message = _("{device} has no port {port}").format(device=end.device, port=end.port)
                yield error(("links", i, "ends", k, "port"), f"{message}; {suggest(end.port, ports[end.device])}")
    places = {room.name: room.building for room in office.rooms}
    for i, device in enumerate(office.devices):
        if device.room is not None and places.get(device.room, device.building) != device.building:
            message = _("room {room} is in building {building}").format(room=device.room, building=places[device.room])
            yield error(("devices", i, "room"), message)
