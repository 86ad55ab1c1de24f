"""The devices of a NetBox, by its REST API: names, makers, serial numbers, sites, addresses, ports of switches.

What is asked and how it is answered: NetBox's "REST API Overview" and the schema of its models `dcim.device` and
`dcim.interface`, versions 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from api.imports import cells
from api.imports.model import Found, Source, Unclear
from api.imports.netboxline import open_api
from api.imports.places import Places, Unplaced
from api.imports.portruns import runs
from api.imports.vlans import Zones, zones_of
from api.imports.vocabulary import kind_of
from inventory.errors import InputError
from inventory.model import DeviceKind, Platform
from inventory.plain import Value
from inventory.words import gettext as _

__all__ = ["DEVICES", "read_netbox"]

DEVICES = 5000
_PAGE = 200
_STATUSES = {
    "inventory": "stored",
    "planned": "stored",
    "staged": "stored",
    "offline": "stored",
    "decommissioning": "retired",
}
"""`active` is what the inventory says of nothing else; `failed` a person must judge."""
_PLATFORMS = {
    "ios": Platform.CISCO_IOS,
    "ios-xe": Platform.CISCO_IOS,
    "junos": Platform.JUNIPER_JUNOS,
    "procurve": Platform.HP_PROCURVE,
    "arubaos-switch": Platform.HP_PROCURVE,
    "aos-cx": Platform.ARUBA_AOSCX,
    "aoscx": Platform.ARUBA_AOSCX,
    "routeros": Platform.MIKROTIK_ROUTEROS,
}
_NO_PORTS = frozenset({"virtual", "bridge", "lag"})

_Record = Mapping[str, object]


@dataclass(slots=True)
class _Read:
    """One NetBox while it is being read."""

    url: str
    places: Places
    found: list[Found] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def doubt(self, what: str, why: str, todo: str, *, taken: bool = True) -> None:
        self.unclear.append(Unclear(self.url, what, why, todo, taken))


def read_netbox(url: str, token: str, ca: Path | None, places: Places) -> Source:
    """Everything it has. FosaError where it does not answer as a NetBox does; the token is never in one."""
    read = _Read(url, places)
    with open_api(url, token, ca) as api:
        devices = [dict(each) for each in islice(api.dcim.devices.all(limit=_PAGE), DEVICES + 1)]
        if len(devices) > DEVICES:
            raise InputError(_("{url} has more than {n} devices; no office has").format(url=url, n=DEVICES))
        kinds = {device.get("id"): _kind(device) for device in devices}
        switches = [number for number, kind in kinds.items() if kind is DeviceKind.SWITCH]
        ports: dict[object, list[_Record]] = {}
        for number in switches:
            ports[number] = [dict(each) for each in api.dcim.interfaces.filter(device_id=number, limit=_PAGE)]
    others = {number for number, kind in kinds.items() if kind in {DeviceKind.SWITCH, DeviceKind.FIREWALL}}
    for device in devices:
        _device(read, device, kinds[device.get("id")], _Ports(ports.get(device.get("id"), []), others))
    return Source(tuple(read.found), tuple(read.unclear), tuple(read.notes))


def _said(record: _Record, *steps: str) -> str:
    """A text inside a record; empty where a step is missing or null."""
    value: object = record
    for step in steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return cells.text(value) if isinstance(value, str) else ""


def _kind(device: _Record) -> DeviceKind | None:
    role = _said(device, "role", "name") or _said(device, "device_role", "name")
    kind = kind_of(role.replace("-", " "))
    return kind if isinstance(kind, DeviceKind) else None


@dataclass(frozen=True, slots=True)
class _Ports:
    records: list[_Record]
    others: set[object]
    """The numbers of what switches lead to."""


def _device(read: _Read, device: _Record, kind: DeviceKind | None, ports: _Ports) -> None:
    what = _said(device, "name") or _said(device, "display")
    if kind is None:
        role = _said(device, "role", "name") or _said(device, "device_role", "name")
        why = _("its role {role} is no kind of device the inventory has").format(role=role or "?")
        read.doubt(what, why, _("give it a role such as: {kinds}").format(kinds=", ".join(DeviceKind)), taken=False)
        return
    name = cells.name(_said(device, "name")) or ""
    fields = dict(_fields(read, device, what))
    if not name and "serial" not in fields:
        why = _("no serial number and no name the inventory can hold tells it from others")
        read.doubt(what, why, _("give it a serial number in NetBox"), taken=False)
        return
    site = _said(device, "site", "name")
    if ports.records and (entries := runs(_ports(read, what, ports, _zones(read, site)))):
        fields["switch_ports"] = entries
    place = _said(device, "location", "name")
    read.found.append(Found(f"{read.url}, {what}", what, kind, name, site, place, fields))


def _zones(read: _Read, site: str) -> Zones:
    try:
        return zones_of(read.places.office, read.places.building(site, None))
    except Unplaced:  # told with the device itself
        return zones_of(read.places.office, None)


def _fields(read: _Read, device: _Record, what: str) -> Iterator[tuple[str, Value]]:
    address = _said(device, "primary_ip4", "address").partition("/")[0]
    for key, value in (
        ("vendor", _said(device, "device_type", "manufacturer", "name")),
        ("model", _said(device, "device_type", "model")),
        ("serial", _said(device, "serial")),
        ("address", address),
    ):
        if value:
            yield key, value
    platform = _said(device, "platform", "slug")
    known = next((_PLATFORMS[word] for word in _PLATFORMS if platform == word or platform.endswith(f"-{word}")), None)
    if known is not None:
        yield "platform", known.value
    elif platform:
        why = _("fosa does not configure the platform {platform}").format(platform=platform)
        read.doubt(what, why, _("it comes in without one"))
    status = _said(device, "status", "value")
    if status in _STATUSES:
        yield "status", _STATUSES[status]
    elif status != "active":
        why = _("what {text} means for its status cannot be told").format(text=status or "?")
        read.doubt(what, why, _("it counts as in use; set its status in the inventory"))


# ---- Ports -----------------------------------------------------------------------------------------------------------


def _ports(read: _Read, what: str, ports: _Ports, zones: Zones) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for record in ports.records:
        name = _said(record, "name")
        if _said(record, "type", "value") in _NO_PORTS or record.get("mgmt_only"):
            continue
        said: dict[str, Value] | None = {"mode": "unused"}
        if record.get("enabled", True):
            said = (
                _access(record, zones) if _said(record, "mode", "value") == "access" else _trunk(record, zones, ports)
            )
        if said is None:
            why = _("port {port}: NetBox does not say which zone it carries").format(port=name)
            read.doubt(what, why, _("set its 802.1Q mode and VLANs in NetBox, or add it to switch_ports by hand"))
        else:
            yield name, said


def _access(record: _Record, zones: Zones) -> dict[str, Value] | None:
    zone = zones.of(_number(record.get("untagged_vlan")))
    return None if zone is None else {"mode": "access", "zone": zone}


def _trunk(record: _Record, zones: Zones, ports: _Ports) -> dict[str, Value] | None:
    mode = _said(record, "mode", "value")
    listed = record.get("tagged_vlans")
    numbers = [_number(each) for each in listed] if isinstance(listed, list) else []
    ranges = None if mode == "tagged-all" else tuple((number, number) for number in numbers)
    tagged, _strange = zones.within(ranges)
    if not mode or not tagged:
        return None
    peers = record.get("link_peers")
    ends = [each.get("device") for each in peers if isinstance(each, Mapping)] if isinstance(peers, list) else []
    uplink = any(isinstance(end, Mapping) and end.get("id") in ports.others for end in ends)
    return {"mode": "trunk", "tagged": list(tagged), **({"uplink": True} if uplink else {})}


def _number(vlan: object) -> int:
    number = vlan.get("vid") if isinstance(vlan, Mapping) else None
    return number if isinstance(number, int) else 0
