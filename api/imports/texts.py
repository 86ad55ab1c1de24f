"""The running text of a switch as a device of the inventory: its name, its address, what its ports are for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface
from pathlib import Path

from api.imports.cells import name as name_of
from api.imports.model import Found, Source, Unclear
from api.imports.portruns import runs
from api.imports.vlans import Zones, zones_of
from inventory.errors import InputError
from inventory.model import DeviceKind, Office, Platform
from inventory.plain import Value
from inventory.words import gettext as _
from monitor.basis import Basis
from monitor.facts.model import Facts
from monitor.facts.read import facts
from monitor.facts.switch import PortMode, SwitchPort
from monitor.facts.switches import SWITCHES

__all__ = ["TEXT_BYTES", "read_text"]

TEXT_BYTES = 4 * 1024**2
_UNDERSTOOD = 0.6
"""The least share of its lines by which a text is taken for a platform's."""
_APART = 0.1
"""By how much a platform must understand more than the next one."""
_ADDRESS = re.compile(
    r"\baddress[ =](?P<address>\d{1,3}(?:\.\d{1,3}){3})(?:/(?P<bits>\d{1,2})|\s+(?P<mask>255(?:\.\d{1,3}){3}))"
)


@dataclass(slots=True)
class _Read:
    """One text while it is being read."""

    where: str
    said: Facts
    zones: Zones
    unclear: list[Unclear] = field(default_factory=list)

    def doubt(self, what: str, why: str, todo: str, *, taken: bool = True) -> None:
        self.unclear.append(Unclear(self.where, what, why, todo, taken))


def read_text(path: Path, office: Office, platform: Platform | None, building: str) -> Source:
    """The switch that a file is the text of. InputError where its platform is not said and cannot be told from it."""
    text = _text(path)
    said = _facts(path, text, platform)
    switch = said.switch
    assert switch is not None  # noqa: S101  `_facts` has made sure
    address = _address(text, office)
    read = _Read(path.name, said, zones_of(office, _building(office, address, building)))
    if said.understood() < 0.9:
        why = _("only {percent} % of its lines are understood").format(percent=int(said.understood() * 100))
        read.doubt("", why, _("compare its ports with the text before you take them"))
    name = "" if switch.hostname is None else switch.hostname.value
    fields: dict[str, Value] = {"platform": said.platform.value}
    if address is not None:
        fields["address"] = str(address)
    else:
        read.doubt(name, _("no address of it lies in one zone of the inventory"), _("add address and zone by hand"))
    if ports := runs(_ports(read, switch.ports or ())):
        fields["switch_ports"] = ports
    found = Found(path.name, name, DeviceKind.SWITCH, _name(name, read), building, "", fields)
    return Source((found,), tuple(read.unclear))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > TEXT_BYTES:
            message = _("{file} is longer than {limit} MiB; no switch's text is")
            raise InputError(message.format(file=path, limit=TEXT_BYTES // 1024**2))
        return path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError as error:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=error.strerror)) from error


def _facts(path: Path, text: str, platform: Platform | None) -> Facts:
    tried = [each for each in SWITCHES if platform is None or each is platform]
    read = [facts(path.name, each, Basis.LIVE, {"running-config": text}, None) for each in tried]
    ranked = sorted(read, key=lambda each: each.understood(), reverse=True)
    best = next(iter(ranked), None)
    if best is None or best.switch is None or not text.strip():
        raise InputError(_("{file}: no text of a switch").format(file=path))
    far = len(ranked) < 2 or best.understood() - ranked[1].understood() >= _APART
    if platform is None and (best.understood() < _UNDERSTOOD or not far):
        message = _("{file}: whose text it is cannot be told; say --platform with one of: {names}")
        raise InputError(message.format(file=path, names=", ".join(SWITCHES)))
    return best


def _name(said: str, read: _Read) -> str:
    name = name_of(said) or ""
    if said and not name:
        why = _("{name} cannot be a name in the inventory").format(name=said)
        read.doubt(said, why, _("it gets a new one; rename the switch, or the entry"))
    return name


def _address(text: str, office: Office) -> IPv4Address | None:
    """The one address in the text that is a host's in a zone of the office, its mask the zone's; the manager's zone
    decides between several."""
    found: dict[IPv4Address, str] = {}
    for match in _ADDRESS.finditer(text):
        try:
            one = IPv4Interface(f"{match['address']}/{match['bits'] or match['mask']}")
        except ValueError:
            continue
        for zone in office.zones:
            if any(prefix.network == one.network for prefix in zone.prefixes):
                found[one.ip] = zone.name
    if len(found) > 1:
        manager = office.device(office.network.manager).zone
        found = {address: zone for address, zone in found.items() if zone == manager}
    return next(iter(found)) if len(found) == 1 else None


def _building(office: Office, address: IPv4Address | None, said: str) -> str | None:
    """Where the switch stands, for its VLANs; None: in any building."""
    if any(building.name == said for building in office.buildings):
        return said
    here = (building.name for building in office.buildings if address is not None and address in building.prefix)
    return next(here, None)


# ---- Ports -----------------------------------------------------------------------------------------------------------


def _ports(read: _Read, ports: tuple[SwitchPort, ...]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    uplinks = _uplinks(read, ports)
    lost: dict[str, list[str]] = {}
    for port in ports:
        if port.shut:
            yield port.name, {"mode": "unused"}
        elif port.mode is PortMode.ACCESS:
            said = _access(read, port)
            if isinstance(said, str):
                lost.setdefault(said, []).append(port.name)
            else:
                yield port.name, said
        elif port.mode is PortMode.TRUNK:
            yield port.name, _trunk(read, port, uplink=port.name in uplinks)
        else:
            lost.setdefault(_("it neither carries one zone nor several"), []).append(port.name)
    for why, names in lost.items():
        shown = ", ".join(str(name) for each in runs((name, {}) for name in names) for name in _patterns(each))
        read.doubt(shown, why, _("add the ports to switch_ports by hand, or put them in order on the switch"))


def _patterns(entry: Value) -> list[Value]:
    ports = entry["ports"] if isinstance(entry, dict) else []
    return ports if isinstance(ports, list) else []


def _access(read: _Read, port: SwitchPort) -> dict[str, Value] | str:
    """What the inventory says of an access port, or why it cannot."""
    vlan = 1 if port.vlan is None else port.vlan
    zone = read.zones.of(vlan)
    if zone is None:
        return _("VLAN {vlan} is no zone of the inventory").format(vlan=vlan)
    said: dict[str, Value] = {"mode": "access", "zone": zone}
    voice = None
    if port.voice is not None:
        voice = read.zones.of(port.voice)
        if voice is None:
            return _("VLAN {vlan} is no zone of the inventory").format(vlan=port.voice)
        said["voice"] = voice
    if port.macs is not None and (macs := port.macs - (voice is not None)) > 1:
        said["macs"] = min(macs, 32)
    if port.dot1x:
        said["dot1x"] = True
    return said


def _trunk(read: _Read, port: SwitchPort, *, uplink: bool) -> dict[str, Value]:
    zones, strange = read.zones.within(port.tagged)
    if strange:
        why = _("it carries VLANs that are no zones of the inventory: {vlans}").format(
            vlans=", ".join(map(str, strange))
        )
        read.doubt(port.name, why, _("add the zones, or leave the VLANs out as fosa would"))
    return {"mode": "trunk", "tagged": list(zones), **({"uplink": True} if uplink else {})}


def _uplinks(read: _Read, ports: tuple[SwitchPort, ...]) -> frozenset[str]:
    """The trunks that lead to another switch: those trusted with DHCP, or the only one there is."""
    trunks = [port for port in ports if port.mode is PortMode.TRUNK and not port.shut]
    trusted = frozenset(port.name for port in trunks if port.snooping_trusted)
    if trusted or len(trunks) == 1:
        return trusted or frozenset(port.name for port in trunks)
    if trunks:
        names = ", ".join(port.name for port in trunks)
        read.doubt(names, _("which of the trunks are uplinks is not said"), _("write uplink: true at those that are"))
    return frozenset()
