"""IF-MIB (RFC 2863): the ports of a device, as it counts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.snmp.model import PortState
from monitor.snmp.values import Answers, Table, Value, distinct, number, text

__all__ = ["IF_TABLE", "IF_X_TABLE", "OFTEN", "SCALARS", "SELDOM", "SeenPort", "seen_ports"]

IF_TABLE = Table("1.3.6.1.2.1.2.2.1", (7, 8, 13, 14, 19, 20, 10, 16), 22)
"""ifAdminStatus, ifOperStatus; discards and errors in and out; the octets of 32 bits, for who has no others."""
IF_X_TABLE = Table("1.3.6.1.2.1.31.1.1.1", (6, 10, 19), 19)
"""ifHCInOctets, ifHCOutOctets, ifCounterDiscontinuityTime."""
_IF_FIXED = Table(IF_TABLE.entry, (2, 3, 5), 22)
"""ifDescr, ifType, ifSpeed."""
_IF_X_FIXED = Table(IF_X_TABLE.entry, (1, 15, 18), 19)
"""ifName, ifHighSpeed, ifAlias."""
SCALARS = ("1.3.6.1.2.1.2.1.0", "1.3.6.1.2.1.31.1.5.0")
"""ifNumber, ifTableLastChange: another value, and the ports may be others."""
OFTEN, SELDOM = (IF_TABLE, IF_X_TABLE), (_IF_FIXED, _IF_X_FIXED)

_MOST_PORTS = 4096
_STATES = {1: PortState.UP, 2: PortState.DOWN, 4: PortState.UNKNOWN}
_PHYSICAL = frozenset({6, 26, 62, 69, 71, 94, 96, 97, 117})
"""IANAifType: Ethernet in its kinds, wireless, DSL."""
_COUNTER = 2**32 - 1


@dataclass(frozen=True, slots=True)
class SeenPort:
    """A port and its counters as they stand. Octets are of 64 bits where `wide`."""

    name: str
    index: int
    title: str
    enabled: bool | None
    state: PortState
    speed_bps: int | None
    physical: bool
    counts: tuple[int | None, ...]
    """Octets, errors and discards, each in and out, in the order of `PortCounters`."""
    wide: bool
    disturbed: int
    """ifCounterDiscontinuityTime: another value, and the counters began anew."""


def seen_ports(answers: Answers) -> tuple[SeenPort, ...]:
    """The ports in the order of their indexes. The names are never the same twice."""
    columns = {(table.entry, n): answers.column(table, n) for table in (*OFTEN, *SELDOM) for n in table.columns}
    named = columns[_IF_FIXED.entry, 2] or columns[IF_TABLE.entry, 8]
    indexes = sorted({index for index in named if index.isdecimal() and len(index) <= 10}, key=int)[:_MOST_PORTS]
    rows = [_Row(columns, index) for index in indexes]
    return tuple(_port(row, name) for row, name in zip(rows, distinct(map(_name, rows)), strict=True))


@dataclass(frozen=True, slots=True)
class _Row:
    columns: Mapping[tuple[str, int], Mapping[str, Value]]
    index: str

    def old(self, column: int) -> Value:
        return self.columns[IF_TABLE.entry, column].get(self.index)

    def new(self, column: int) -> Value:
        return self.columns[IF_X_TABLE.entry, column].get(self.index)


def _name(row: _Row) -> str:
    return text(row.new(1)) or text(row.old(2)) or f"if{row.index}"


def _port(row: _Row, name: str) -> SeenPort:
    in_octets, out_octets = number(row.new(6)), number(row.new(10))
    wide = in_octets is not None and out_octets is not None
    if not wide:
        in_octets, out_octets = number(row.old(10), most=_COUNTER), number(row.old(16), most=_COUNTER)
    errors = (number(row.old(column), most=_COUNTER) for column in (14, 20, 13, 19))
    admin, oper = number(row.old(7)), number(row.old(8))
    return SeenPort(
        name=name,
        index=int(row.index),
        title=text(row.new(18)),
        enabled=None if admin is None else admin == 1,
        state=PortState.UNKNOWN if oper is None else _STATES.get(oper, PortState.OTHER),
        speed_bps=_speed(row),
        physical=number(row.old(3)) in _PHYSICAL,
        counts=(in_octets, out_octets, *errors),
        wide=wide,
        disturbed=number(row.new(19)) or 0,
    )


def _speed(row: _Row) -> int | None:
    """ifSpeed says 2**32 - 1 where only ifHighSpeed (in Mbit/s) can; 0 is nobody's speed."""
    high, low = number(row.new(15), most=10**7), number(row.old(5), most=_COUNTER)
    if low in {None, 0, _COUNTER}:
        return high * 1_000_000 if high else None
    return low
