"""What a source tells of devices, held against the inventory: what is new, what is filled in, what contradicts it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.imports.model import Found, Unclear
from api.imports.places import Places, Unplaced
from api.imports.portruns import same_ports
from inventory.model import DeviceKind, Office
from inventory.plain import Value
from inventory.words import gettext as _

__all__ = ["Merged", "Proposal", "merge"]

_PREFIXES = {
    DeviceKind.FIREWALL: "gw",
    DeviceKind.SWITCH: "sw",
    DeviceKind.PRINTER: "prn",
    DeviceKind.COMPUTER: "pc",
    DeviceKind.SERVER: "srv",
    DeviceKind.ACCESS_POINT: "ap",
    DeviceKind.MOBILE_TERMINAL: "otm",
    DeviceKind.UPS: "ups",
}
_FIRST = ("name", "kind", "building", "room", "zone", "address", "platform")
"""Fields in the order an entry has them; the others follow as the source has them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A device to be added, or fields of one that is there."""

    name: str
    fields: Mapping[str, Value]
    """Of a new device: all of them, its name among them."""
    new: bool
    found: Found


@dataclass(slots=True)
class Merged:
    """All that would change, and what is unclear."""

    proposals: list[Proposal] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    unchanged: int = 0

    def doubt(self, found: Found, why: str, todo: str, *, taken: bool) -> None:
        """A person must look at this one."""
        one = Unclear(found.where, found.what, why, todo, taken)
        if one not in self.unclear:
            self.unclear.append(one)


@dataclass(slots=True)
class _Known:
    """The devices of the inventory by what tells one from others."""

    devices: Mapping[str, Mapping[str, Value]]
    names: set[str] = field(default_factory=set)
    by_serial: dict[str, list[str]] = field(default_factory=dict)
    by_mac: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    """The highest number behind each beginning of a name."""

    def __post_init__(self) -> None:
        for name, device in self.devices.items():
            self.learn(name, device)

    def learn(self, name: str, device: Mapping[str, Value]) -> None:
        """A device, of the inventory or new."""
        self.names.add(name)
        if isinstance(serial := device.get("serial"), str):
            self.by_serial.setdefault(serial.casefold(), []).append(name)
        if isinstance(mac := device.get("mac"), str):
            self.by_mac[mac] = name
        if (match := re.fullmatch(r"(.*-)(\d{1,6})", name)) is not None:
            self.numbers[match[1]] = max(self.numbers.get(match[1], 0), int(match[2]))

    def matches(self, found: Found) -> dict[str, str]:
        """By what a device is known already -> its name."""
        said: dict[str, str] = {}
        serial = found.fields.get("serial")
        if isinstance(serial, str) and (names := self.by_serial.get(serial.casefold())):
            vendor = found.fields.get("vendor")
            exact = [name for name in names if vendor in {None, self.devices.get(name, {}).get("vendor", vendor)}]
            if len(exact) == 1:
                said[_("serial number")] = exact[0]
        mac = found.fields.get("mac")
        if isinstance(mac, str) and mac in self.by_mac:
            said[_("MAC address")] = self.by_mac[mac]
        if found.name in self.names:
            said[_("name")] = found.name
        return said

    def name(self, kind: DeviceKind, building: str) -> str:
        """The next free one of its kind in that building."""
        start = f"{_PREFIXES[kind]}-{building}-"
        return f"{start}{self.numbers.get(start, 0) + 1:02d}"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every row is held against."""

    devices: Mapping[str, Mapping[str, Value]]
    known: _Known
    places: Places
    replace: bool
    merged: Merged = field(default_factory=Merged)
    taken: dict[str, Found] = field(default_factory=dict)

    def take(self, one: Found) -> None:
        """One row."""
        matches = self.known.matches(one)
        names = set(matches.values())
        if len(names) > 1:
            said = ", ".join(f"{what}: {name}" for what, name in matches.items())
            why = _("it is several devices of the inventory at once: {said}").format(said=said)
            self.merged.doubt(one, why, _("correct the list or the inventory"), taken=False)
            return
        name = names.pop() if names else ""
        if name in self.taken:
            why = _("it is the same device as {where}").format(where=self.taken[name].where)
            self.merged.doubt(one, why, _("take one of them out, or correct its number or name"), taken=False)
            return
        proposed = self._amended(one, name) if name in self.devices else self._new(one)
        if proposed is None:
            return
        self.taken[proposed.name] = one
        self.known.learn(proposed.name, proposed.fields)
        if proposed.fields:
            self.merged.proposals.append(proposed)
        else:
            self.merged.unchanged += 1

    def _new(self, one: Found) -> Proposal | None:
        if one.kind is None:
            why = _("what kind of device it is is not said")
            self.merged.doubt(one, why, _("add it to the inventory first"), taken=False)
            return None
        try:
            placed = self._placed(one)
        except Unplaced as error:
            self.merged.doubt(one, error.why, error.todo, taken=False)
            return None
        name = one.name or self.known.name(one.kind, str(placed["building"]))
        fields: dict[str, Value] = {"name": name, "kind": one.kind.value, **placed, **one.fields}
        if "zone" not in fields:
            fields.pop("address", None)
        return Proposal(name, _ordered(fields), new=True, found=one)

    def _amended(self, one: Found, name: str) -> Proposal:
        """What the source knows and the inventory does not; where they differ, the inventory holds, or `replace`."""
        device = self.devices[name]
        fields: dict[str, Value] = {}
        for key, value in self._wanted(one, device).items():
            old = device.get(key)
            if old is None or (self.replace and not _same(key, old, value)):
                fields[key] = value
            elif not _same(key, old, value):
                why = _("{device}: the inventory says {key} {old}, the source {new}")
                said = why.format(device=name, key=key, old=_short(old), new=_short(value))
                todo = _("correct one of them; --replace takes what the source says")
                self.merged.doubt(one, said, todo, taken=True)
        if "zone" not in fields and "zone" not in device:
            fields.pop("address", None)
        return Proposal(name, _ordered(fields), new=False, found=one)

    def _wanted(self, one: Found, device: Mapping[str, Value]) -> dict[str, Value]:
        wanted: dict[str, Value] = dict(one.fields)
        if one.kind is not None:
            wanted["kind"] = one.kind.value
        try:
            wanted |= self._placed(one) if one.building or one.room else {}
        except Unplaced as error:
            self.merged.doubt(one, error.why, error.todo, taken=True)
        if "address" in wanted and "zone" not in device and "zone" not in wanted:
            wanted |= self._zone(one, str(device.get("building", "")))
        return wanted

    def _placed(self, one: Found) -> dict[str, Value]:
        address = one.fields.get("address")
        text = address if isinstance(address, str) else None
        building = self.places.building(one.building, text)
        placed: dict[str, Value] = {"building": building}
        if (room := self.places.room(one.room, building)) is not None:
            placed["room"] = room
        if text is not None:
            placed |= self._zone(one, building)
        return placed

    def _zone(self, one: Found, building: str) -> dict[str, Value]:
        try:
            return {"zone": self.places.zone(str(one.fields["address"]), building).name}
        except Unplaced as error:
            self.merged.doubt(one, error.why, error.todo, taken=True)
            return {}


def merge(
    devices: Mapping[str, Mapping[str, Value]], found: Iterable[Found], places: Places, *, replace: bool
) -> Merged:
    """`devices`: those of the inventory, as written. With `replace` the source is right where both say something."""
    desk = _Desk(devices, _Known(devices), places, replace)
    for one in found:
        desk.take(one)
    _note_counts(places.office, desk.merged)
    return desk.merged


def _same(key: str, old: Value, new: Value) -> bool:
    if key == "switch_ports":
        return same_ports(old, new)
    if isinstance(old, str) and isinstance(new, str):
        return " ".join(old.split()).casefold() == " ".join(new.split()).casefold()
    if isinstance(old, dict) and isinstance(new, dict):
        return all(old.get(each) == value for each, value in new.items())
    return old == new


def _short(value: Value) -> str:
    said = str(value)
    return said if len(said) <= 60 else f"{said[:60]}…"


def _ordered(fields: Mapping[str, Value]) -> dict[str, Value]:
    keys = [key for key in _FIRST if key in fields] + [key for key in fields if key not in _FIRST]
    return {key: fields[key] for key in keys}


def _note_counts(office: Office, merged: Merged) -> None:
    """Devices that are known by count already would be counted twice."""
    for group in office.groups:
        new = [
            each.found
            for each in merged.proposals
            if each.new and (each.fields["kind"], each.fields["building"]) == (group.kind.value, group.building)
        ]
        if new:
            why = _("the group {group} counts {n} of them in building {building} already")
            fields = {"group": group.name, "n": group.count, "building": group.building}
            merged.doubt(new[0], why.format(**fields), _("lower its count by those that are itemised now"), taken=True)
