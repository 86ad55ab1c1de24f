"""What every emulated switch is: a box, and what goes wrong with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.devices.box import Box
from lab.devices.mischief import Mischief

if TYPE_CHECKING:
    import asyncssh

__all__ = ["Boxed"]


@dataclass(slots=True)
class Boxed:
    """One of them; it has a command line and nothing beside it, unless its platform says so."""

    box: Box

    @property
    def mischief(self) -> Mischief:
        """What it does wrong by now."""
        return self.box.wrong

    @mischief.setter
    def mischief(self, value: Mischief) -> None:
        self.box.mischief = value

    def subsystem(self, name: str) -> Callable[[asyncssh.SSHServerProcess[str]], Awaitable[None]] | None:  # noqa: ARG002
        """What answers one; it has none."""
        return None

    def files(self) -> type[asyncssh.SFTPServer] | None:
        """Where SCP puts and takes files; it takes none."""
        return None
