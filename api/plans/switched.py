"""What a switch's change touches, from the lines of its one text. Pure. What is not known to be harmless is the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from api.plans.model import Risk
from inventory.model import Device, Office
from playbooks.drivers.base import Sections

__all__ = ["switch_risks"]

_SERVICES = re.compile(
    r"(?:no )?(?:ntp|sntp|timesync|clock|logging|snmp-server|snmpv3|lldp|cdp|banner|archive|service timestamps)\b"
    r"|set (?:system (?:ntp|syslog|time-zone|login message)|snmp|protocols (?:lldp|lldp-med)|poe)\b"
    r"|/(?:system (?:ntp|logging|note|clock|scheduler)|snmp|ip (?:cloud|neighbor)|tool bandwidth-server)\b"
)
"""Beginnings of lines, or of the line they stand under, that no login and no packet depends on."""
_ROUTES = re.compile(r"(?:no )?ip (?:default-gateway|route)\b|set routing-options\b|/ip route\b")
_VLAN = re.compile(r"(?:no )?vlan (\d+)$|.*\bvlan-ids?[= ]\"?(\d+)\"?(?:\s|$)")
_PORT_LINES = re.compile(
    r"interface (?!vlan)|set (?:interfaces|switch-options|protocols (?:rstp|dot1x|lldp))\b"
    r"|/interface (?:ethernet|bridge port|dot1x server|list member)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A changed line and what it stands under; `head` is the line itself where that is nothing."""

    head: str
    text: str


def switch_risks(office: Office, device: Device, running: Sections, intended: Sections) -> frozenset[Risk]:
    """By every line that comes or goes."""
    changed = [name for name in {**running, **intended} if running.get(name) != intended.get(name)]
    vlan = None if device.zone is None else office.zone(device.zone).vlan
    safe = _words(
        name for ports in device.switch_ports if not ports.uplink and ports.zone != device.zone for name in ports.names
    )
    lines = (line for name in changed for line in _changes(running.get(name, ""), intended.get(name, "")))
    return frozenset(risk for line in lines for risk in _risks(line, vlan, safe))


def _risks(line: _Line, vlan: int | None, safe: re.Pattern[str] | None) -> Iterator[Risk]:
    if _ROUTES.match(line.head):
        yield from (Risk.DEFAULT_ROUTE, Risk.MANAGEMENT_PATH)
    elif _SERVICES.match(line.head):
        yield Risk.SERVICES
    elif _of_port(line, safe) or _of_vlan(line, vlan):
        yield Risk.POLICY
    else:
        yield Risk.MANAGEMENT_PATH


def _of_port(line: _Line, safe: re.Pattern[str] | None) -> bool:
    """Of a port that is not on the way: no uplink, and nobody of the management zone is plugged in."""
    if safe is None or not _PORT_LINES.match(line.head):
        return False
    return safe.search(line.head if line.head.startswith("interface ") else line.text) is not None


def _of_vlan(line: _Line, vlan: int | None) -> bool:
    match = _VLAN.match(line.head) or _VLAN.match(line.text)
    return match is not None and vlan is not None and int(match[1] or match[2]) != vlan


def _words(names: Iterator[str]) -> re.Pattern[str] | None:
    """Finds any of these where it is not a part of another."""
    found = "|".join(map(re.escape, names))
    return re.compile(rf"(?<![\w/.-])(?:{found})(?:\.0)?(?![\w/.-])") if found else None


def _changes(before: str, after: str) -> Iterator[_Line]:
    old, new = [*_rows(before)], [*_rows(after)]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from old[i:j]
            yield from new[k:m]


def _rows(text: str) -> Iterator[_Line]:
    """Lines with what they stand under: a line further left, or a menu (`/ip route`)."""
    head, menu = "", False
    for row in text.split("\n"):
        line = row.strip()
        if not line:
            continue
        if line.startswith("/"):
            head, menu = line, True
        elif not menu and row == line:
            head = line
        yield _Line(head or line, line)
