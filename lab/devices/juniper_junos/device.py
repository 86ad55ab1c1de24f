"""The emulated Junos with its ways in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncssh

from lab.devices.juniper_junos.console import JunosConsole
from lab.devices.juniper_junos.machine import Machine
from lab.devices.juniper_junos.netconf import Netconf
from lab.devices.shell import Console

__all__ = ["JunosSwitch"]


class JunosSwitch(Machine):
    """`Emulated` for `juniper_junos`."""

    __slots__ = ()

    def console(self, user: str) -> Console:
        """A person at the command line."""
        return JunosConsole(self, user)

    def subsystem(self, name: str) -> Callable[[asyncssh.SSHServerProcess[str]], Awaitable[None]] | None:
        """NETCONF, where something is configured to come in by, on whatever port SSH is."""
        return Netconf(self).serve if name == "netconf" and self.running.get("system", "services") else None
