"""BRIDGE-MIB (RFC 4188) and Q-BRIDGE-MIB (RFC 4363): a switch as the bridge it is, and its VLANs."""

from __future__ import annotations

from monitor.snmp.model import Bridge, Vlan
from monitor.snmp.values import Answers, Table, hexadecimal, number, text

__all__ = ["OFTEN_SCALARS", "SELDOM", "SELDOM_SCALARS", "bridge", "vlans"]

_ADDRESS, _PORTS = "1.3.6.1.2.1.17.1.1.0", "1.3.6.1.2.1.17.1.2.0"
_SINCE, _CHANGES = "1.3.6.1.2.1.17.2.3.0", "1.3.6.1.2.1.17.2.4.0"
"""dot1dStpTimeSinceTopologyChange, in hundredths of a second, and dot1dStpTopChanges."""
OFTEN_SCALARS, SELDOM_SCALARS = (_SINCE, _CHANGES), (_ADDRESS, _PORTS)

_STATIC = Table("1.3.6.1.2.1.17.7.1.4.3.1", (1,), 5)
"""dot1qVlanStaticName, by VLAN."""
_CURRENT = Table("1.3.6.1.2.1.17.7.1.4.2.1", (6,), 5)
"""dot1qVlanStatus, by time mark and VLAN: also those that were learnt."""
SELDOM = (_STATIC, _CURRENT)
_MOST = 4094


def bridge(answers: Answers) -> Bridge | None:
    """The bridge; None for a device that is none."""
    said = answers.scalars
    address, ports = hexadecimal(said.get(_ADDRESS)), number(said.get(_PORTS), most=65_535)
    since, changes = number(said.get(_SINCE)), number(said.get(_CHANGES))
    if not address and ports is None and changes is None:
        return None
    age = None if since is None else since / 100
    return Bridge(address=address, ports=ports, topology_changes=changes, topology_age_s=age)


def vlans(answers: Answers) -> tuple[Vlan, ...]:
    """The VLANs in the order of their numbers."""
    names = answers.column(_STATIC, 1)
    indexes = {*names, *(index.rpartition(".")[2] for index in answers.column(_CURRENT, 6))}
    numbers = sorted(int(index) for index in indexes if index.isdecimal() and len(index) <= 4)
    return tuple(Vlan(number=one, name=text(names.get(str(one)), 32)) for one in numbers if 0 < one <= _MOST)
