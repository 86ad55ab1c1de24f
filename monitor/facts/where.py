"""Where something was read, and a value with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Fact", "Where"]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a text as its reader sees it, secrets masked."""

    source: str
    """The section: `kernel nftables`, `file /etc/snmp/snmpd.conf`."""
    line: int
    """From 1, of the whole section."""
    text: str
    """Without the space around it."""


@dataclass(frozen=True, slots=True)
class Fact(Generic[T_co]):
    """Something a text says, and where."""

    value: T_co
    where: Where
