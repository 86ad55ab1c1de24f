"""LLDP-MIB (IEEE 802.1AB-2005): who is at the other end of each cable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from monitor.snmp.interfaces import SeenPort
from monitor.snmp.model import Neighbour
from monitor.snmp.values import Answers, Table, Value, hexadecimal, number, text

__all__ = ["SELDOM", "neighbours"]

_REMOTE = Table("1.0.8802.1.1.2.1.4.1.1", (5, 4, 6, 7, 8, 9, 10), 12)
"""lldpRemChassisId and its kind, lldpRemPortIdSubtype, lldpRemPortId, lldpRemPortDesc, -SysName, -SysDesc."""
_LOCAL = Table("1.0.8802.1.1.2.1.3.7.1", (3,), 4)
"""lldpLocPortId."""
SELDOM = (_REMOTE, _LOCAL)

_MAC = {"chassis": 4, "port": 3}
"""LldpChassisIdSubtype and LldpPortIdSubtype: a MAC address."""
_TITLE_CHARS = 120
_MOST = 2048


def neighbours(answers: Answers, ports: Sequence[SeenPort]) -> tuple[Neighbour, ...]:
    """By our port; a neighbour that says nothing of itself is none."""
    local = answers.column(_LOCAL, 3)
    names, by_index = {port.name for port in ports}, {port.index: port.name for port in ports}
    found = []
    for index, cells in list(answers.rows(_REMOTE))[:_MOST]:
        neighbour = _neighbour(_our_port(index, local, names, by_index), cells)
        if neighbour is not None:
            found.append(neighbour)
    return tuple(found)


def _neighbour(port: str, cells: tuple[Value, ...]) -> Neighbour | None:
    chassis_id, chassis_kind, port_kind, port_id, port_title, name, title = cells
    chassis = _identity(chassis_id, mac=number(chassis_kind) == _MAC["chassis"])
    far_port = _identity(port_id, mac=number(port_kind) == _MAC["port"]) or text(port_title)
    said = text(name) or chassis
    if not said:
        return None
    return Neighbour(port=port, name=said, chassis=chassis, far_port=far_port, title=text(title, _TITLE_CHARS))


def _identity(value: Value, *, mac: bool) -> str:
    """Text where it is one; an address of the network, or what else cannot be read, in hexadecimal."""
    said = text(value)
    return said if said.isascii() and not mac else hexadecimal(value)


def _our_port(index: str, local: Mapping[str, Value], names: set[str], by_index: Mapping[int, str]) -> str:
    """The row's index is time mark, lldpLocPortNum, number. Some agents leave the first two out: then nobody knows."""
    parts = index.split(".")
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[1]) > 10:
        return ""
    said = text(local.get(parts[1]))
    if said in names:
        return said
    return by_index.get(int(parts[1])) or said
