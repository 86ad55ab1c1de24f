"""A session on the emulated IOS: who somebody is, in which mode, and what he is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lab.devices.cisco_ios.commands import DONE, execute
from lab.devices.cisco_ios.editor import Editor
from lab.devices.mischief import matches
from lab.devices.shell import Hangup, Restart

if TYPE_CHECKING:
    from lab.devices.cisco_ios.machine import Machine

__all__ = ["IosConsole"]

_CONFIGURE = re.compile(r"conf(?:igure)? t(?:erminal)?(?: revert timer (\d+))?")
_NO_ARCHIVE = "%ERROR: Archive feature not enabled; configure a path for the archive first."
_MOST = 3


class IosConsole:
    """One person's."""

    def __init__(self, device: Machine, user: str) -> None:
        self._device, self._user = device, user
        self._privileged = device.privileged(user)
        self._editor: Editor | None = None
        self._asked = 0
        """How often the password of the privileged mode has been asked for."""
        self._copying: Editor | None = None
        self._waiting: list[str] = []
        """Lines of a file that come after a question."""
        self._length = 24

    def greeting(self) -> str:
        """What is shown before somebody logs in is the SSH server's to show."""
        return "\n"

    def prompt(self) -> str:
        """In configuration mode a long name is cut (netmiko/cisco/cisco_ios.py, set_base_prompt)."""
        if self._asked:
            return "Password: "
        if self._copying is not None and self._copying.asks:
            return ""
        name = self._device.hostname
        if self._editor is not None:
            return "" if self._editor.asks else f"{name[:20]}({self._editor.mode})#"
        return f"{name}{'#' if self._privileged else '>'}"

    def echoes(self) -> bool:
        """A password is not shown."""
        return not self._asked

    def refusal(self, line: str) -> str:
        """As IOS shows where the line is bad."""
        return f"{' ' * len(self.prompt())}^\n% Invalid input detected at '^' marker.\n\n" if line else ""

    def paging(self) -> str:
        """`terminal length 0` ends it."""
        return " --More-- " if self._length else ""

    def answer(self, line: str) -> str:
        """Do it."""
        said = self._do(line)
        return said if not said or said.endswith(("\n", "[confirm]")) else f"{said}\n"

    def _do(self, line: str) -> str:
        if self._asked:
            return self._password(line)
        if self._copying is not None:
            return self._go_on(line)
        if self._editor is not None:
            return self._configure(self._editor, line)
        text = " ".join(line.split())
        if text in {"exit", "quit", "logout"}:
            raise Hangup
        if (length := re.fullmatch(r"term(?:inal)? (?:len(?:gth)?) (\d+)", text)) is not None:
            self._length = int(length[1])
            return ""
        if re.fullmatch(r"en(?:able)?", text):
            return self._enable()
        if re.fullmatch(r"disa(?:ble)?", text):
            self._privileged = False
            return ""
        if not self._privileged:
            allowed = not text or text.startswith(("term", "show version", "show clock"))
            return "" if allowed else self.refusal(line)
        return self._execute(text, line)

    def _execute(self, text: str, line: str) -> str:
        if (configure := _CONFIGURE.fullmatch(text)) is not None:
            return self._begin(configure[1])
        if (copied := re.fullmatch(r"copy (\S+) (?:system:)?running-config", text)) is not None:
            return self._copy(copied[1])
        if text == "reload":
            raise Restart
        said = execute(self._device, text, self._user)
        if said is None:
            return self.refusal(line)
        return "" if said == DONE else said

    def _begin(self, minutes: str | None) -> str:
        said = ""
        if minutes is not None:
            if not self._device.archives:
                return _NO_ARCHIVE
            if self._device.timer.pending:
                return "%ERROR: Rollback Confirmed Change is already pending"
            self._device.arm(int(minutes), self._user)
            said = "Rollback Confirmed Change: Backing up current running config to flash:fosa-archive\n\n"
        self._editor = Editor(self._device.desk())
        return f"{said}Enter configuration commands, one per line.  End with CNTL/Z."

    def _configure(self, editor: Editor, line: str) -> str:
        text = line.strip()
        if not editor.asks and text in {"end", "\x1a"}:
            self._editor = None
            return ""
        if not editor.asks and text in {"exit", "ex", "quit"}:
            if not editor.leave():
                self._editor = None
            return ""
        if not editor.asks and text.startswith("do "):
            return self._execute(" ".join(text.split()[1:]), line)
        said = editor.enter(line)
        return self.refusal(line) if said.startswith("% Invalid input") else said

    # ---- A file, copied to what runs ---------------------------------------------------------------------------------

    def _copy(self, name: str) -> str:
        """Line by line; a bad one is shown and passed over (Cisco, `copy`: merged as if it were typed)."""
        text = self._device.disk.read(name)
        if text is None:
            return f"%Error opening {name} (No such file or directory)"
        self._copying, self._waiting = Editor(self._device.desk()), text.split("\n")
        return self._go_on(None)

    def _go_on(self, answer: str | None) -> str:
        editor, said = self._copying, ""
        if editor is None:
            return said
        if answer is not None:
            editor.enter(answer)
        while self._waiting:
            line = self._waiting.pop(0).rstrip("\r")
            if line.strip() == "end":
                break
            self._device.box.hear(line)
            words = self._refused(line) or editor.enter(line)
            if editor.asks:
                return f"{said}{words}"
            if words and not words.startswith("Enter TEXT"):
                said += f"{line}\n" + (self.refusal(line) if "Invalid input" in words else f"{words}\n")
        self._copying, self._waiting = None, []
        return f"{said}\n512 bytes copied in 0.214 secs (2393 bytes/sec)\n"

    def _refused(self, line: str) -> str:
        return "% Invalid input detected at '^' marker." if matches(self._device.mischief.refuse, line) else ""

    # ---- The privileged mode -----------------------------------------------------------------------------------------

    def _enable(self) -> str:
        if self._privileged:
            return ""
        if self._device.enable is None:
            return "% Error in authentication."
        self._asked = 1
        return ""

    def _password(self, line: str) -> str:
        if line == self._device.enable:
            self._privileged, self._asked = True, 0
            return ""
        self._asked = 0 if self._asked >= _MOST else self._asked + 1
        return "% Bad secrets\n" if not self._asked else ""
