"""The emulated IOS switch as the network sees it."""

from __future__ import annotations

import asyncssh

from lab.devices.cisco_ios.console import IosConsole
from lab.devices.cisco_ios.files import flash_of
from lab.devices.cisco_ios.machine import Machine
from lab.devices.shell import Console

__all__ = ["Ios"]


class Ios(Machine):
    """One of them."""

    def console(self, user: str) -> Console:
        """A session."""
        return IosConsole(self, user)

    def files(self) -> type[asyncssh.SFTPServer] | None:
        """SCP. That it must have been switched on (Cisco, `ip scp server enable`) NAPALM asks for itself."""
        return flash_of(self.disk)
