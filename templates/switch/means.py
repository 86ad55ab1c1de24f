"""What a platform can express of what a hardened switch does: what it cannot is told, never dropped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from inventory.model import Device, Office, Requirement, Waiver
from inventory.sentence import Sentence

__all__ = ["Extent", "Lack", "Means", "lacks"]


class Extent(StrEnum):
    """How much of a requirement a platform can express."""

    WHOLE = "whole"
    PARTLY = "partly"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Means:
    """How a platform meets a requirement."""

    extent: Extent
    why: Sentence | None = None
    """What is missing, where something is; with the maker's document it is known from."""


WHOLE = Means(Extent.WHOLE)


@dataclass(frozen=True, slots=True)
class Lack:
    """A requirement that a device's platform cannot meet, or not wholly."""

    device: str
    requirement: Requirement
    means: Means
    waiver: Waiver | None
    """The one that lets it off today, if there is one."""


def lacks(office: Office, device: Device, table: Mapping[Requirement, Means], today: dt.date) -> Iterator[Lack]:
    """What the platform's table leaves open for a device, in the order of `Requirement`."""
    waivers = office.switching.waivers if office.switching is not None else ()
    for requirement in Requirement:
        means = table[requirement]
        if means.extent is not Extent.WHOLE:
            found = (each for each in waivers if each.requirement is requirement and each.device in {None, device.name})
            yield Lack(device.name, requirement, means, next((each for each in found if each.until >= today), None))
