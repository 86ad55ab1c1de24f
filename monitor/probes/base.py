"""What every kind of probe can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from monitor.results import ProbeExchange, ProbeReading

__all__ = ["OnChange", "Probes"]

OnChange = Callable[[], None]


class Probes(Protocol):
    """Probes of one kind, to all their targets, on one event loop."""

    def prepare(self) -> None:
        """Open what needs privileges. Raises DriverError saying what is missing."""
        ...

    async def run(self) -> None:
        """Probe until cancelled, and tell `OnChange` of each change of a state."""
        ...

    def readings(self) -> Mapping[str, ProbeReading]:
        """How each target is now, by its name."""
        ...

    def exchanges(self, name: str) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]] | None:
        """The last exchanges with a target and the last that failed, newest first; None for an unknown name."""
        ...
