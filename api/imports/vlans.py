"""VLAN numbers as zones of an office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model import Office

__all__ = ["Zones", "zones_of"]

_FEW = 64
"""A wider range means `everything`, not VLANs that somebody has chosen."""


@dataclass(frozen=True, slots=True)
class Zones:
    """By number; of one building, where that is known."""

    names: Mapping[int, str]

    def of(self, vlan: int) -> str | None:
        """The zone of that number, None where there is none."""
        return self.names.get(vlan)

    def within(self, ranges: tuple[tuple[int, int], ...] | None) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """The zones in ranges (None: all of them) in the inventory's order, and the chosen numbers that are none."""
        if ranges is None:
            return tuple(self.names.values()), ()
        zones = tuple(name for number, name in self.names.items() if any(a <= number <= b for a, b in ranges))
        chosen = (number for a, b in ranges if b - a < _FEW for number in range(a, b + 1))
        return zones, tuple(sorted({number for number in chosen if number not in self.names} - {1}))


def zones_of(office: Office, building: str | None) -> Zones:
    """The zones that reach a building; without one, all of them."""
    here = (zone for zone in office.zones if building is None or zone.prefix_in(building) is not None)
    return Zones({zone.vlan: zone.name for zone in here})
