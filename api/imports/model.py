"""What a source tells of devices, before it is held against the inventory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inventory.model import DeviceKind
from inventory.plain import Value

__all__ = ["Found", "Source", "Unclear"]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Something a person must look at: where, why, and what to do."""

    where: str
    """`list.xlsx, row 12`."""
    what: str
    """What stands there, shortened."""
    why: str
    todo: str
    taken: bool
    """Whether the device comes into the inventory all the same, without what is unclear."""

    def __str__(self) -> str:
        what = f" ({self.what})" if self.what else ""
        return f"{self.where}{what}: {self.why}; {self.todo}"


@dataclass(frozen=True, slots=True)
class Found:
    """One device as a source tells it."""

    where: str
    what: str
    """What a person knows it by: shown with whatever is unclear of it."""
    kind: DeviceKind | None = None
    name: str = ""
    """The name it has in the network, in small letters; empty: the source says none."""
    building: str = ""
    """In the words of the source, like the room."""
    room: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """What is known for sure, by the keys of `inventory.model.Device`."""


@dataclass(frozen=True, slots=True)
class Source:
    """All of one source."""

    found: tuple[Found, ...]
    unclear: tuple[Unclear, ...]
    notes: tuple[str, ...] = ()
    """What was passed over on purpose: columns, sheets, things that are no devices."""
