"""What platforms of switches cannot do of what the inventory asks of them: told by `fosa check`, never dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inventory.words import gettext as _

if TYPE_CHECKING:
    from inventory.model import Office
    from templates.switch.means import Lack

__all__ = ["Unmet", "unmet"]


@dataclass(frozen=True, slots=True)
class Unmet:
    """One requirement that devices of one platform cannot meet, and the exception they have of it."""

    devices: tuple[str, ...]
    platform: str
    lack: Lack

    def __str__(self) -> str:
        means = self.lack.means
        why = "" if means.why is None else f": {means.why}"
        text = _("{platform} does not do {requirement} ({extent}){why}")
        said = text.format(platform=self.platform, requirement=self.lack.requirement, extent=self._extent(), why=why)
        return f"{', '.join(self.devices)}: {said}; {self._waiver()}"

    def _extent(self) -> str:
        from templates.switch.means import Extent

        return _("only partly") if self.lack.means.extent is Extent.PARTLY else _("not at all")

    def _waiver(self) -> str:
        waiver = self.lack.waiver
        if waiver is None:
            return _("no exception is written down")
        return _("exception until {until}: {why}").format(until=waiver.until.isoformat(), why=waiver.why)

    @property
    def open(self) -> bool:
        """Whether the inventory asks for something that is not done at all, and nobody has let it off."""
        from templates.switch.means import Extent

        return self.lack.waiver is None and self.lack.means.extent is Extent.NONE

    def as_json(self) -> dict[str, object]:
        """The same for programs."""
        waiver = self.lack.waiver
        return {
            "devices": list(self.devices),
            "platform": self.platform,
            "requirement": self.lack.requirement.value,
            "extent": self.lack.means.extent.value,
            "why": str(self.lack.means.why or ""),
            "waiver": None if waiver is None else {"why": waiver.why, "until": waiver.until.isoformat()},
        }


def unmet(office: Office, now: dt.datetime) -> tuple[Unmet, ...]:
    """What no device of a platform can do, once for those with the same exception or none."""
    found: dict[tuple[object, ...], list[tuple[str, str, Lack]]] = {}
    for platform, lack in _lacks(office, now.astimezone(ZoneInfo(office.calendar.timezone)).date()):
        excused = None if lack.waiver is None else (lack.waiver.why, lack.waiver.until)
        found.setdefault((platform, lack.requirement, excused), []).append((lack.device, platform, lack))
    return tuple(Unmet(tuple(row[0] for row in rows), rows[0][1], rows[0][2]) for rows in found.values())


def _lacks(office: Office, today: dt.date) -> Iterator[tuple[str, Lack]]:
    from templates.render import unexpressed

    for device in office.switches:
        for lack in unexpressed(office, device, today):
            yield str(device.platform), lack
