"""The emulated RouterOS switch as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.devices.mikrotik_routeros.console import RouterosConsole
from lab.devices.mikrotik_routeros.inside import Inside

if TYPE_CHECKING:
    from lab.devices.shell import Console

__all__ = ["Routeros"]


class Routeros(Inside):
    """`Emulated` for `mikrotik_routeros`."""

    __slots__ = ()

    def console(self, user: str) -> Console:
        """A person at the command line; what stands behind `+` is about his terminal."""
        return RouterosConsole(self, user.partition("+")[0])
