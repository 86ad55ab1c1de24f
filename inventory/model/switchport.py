"""The ports of a switch as the inventory writes them: what they carry, and how far they are trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Name, Value

__all__ = ["PortMode", "PortPattern", "SwitchPorts"]

_PATTERN = re.compile(
    r"^(?P<head>[A-Za-z0-9][A-Za-z0-9/._-]{0,40})?(\[(?P<first>[0-9]{1,3})-(?P<last>[0-9]{1,3})\])?\Z"
)

PortPattern = Annotated[str, StringConstraints(min_length=1, pattern=_PATTERN)]
"""A port as the device calls it, or a run of them: `GigabitEthernet1/0/[1-20]`, `1/1/[1-24]`, `ge-0/0/0`."""


class PortMode(StrEnum):
    """What a port is for."""

    ACCESS = "access"
    TRUNK = "trunk"
    UNUSED = "unused"
    """Shut down."""


class SwitchPorts(Value):
    """Ports of a switch that are all alike."""

    ports: Annotated[tuple[PortPattern, ...], Field(min_length=1)]
    mode: PortMode
    zone: Name | None = None
    """Whose VLAN an access port is in. A trunk carries nothing untagged."""
    tagged: tuple[Name, ...] = ()
    """Zones on a trunk."""
    voice: Name | None = None
    """The zone of telephones on access ports, tagged."""
    uplink: bool = False
    """Leads to another switch or a gateway: trusted, and never touched without a guard on the device."""
    macs: Annotated[int, Field(ge=1, le=32, strict=True)] = 1
    """How many devices may show themselves on an access port; a telephone is one more."""
    dot1x: bool = False
    label: Name | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every port, in the order written; a run that ends before it begins is empty."""
        return tuple(name for _pattern, names in self.runs for name in names)

    @property
    def runs(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is written of ports, each with the ports it means."""
        return tuple((pattern, tuple(_expanded(pattern))) for pattern in self.ports)


def _expanded(pattern: str) -> Iterator[str]:
    match = _PATTERN.match(pattern)
    assert match is not None  # noqa: S101  the type has been checked
    head = match["head"] or ""
    if match["first"] is None:
        yield head
        return
    yield from (f"{head}{number}" for number in range(int(match["first"]), int(match["last"]) + 1))
