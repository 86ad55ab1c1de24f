"""SNMPv2-MIB system group (RFC 3418): what a device says it is, and for how long it has run."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.snmp.values import Answers, number, text

__all__ = ["DESCRIPTION", "OBJECT_ID", "OFTEN", "SELDOM", "UPTIME", "System", "system", "uptime"]

DESCRIPTION, OBJECT_ID, UPTIME = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0", "1.3.6.1.2.1.1.3.0"
_NAME, _PLACE = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"
OFTEN = (UPTIME,)
SELDOM = (DESCRIPTION, OBJECT_ID, _NAME, _PLACE)
_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class System:
    """The group, cleaned."""

    title: str
    object_id: str
    name: str
    place: str


def system(answers: Answers) -> System:
    """What the device says of itself."""
    said = answers.scalars
    return System(
        title=text(said.get(DESCRIPTION), _TITLE_CHARS),
        object_id=text(said.get(OBJECT_ID)).lstrip("."),
        name=text(said.get(_NAME)),
        place=text(said.get(_PLACE)),
    )


def uptime(answers: Answers) -> float | None:
    """Seconds; the counter of hundredths begins anew after 497 days."""
    ticks = number(answers.scalars.get(UPTIME), most=2**32 - 1)
    return None if ticks is None else ticks / 100
