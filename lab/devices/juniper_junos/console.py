"""The command line of the emulated Junos: enough to look at it, and to change it by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.devices.juniper_junos.braces import braces
from lab.devices.juniper_junos.compare import compared
from lab.devices.juniper_junos.tree import BadLineError
from lab.devices.shell import Hangup, Restart

if TYPE_CHECKING:
    from lab.devices.juniper_junos.machine import Machine

__all__ = ["JunosConsole"]

_PAGER = {
    "set cli screen-length 0": "Screen length set to 0\n",
    "set cli screen-width 511": "Screen width set to 511\n",
}
_LOADS = ("set ", "delete ", "activate ", "deactivate ")


class JunosConsole:
    """`Console` for Junos: operational mode (`>`) and configuration mode (`#`)."""

    def __init__(self, device: Machine, user: str) -> None:
        self._device, self._user = device, user
        self._configuring = False
        self._pages = True

    def greeting(self) -> str:
        """Who it is."""
        return f"--- JUNOS {self._device.running.value('version')} (emulated)\n"

    def prompt(self) -> str:
        """Mode and name."""
        mark = "[edit]\n" if self._configuring else ""
        return f"{mark}{self._user}@{self._device.hostname}{'#' if self._configuring else '>'} "

    def echoes(self) -> bool:
        """It asks for no secret."""
        return True

    def refusal(self, line: str) -> str:
        """Junos points at the word; here it only says so."""
        return f"{' ' * len(self.prompt())}^\nunknown command: {line}\n"

    def paging(self) -> str:
        """Until the screen has no length."""
        return "---(more)---" if self._pages else ""

    def answer(self, line: str) -> str:
        """Do a line."""
        said, _, pipe = line.strip().partition(" | ")
        if self._configuring:
            return self._configure(said, pipe)
        if said in _PAGER:
            self._pages = self._pages and "length" not in said
            return _PAGER[said]
        match said:
            case "":
                return ""
            case "exit" | "quit":
                raise Hangup
            case "request system reboot":
                raise Restart
            case "configure" | "edit" | "configure exclusive":
                self._configuring = True
                return "Entering configuration mode\n"
            case "show configuration":
                return self._shown(pipe)
            case "show version":
                return f"Hostname: {self._device.hostname}\nJunos: {self._device.running.value('version')}\n"
            case _:
                return self.refusal(line)

    def _configure(self, said: str, pipe: str) -> str:
        device = self._device
        if said.startswith(_LOADS):
            try:
                device.load([said])
            except BadLineError as error:
                return f"{error}\n"
            return ""
        match said.split():
            case []:
                return ""
            case ["exit" | "quit"]:
                self._configuring = False
                return "Exiting configuration mode\n"
            case ["rollback", *_]:
                device.discard()
                return "load complete\n"
            case ["show"] if pipe == "compare":
                return compared(device.running, device.candidate)
            case ["commit", *rest]:
                return self._commit(rest)
            case _:
                return self.refusal(said)

    def _commit(self, rest: list[str]) -> str:
        if why := self._device.check():
            return f"error: {why}\nerror: configuration check-out failed\n"
        if rest == ["check"]:
            return "configuration check succeeds\n"
        minutes = int(rest[1]) if rest[1:] and rest[1].isdigit() else 10
        self._device.commit(self._user, minutes if rest[:1] == ["confirmed"] else None)
        return "commit complete\n"

    def _shown(self, pipe: str) -> str:
        tree = self._device.running
        return "".join(f"{row}\n" for row in tree.lines()) if "display set" in pipe else braces(tree)
