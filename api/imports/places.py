"""Where a device stands, from the words of a source: its building, its room, the zone of its address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from api.imports.vocabulary import folded
from inventory.model import Building, Office, Room, Zone
from inventory.words import gettext as _

__all__ = ["Places", "Unplaced"]

_LONGEST = 31


class Unplaced(Exception):  # noqa: N818  a reason, told with its row
    """Why it cannot be told where a device stands, and what to do."""

    def __init__(self, why: str, todo: str) -> None:
        super().__init__(why)
        self.why, self.todo = why, todo


@dataclass(slots=True)
class Places:
    """The buildings and rooms of an office, and the rooms a source adds to them."""

    office: Office
    said: Mapping[str, str] = field(default_factory=dict)
    """What somebody has said of the source's words: folded text -> building; the empty text: where nothing is said."""
    rooms: dict[str, Room] = field(default_factory=dict)
    """New ones, by name."""

    def building(self, text: str, address: str | None) -> str:
        """The building meant. Unplaced where none is, or several could be."""
        words = folded(text)
        if words in self.said:
            return self.said[words]
        by_address = self._by_address(address)
        if not words:
            if len(self.office.buildings) == 1:
                return self.office.buildings[0].name
            if by_address is not None:
                return by_address
            why = _("its building is not said")
            raise Unplaced(why, _("add it to the list, or give --building NAME for all such rows"))
        fits = [building.name for building in self.office.buildings if _exactly(building, words)] or [
            building.name for building in self.office.buildings if _inside(building, words)
        ]
        if len(fits) == 1:
            return fits[0]
        known = ", ".join(f"{building.name} ({building.title})" for building in self.office.buildings)
        why = _("no building is called {text}") if not fits else _("several buildings may be meant by {text}")
        todo = _('say which it is: --building "{text}=NAME"; there are: {known}')
        raise Unplaced(why.format(text=text), todo.format(text=text, known=known))

    def _by_address(self, address: str | None) -> str | None:
        if address is None:
            return None
        place = IPv4Address(address)
        return next((building.name for building in self.office.buildings if place in building.prefix), None)

    def room(self, text: str, building: str) -> str | None:
        """The name of the room, a new one where the office has none like it; None where nothing is said."""
        words = folded(text)
        if not words or words in {"brak", "n d", "nie dotyczy"}:
            return None
        for room in (*self.office.rooms, *self.rooms.values()):
            if room.building == building and words in {folded(room.name), folded(room.title), _short(room, building)}:
                return room.name
        name = self._free(f"{building}-{words.replace(' ', '-')}"[:_LONGEST].rstrip("-"))
        self.rooms[name] = Room(name=name, building=building, title=text)
        return name

    def _free(self, name: str) -> str:
        taken = {room.name for room in (*self.office.rooms, *self.rooms.values())}
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name[: _LONGEST - len(str(number)) - 1]}-{number}"
        return free

    def zone(self, address: str, building: str) -> Zone:
        """The zone whose network in that building an address is in. Unplaced where there is none."""
        place = IPv4Address(address)
        for zone in self.office.zones:
            prefix = zone.prefix_in(building)
            if prefix is not None and place in prefix.network:
                return zone
        why = _("{address} lies in no zone's network in building {building}")
        todo = _("correct the address or the building, or give the zone a network there")
        raise Unplaced(why.format(address=address, building=building), todo)


def _short(room: Room, building: str) -> str:
    """`12` for the room `k-12`."""
    return folded(room.name.removeprefix(f"{building}-"))


def _exactly(building: Building, words: str) -> bool:
    street = folded(building.street or "")
    return words in {building.name, folded(building.title), street, street.removeprefix("ul ")}


def _inside(building: Building, words: str) -> bool:
    """`Kwiatowa 12` for a building in `ul. Kwiatowa`, `siedziba` for the title `Siedziba główna`."""
    street = folded(building.street or "").removeprefix("ul ")
    if street and re.search(rf"\b{re.escape(street)}\b", words):
        return True
    return len(words) > 3 and re.search(rf"\b{re.escape(words)}\b", folded(building.title)) is not None
