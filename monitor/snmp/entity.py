"""ENTITY-MIB (RFC 6933) and ENTITY-SENSOR-MIB (RFC 3433): the box itself, and its sensors."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.snmp.model import Sensor, SensorKind
from monitor.snmp.values import Answers, Table, Value, distinct, number, text

__all__ = ["CHANGED", "OFTEN", "SELDOM", "Chassis", "chassis", "sensors"]

CHANGED = "1.3.6.1.2.1.47.1.4.1.0"
"""entLastChangeTime: another value, and the parts may be others."""
_PHYSICAL = Table("1.3.6.1.2.1.47.1.1.1.1", (5, 2, 13, 7, 9, 10, 11, 12), 18, tries=3)
"""entPhysicalClass, -Descr, -ModelName, -Name, -FirmwareRev, -SoftwareRev, -SerialNum, -MfgName."""
_SENSOR = Table("1.3.6.1.2.1.99.1.1.1", (4, 1, 2, 3, 5), 8)
"""entPhySensorValue, -Type, -Scale, -Precision, -OperStatus."""
OFTEN, SELDOM = (_SENSOR,), (_PHYSICAL,)

_CLASS_CHASSIS, _CLASS_STACK = 3, 11
_KINDS = {
    3: (SensorKind.VOLTAGE, "V"),
    4: (SensorKind.VOLTAGE, "V"),
    5: (SensorKind.OTHER, "A"),
    6: (SensorKind.OTHER, "W"),
    7: (SensorKind.OTHER, "Hz"),
    8: (SensorKind.TEMPERATURE, "°C"),
    9: (SensorKind.OTHER, "%"),
    10: (SensorKind.FAN, "1/min"),
}
"""EntitySensorDataType; truth values and what is unknown measure nothing."""
_STATUS_OK, _STATUS_BROKEN = 1, 3
_SCALE_UNITS = 9
_MOST = 256


@dataclass(frozen=True, slots=True)
class Chassis:
    """The box, of a stack the first; empty where nothing is said."""

    title: str = ""
    firmware: str = ""
    serial: str = ""
    vendor: str = ""
    model: str = ""


def chassis(answers: Answers) -> Chassis:
    """The first chassis that says what it is. An agent that names no classes is taken at its first part."""
    rows = [cells for _index, cells in answers.rows(_PHYSICAL)]
    if not rows:
        columns = [answers.column(_PHYSICAL, n) for n in _PHYSICAL.columns]
        first = next((next(iter(columns[n])) for n in (2, 5, 1) if columns[n]), None)
        rows = [] if first is None else [(_CLASS_CHASSIS, *(column.get(first) for column in columns[1:]))]
    found = [_chassis(cells) for cells in rows if number(cells[0]) in {_CLASS_CHASSIS, _CLASS_STACK}]
    return next((one for one in found if one.model), None) or next((one for one in found if one.title), Chassis())


def _chassis(cells: tuple[Value, ...]) -> Chassis:
    _class, title, model, _name, firmware, software, serial, vendor = cells
    return Chassis(
        title=text(title),
        firmware=text(software, 40) or text(firmware, 40),
        serial=text(serial, 40),
        vendor=text(vendor),
        model=text(model),
    )


def sensors(answers: Answers) -> tuple[Sensor, ...]:
    """What is measured, by the names of the parts."""
    titles, names = answers.column(_PHYSICAL, 2), answers.column(_PHYSICAL, 7)
    rows = [row for row in answers.rows(_SENSOR) if number(row[1][1]) in _KINDS][:_MOST]
    called = distinct(text(names.get(index)) or text(titles.get(index)) or f"sensor {index}" for index, _cells in rows)
    return tuple(_sensor(name, cells) for name, (_index, cells) in zip(called, rows, strict=True))


def _sensor(name: str, cells: tuple[Value, ...]) -> Sensor:
    value, sort, scale, precision, status = cells
    kind, unit = _KINDS[number(sort) or 0]
    works = number(status)
    return Sensor(
        name=name,
        kind=kind,
        value=_scaled(value, scale, precision) if works in {None, _STATUS_OK} else None,
        unit=unit,
        ok=None if works is None else {_STATUS_OK: True, _STATUS_BROKEN: False}.get(works),
    )


def _scaled(value: Value, scale: Value, precision: Value) -> float | None:
    """The value in its unit: scale is a thousandfold a step (9: units), precision the digits behind the point."""
    whole = number(value, -(10**9), 10**9)
    if whole is None:
        return None
    thousands = 3 * ((number(scale, 1, 17) or _SCALE_UNITS) - _SCALE_UNITS)
    digits = number(precision, -8, 9) or 0
    return float(f"{whole}e{thousands - max(0, digits)}")
