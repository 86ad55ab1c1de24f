"""Printer-MIB (RFC 3805): supplies, pages, and what the printer complains of."""

from __future__ import annotations

from monitor.snmp.model import Printing, Supply, SupplyState
from monitor.snmp.values import Answers, Table, Value, distinct, number, text

__all__ = ["OFTEN", "SELDOM", "printing", "serial", "supplies"]

_SUPPLIES = Table("1.3.6.1.2.1.43.11.1.1", (9, 4, 5, 6, 8), 8)
"""prtMarkerSuppliesLevel, -Class, -Type, -Description, -MaxCapacity."""
_ALERTS = Table("1.3.6.1.2.1.43.18.1.1", (2, 8), 9)
"""prtAlertSeverityLevel, prtAlertDescription."""
_MARKER = Table("1.3.6.1.2.1.43.10.2.1", (4,), 15)
"""prtMarkerLifeCount."""
_STATUS = Table("1.3.6.1.2.1.25.3.5.1", (1, 2), 2)
"""hrPrinterStatus, hrPrinterDetectedErrorState (RFC 2790)."""
_GENERAL = Table("1.3.6.1.2.1.43.5.1.1", (17,), 19)
"""prtGeneralSerialNumber."""
OFTEN, SELDOM = (_SUPPLIES, _ALERTS, _MARKER, _STATUS), (_GENERAL,)

_KINDS = dict(
    enumerate(
        (
            *("other", "unknown", "toner", "wasteToner", "ink", "inkCartridge", "inkRibbon", "wasteInk", "opc"),
            *("developer", "fuserOil", "solidWax", "ribbonWax", "wasteWax", "fuser", "coronaWire", "fuserOilWick"),
            *("cleanerUnit", "fuserCleaningPad", "transferUnit", "tonerCartridge", "fuserOiler", "water"),
            *("wasteWater", "glueWaterAdditive", "wastePaper", "bindingSupply", "bandingSupply", "stitchingWire"),
            *("shrinkWrap", "paperWrap", "staples", "inserts", "covers"),
        ),
        1,
    )
)
"""PrtMarkerSuppliesTypeTC."""
_STATUSES = {1: "other", 2: "unknown", 3: "idle", 4: "printing", 5: "warmup"}
_ERRORS = (
    *("lowPaper", "noPaper", "lowToner", "noToner", "doorOpen", "jammed", "offline", "serviceRequested"),
    *("inputTrayMissing", "outputTrayMissing", "markerSupplyMissing", "outputNearFull", "outputFull"),
    *("inputTrayEmpty", "overduePreventMaint"),
)
"""The bits of hrPrinterDetectedErrorState, the first the highest of the first octet."""
_SOME_LEFT = -3
_LOW = 0.1
_MOST, _MOST_ALERTS = 64, 20


def supplies(answers: Answers) -> tuple[Supply, ...]:
    """Consumables, and what collects waste, in the printer's order."""
    rows = list(answers.rows(_SUPPLIES))[:_MOST]
    kinds = [_KINDS.get(number(cells[2]) or 2, "unknown") for _index, cells in rows]
    names = distinct(text(cells[3]) or kind for kind, (_index, cells) in zip(kinds, rows, strict=True))
    return tuple(_supply(name, kind, cells) for name, kind, (_index, cells) in zip(names, kinds, rows, strict=True))


def _supply(name: str, kind: str, cells: tuple[Value, ...]) -> Supply:
    """The level is what is left, of what collects waste the room that is left; -3 means some, -2 and -1 say nothing."""
    level, most = number(cells[0], -3, 2**31), number(cells[4], -2, 2**31)
    if level == _SOME_LEFT:
        return Supply(name=name, kind=kind, state=SupplyState.OK)
    if level is None or level < 0 or not most or most < 0:
        state = SupplyState.EMPTY if level == 0 else SupplyState.UNKNOWN
        return Supply(name=name, kind=kind, state=state)
    ratio = min(1.0, level / most)
    state = SupplyState.EMPTY if level == 0 else SupplyState.LOW if ratio <= _LOW else SupplyState.OK
    return Supply(name=name, kind=kind, state=state, level_ratio=ratio)


def printing(answers: Answers) -> Printing | None:
    """The printer at work; None for a device that is none."""
    statuses = [(number(status), errors) for _index, (status, errors) in answers.rows(_STATUS)]
    errors = [value for value in answers.column(_STATUS, 2).values() if isinstance(value, bytes)]
    pages = [count for value in answers.column(_MARKER, 4).values() if (count := number(value)) is not None]
    alerts = [text(said, 100) for _index, (_severity, said) in list(answers.rows(_ALERTS))[:_MOST_ALERTS]]
    if not (statuses or errors or pages or alerts or answers.column(_SUPPLIES, 9)):
        return None
    return Printing(
        status=_STATUSES.get(statuses[0][0] or 0, "") if statuses else "",
        pages=sum(pages) if pages else None,
        errors=_errors(errors[0]) if errors else (),
        alerts=tuple(dict.fromkeys(alert for alert in alerts if alert)),
    )


def _errors(octets: bytes) -> tuple[str, ...]:
    bits = int.from_bytes(octets[:2].ljust(2, b"\0"), "big")
    return tuple(word for n, word in enumerate(_ERRORS) if bits >> 15 - n & 1)


def serial(answers: Answers) -> str:
    """The printer's serial number."""
    return next((said for value in answers.column(_GENERAL, 17).values() if (said := text(value, 40))), "")
