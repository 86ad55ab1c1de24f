"""UPS-MIB (RFC 1628), and of APC's PowerNet-MIB what its cards say instead: power and batteries."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.snmp.model import Battery, BatteryState, Ups
from monitor.snmp.values import Answers, Table, number, text

__all__ = ["OFTEN", "OFTEN_SCALARS", "SELDOM_SCALARS", "Identity", "batteries", "identity", "ups"]

_UPS, _APC = "1.3.6.1.2.1.33.1", "1.3.6.1.4.1.318.1.1.1"
_VENDOR, _MODEL, _SOFTWARE = (f"{_UPS}.1.{n}.0" for n in (1, 2, 3))
_STATUS, _ON_BATTERY, _MINUTES, _CHARGE, _VOLTAGE, _TEMPERATURE = (f"{_UPS}.2.{n}.0" for n in (1, 2, 3, 4, 5, 7))
_SOURCE, _ALARMS = f"{_UPS}.4.1.0", f"{_UPS}.6.1.0"
_INPUT = Table(f"{_UPS}.3.3.1", (3,), 5)
"""upsInputVoltage."""
_OUTPUT = Table(f"{_UPS}.4.4.1", (2, 5), 5)
"""upsOutputVoltage, upsOutputPercentLoad."""

_APC_MODEL, _APC_FIRMWARE, _APC_SERIAL = (f"{_APC}.1.{rest}.0" for rest in ("1.1", "2.1", "2.3"))
_APC_STATUS, _APC_CHARGE, _APC_LEFT, _APC_REPLACE = (f"{_APC}.2.{rest}.0" for rest in ("1.1", "2.1", "2.3", "2.4"))
_APC_FINE_CHARGE, _APC_FINE_TEMPERATURE, _APC_FINE_VOLTAGE = (f"{_APC}.2.3.{n}.0" for n in (1, 2, 4))
_APC_INPUT, _APC_SOURCE, _APC_OUTPUT, _APC_LOAD = (f"{_APC}.{rest}.0" for rest in ("3.3.1", "4.1.1", "4.3.1", "4.3.3"))
SELDOM_SCALARS = (_VENDOR, _MODEL, _SOFTWARE, _APC_MODEL, _APC_FIRMWARE, _APC_SERIAL)
OFTEN_SCALARS = (
    *(_STATUS, _ON_BATTERY, _MINUTES, _CHARGE, _VOLTAGE, _TEMPERATURE, _SOURCE, _ALARMS),
    *(_APC_STATUS, _APC_CHARGE, _APC_LEFT, _APC_REPLACE, _APC_FINE_CHARGE, _APC_FINE_TEMPERATURE),
    *(_APC_FINE_VOLTAGE, _APC_INPUT, _APC_SOURCE, _APC_OUTPUT, _APC_LOAD),
)
OFTEN = (_INPUT, _OUTPUT)

_STATES = {2: BatteryState.NORMAL, 3: BatteryState.LOW, 4: BatteryState.DEPLETED}
_SOURCES = {1: "other", 2: "none", 3: "normal", 4: "bypass", 5: "battery", 6: "booster", 7: "reducer"}
_APC_SOURCES = {
    2: "normal",
    3: "battery",
    4: "booster",
    6: "bypass",
    7: "none",
    9: "bypass",
    10: "bypass",
    12: "reducer",
}
"""upsBasicOutputStatus: onLine, onBattery, onSmartBoost, softwareBypass, off, switchedBypass, ..., onSmartTrim."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the device is; empty where nothing is said."""

    vendor: str = ""
    model: str = ""
    firmware: str = ""
    serial: str = ""


def identity(answers: Answers) -> Identity:
    """What it says it is."""
    said = answers.scalars
    return Identity(
        vendor=text(said.get(_VENDOR)),
        model=text(said.get(_MODEL)) or text(said.get(_APC_MODEL)),
        firmware=text(said.get(_SOFTWARE), 40) or text(said.get(_APC_FIRMWARE), 40),
        serial=text(said.get(_APC_SERIAL), 40),
    )


def ups(answers: Answers) -> Ups | None:
    """Where its power comes from and goes to; None for a device that is no UPS."""
    source, apc = number(answers.scalars.get(_SOURCE)), number(answers.scalars.get(_APC_SOURCE))
    if source is None and apc is None and not answers.column(_OUTPUT, 2):
        return None
    loads = [n for value in answers.column(_OUTPUT, 5).values() if (n := number(value, most=1000)) is not None]
    load = max(loads) / 100 if loads else _tenths(answers, _APC_LOAD, 1000)
    return Ups(
        source=_SOURCES.get(source, "") if source is not None else _APC_SOURCES.get(apc or 0, ""),
        on_battery_s=_seconds(answers),
        load_ratio=load,
        input_v=_first(answers, _INPUT, 3) or _tenths(answers, _APC_INPUT),
        output_v=_first(answers, _OUTPUT, 2) or _tenths(answers, _APC_OUTPUT),
        alarms=number(answers.scalars.get(_ALARMS), most=10_000),
    )


def batteries(answers: Answers) -> tuple[Battery, ...]:
    """The battery; MIB and card know one."""
    said = answers.scalars
    status, apc = number(said.get(_STATUS)), number(said.get(_APC_STATUS))
    charge = number(said.get(_CHARGE), most=100)
    coarse = number(said.get(_APC_CHARGE), most=100)
    ratio = charge / 100 if charge is not None else _tenths(answers, _APC_FINE_CHARGE, 1000)
    ratio = coarse / 100 if ratio is None and coarse is not None else ratio
    left = _left(answers)
    if status is None and apc is None and ratio is None and left is None:
        return ()
    temperature = number(said.get(_TEMPERATURE), -100, 200)
    fine = number(said.get(_APC_FINE_TEMPERATURE), -1000, 2000)
    return (
        Battery(
            name="battery",
            state=_STATES.get(status if status is not None else apc or 0, BatteryState.UNKNOWN),
            charge_ratio=ratio,
            left_s=left,
            voltage=_tenths(answers, _VOLTAGE) or _tenths(answers, _APC_FINE_VOLTAGE),
            temperature_c=temperature if temperature is not None else None if fine is None else fine / 10,
            replace=number(said.get(_APC_REPLACE)) == 2,
        ),
    )


def _left(answers: Answers) -> float | None:
    """Minutes in the one, hundredths of a second in the other."""
    minutes, ticks = number(answers.scalars.get(_MINUTES)), number(answers.scalars.get(_APC_LEFT))
    if minutes is not None:
        return 60.0 * min(minutes, 10**6)
    return None if ticks is None else min(ticks, 2**32) / 100


def _seconds(answers: Answers) -> float | None:
    seconds = number(answers.scalars.get(_ON_BATTERY))
    return None if seconds is None else float(min(seconds, 2**31))


def _tenths(answers: Answers, oid: str, whole: int = 10) -> float | None:
    found = number(answers.scalars.get(oid), most=10**6)
    return None if found is None else found / whole


def _first(answers: Answers, table: Table, column: int) -> float | None:
    """Volts, as whole numbers, of the first line."""
    found = [n for value in answers.column(table, column).values() if (n := number(value, most=10**4)) is not None]
    return float(found[0]) if found else None
