"""The emulated ArubaOS-Switch as a whole: what it is, and how it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass

from lab.devices.hp_procurve.console import ProcurveConsole
from lab.devices.hp_procurve.machine import FACTORY, Machine
from lab.devices.shell import Console

__all__ = ["FACTORY", "Procurve"]


@dataclass(slots=True)
class Procurve(Machine):
    """`Emulated` for `hp_procurve`."""

    def console(self, user: str) -> Console:
        """A session."""
        return ProcurveConsole(self, user)
