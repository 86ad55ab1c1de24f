"""The emulated AOS-CX switch as a whole: what it is, and how it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass

from lab.devices.aruba_aoscx.console import AoscxConsole
from lab.devices.aruba_aoscx.machine import FACTORY, Machine
from lab.devices.shell import Console

__all__ = ["FACTORY", "Aoscx"]


@dataclass(slots=True)
class Aoscx(Machine):
    """`Emulated` for `aruba_aoscx`."""

    def console(self, user: str) -> Console:
        """A session."""
        return AoscxConsole(self, user)
