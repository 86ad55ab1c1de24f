"""The ports of a switch: each named once, as its platform shows it, and carrying what reaches its building."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.checks.problem import Path, Problem, error, warning
from inventory.model import Device, Office, Platform, PortMode, SwitchPorts, Zone
from inventory.words import gettext as _

__all__ = ["check"]

_MEANT = {
    PortMode.ACCESS: frozenset({"zone", "voice", "macs", "dot1x"}),
    PortMode.TRUNK: frozenset({"tagged", "uplink"}),
    PortMode.UNUSED: frozenset[str](),
}
"""The keys that say something of a port of each mode; `ports`, `mode` and `label` always do."""

_SHOWN = {
    Platform.CISCO_IOS: re.compile(r"[A-Z][A-Za-z]*(Ethernet|GigE)\d+(/\d+){0,2}|Port-channel\d+"),
    Platform.JUNIPER_JUNOS: re.compile(r"(fe|ge|mge|xe|et)-\d+/\d+/\d+|ae\d+"),
    Platform.HP_PROCURVE: re.compile(r"(\d+/)?[A-Z]?\d+|Trk\d+"),
    Platform.ARUBA_AOSCX: re.compile(r"\d+/\d+/\d+|lag\d+"),
}
"""Names as each platform's own text shows them; on RouterOS they can be anything. From general knowledge."""


def check(office: Office, path: Path, device: Device) -> Iterator[Problem]:
    """Everything about the ports of one switch."""
    zones = {zone.name: zone for zone in office.zones}
    seen: set[str] = set()
    for k, ports in enumerate(device.switch_ports):
        here: Path = (*path, "switch_ports", k)
        yield from _names(here, device, ports, seen)
        yield from _keys(here, ports)
        yield from _zones(here, device, ports, zones)
        if ports.dot1x and office.switching is not None and not office.switching.radius:
            yield error((*here, "dot1x"), _("802.1X asks a RADIUS server; switching.radius names none"))
    yield from _way_in(path, device)


def _names(path: Path, device: Device, ports: SwitchPorts, seen: set[str]) -> Iterator[Problem]:
    shown = _SHOWN.get(device.platform) if device.platform is not None else None
    for n, (pattern, names) in enumerate(ports.runs):
        here = (*path, "ports", n)
        if not names:
            yield error(here, _("{run} ends before it begins").format(run=pattern))
        if twice := next((name for name in names if name in seen), None):
            yield error(here, _("port {port} stands twice").format(port=twice))
        seen.update(names)
        if names and shown is not None and not shown.fullmatch(names[0]):
            message = _("{platform} calls no port {port} in its configuration; write the name as it stands there")
            yield warning(here, message.format(platform=device.platform, port=names[0]))


def _keys(path: Path, ports: SwitchPorts) -> Iterator[Problem]:
    every = frozenset[str]().union(*_MEANT.values())
    for key in sorted((every - _MEANT[ports.mode]) & ports.model_fields_set):
        message = _("says nothing of a port of mode {mode}; take it out")
        yield error((*path, key), message.format(mode=ports.mode))
    if ports.mode is PortMode.ACCESS and ports.zone is None:
        yield error(path, _("an access port needs its zone"))
    if ports.mode is PortMode.TRUNK and not ports.tagged:
        yield error(path, _("a trunk needs its zones: tagged"))


def _zones(path: Path, device: Device, ports: SwitchPorts, zones: dict[str, Zone]) -> Iterator[Problem]:
    tagged = ((("tagged", k), name) for k, name in enumerate(ports.tagged))
    seen: set[str] = set()
    for key, name in ((("zone",), ports.zone), (("voice",), ports.voice), *tagged):
        if name in zones and zones[name].prefix_in(device.building) is None:
            message = _("zone {zone} has no network in building {building}")
            yield error((*path, *key), message.format(zone=name, building=device.building))
        if name is not None and name in seen:
            yield error((*path, *key), _("zone {zone} stands twice on this port").format(zone=name))
        elif name is not None:
            seen.add(name)


def _way_in(path: Path, device: Device) -> Iterator[Problem]:
    """A switch is managed through its uplink: what fosa writes must not take that way from it."""
    uplinks = [ports for ports in device.switch_ports if ports.uplink]
    if not device.switch_ports or device.zone is None:
        return
    if not uplinks:
        yield error((*path, "switch_ports"), _("no port is the uplink: nobody would reach the switch any longer"))
    elif not any(device.zone in ports.tagged for ports in uplinks):
        message = _("no uplink carries zone {zone}, in which the switch is managed")
        yield error((*path, "switch_ports"), message.format(zone=device.zone))
