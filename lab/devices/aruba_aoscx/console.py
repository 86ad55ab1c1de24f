"""A session on the emulated AOS-CX: in which mode somebody is, and what he is asked. Words: see each command."""

from __future__ import annotations

import re
from collections.abc import Callable

from lab.devices.aruba_aoscx.config import editor, loaded
from lab.devices.aruba_aoscx.machine import Machine
from lab.devices.lines import Editor
from lab.devices.shell import Hangup, Restart

__all__ = ["AoscxConsole"]

_BANNER = re.compile(r"(no )?banner (motd|exec)(?: (\S))?")
_MORE = "-- MORE --, next page: Space, next line: Enter, quit: q"


class AoscxConsole:
    """One person's."""

    def __init__(self, device: Machine, user: str) -> None:
        self._device, self._user = device, user
        self._editor: Editor | None = None
        self._banner: tuple[str, str, list[str]] | None = None
        self._asked: Callable[[], str] | None = None
        """What is done after a yes."""
        self._pages = True

    def greeting(self) -> str:
        """Told after a login (Aruba, AOS-CX Fundamentals Guide, cli-session)."""
        return f'Last login: 2026-11-21 10:50:22 from 10.64.0.9\nUser "{self._user}" has logged in 7 times\n'

    def prompt(self) -> str:
        """A question stands in the place of it."""
        if self._asked is not None:
            return "Do you want to continue (y/n)? "
        if self._banner is not None:
            return ""
        mode = f"({self._editor.prompt})" if self._editor is not None else ""
        return f"{self._device.hostname}{mode}# "

    def echoes(self) -> bool:
        """Always: no password is asked for."""
        return True

    def refusal(self, line: str) -> str:
        """In the words of AOS-CX."""
        words = line.split(maxsplit=1)
        return f"Invalid input: {words[0]}\n" if words else ""

    def paging(self) -> str:
        """`no page` ends it."""
        return _MORE if self._pages else ""

    def answer(self, line: str) -> str:
        """Do it."""
        said = self._do(line)
        return said if not said or said.endswith("\n") else f"{said}\n"

    def _do(self, line: str) -> str:
        if self._asked is not None:
            then, self._asked = self._asked, None
            return then() if line.strip().lower() in {"y", "yes"} else ""
        if self._banner is not None:
            return self._more(line)
        text = " ".join(line.split())
        if self._editor is not None:
            return self._configure(self._editor, text, line)
        said = self._execute(text)
        return self.refusal(line) if said is None else said

    def _configure(self, desk: Editor, text: str, line: str) -> str:
        if text == "end":
            self._editor = None
        elif text == "exit":
            if not desk.leave():
                self._editor = None
        elif (banner := _BANNER.fullmatch(text)) is not None:
            return self._begin(banner)
        elif text.startswith("no user ") and not self._others(text.split(" ")[2]):
            return "Error: the last administrator cannot be removed\n"
        elif text.startswith("no user "):
            self._asked = lambda: desk.enter(text) or ""
            return f"User {text.split(' ')[2]}'s home directory and active sessions will be deleted.\n"
        elif text and not text.startswith("!"):
            said = desk.enter(text)
            return self.refusal(line) if said is None else said
        return ""

    def _others(self, name: str) -> bool:
        users = (node.text for node in self._device.config.root.below.values() if node.text.startswith("user "))
        return any(" group administrators " in text and not text.startswith(f"user {name} ") for text in users)

    def _begin(self, match: re.Match[str]) -> str:
        denied, kind, sign = match.groups()
        if denied:
            self._device.config.banners.pop(kind, None)
            return ""
        self._banner = (kind, sign or "^", [])
        return f"Enter a new banner. Terminate the banner with the delimiter you have chosen ({sign})."

    def _more(self, line: str) -> str:
        if self._banner is None:
            return ""
        kind, sign, lines = self._banner
        if line.strip() == sign:
            self._device.config.banners[kind] = tuple(lines)
            self._banner = None
            return ""
        lines.append(line.rstrip())
        return ""

    # ---- The manager's mode ------------------------------------------------------------------------------------------

    def _execute(self, text: str) -> str | None:
        """What is said to a command; None: there is none like it."""
        device = self._device
        if text in {"exit", "logout", "quit"}:
            raise Hangup
        if re.fullmatch(r"configure(?: term(?:inal)?)?", text):
            self._editor = editor(device.config, device.hashes)
            return ""
        if text in {"page", "no page"}:
            self._pages = text == "page"
            return ""
        if re.fullmatch(r"show running-config|show run", text):
            return f"Current configuration:\n{device.text()}"
        if text == "show startup-config":
            return f"Startup configuration:\n{device.startup}"
        if text == "show version":
            return "ArubaOS-CX\nVersion      : FL.10.13.1000, emulated by fosa\n"
        if text in {"copy running-config startup-config", "write memory"}:
            device.box.save(device.text())
            return "Copying configuration: [Success]"
        if text == "boot system":
            self._asked = self._reboot
            return "This will reboot the entire switch and render it unavailable.\n"
        return "" if not text else self._checkpoints(text)

    def _reboot(self) -> str:
        raise Restart

    def _checkpoints(self, text: str) -> str | None:
        """Aruba, AOS-CX Command-Line Interface Guide, checkpoint commands; its words where it has an example."""
        device = self._device
        if text == "show checkpoint":
            rows = "".join(f"{name:<40}checkpoint  User\n" for name in device.checkpoints())
            return f"{'NAME':<40}TYPE        WRITER\nstartup-config{'':<26}startup     User\n{rows}"
        if (match := re.fullmatch(r"copy running-config checkpoint (\S{1,32})", text)) is not None:
            device.keep(match[1])
            return "Copying configuration: [Success]"
        if (match := re.fullmatch(r"erase checkpoint (\S+)", text)) is not None:
            device.erase(match[1])
            return ""
        if (match := re.fullmatch(r"checkpoint diff (\S+) (\S+)", text)) is not None:
            one, other = device.kept(match[1]), device.kept(match[2])
            if one is None or other is None:
                return "Error: checkpoint does not exist"
            return "\n".join(device.differences(one, other))
        if (match := re.fullmatch(r"checkpoint rollback (\S+)", text)) is not None:
            kept = device.kept(match[1])
            if kept is None:
                return "Error: checkpoint does not exist"
            device.put(loaded(kept, device.hashes))
            return ""
        return self._auto(text)

    def _auto(self, text: str) -> str | None:
        device = self._device
        if text == "checkpoint auto confirm":
            if not device.timer.pending:
                return "Error: auto checkpoint mode is not active"
            device.timer.disarm()
            return "checkpoint AUTO20261121105022 created"
        match = re.fullmatch(r"checkpoint auto (\d{1,2})", text)
        if match is None or not 1 <= int(match[1]) <= 60:
            return None
        if device.timer.pending:
            return "Error: auto checkpoint mode is already active"
        device.arm(int(match[1]))
        return f"Auto checkpoint mode expires in {match[1]} minute(s)"
