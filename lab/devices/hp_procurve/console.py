"""A session on the emulated ArubaOS-Switch: who somebody is, in which mode, and what he is asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from lab.devices.hp_procurve.config import editor
from lab.devices.hp_procurve.machine import Machine
from lab.devices.hp_procurve.specials import spread
from lab.devices.lines import Editor
from lab.devices.shell import Hangup, Restart
from templates.hp_procurve.text import unquoted

__all__ = ["ProcurveConsole"]

_BANNER = re.compile(r"(no )?banner (motd|exec)(?: (\S))?")
_MORE = "-- MORE --, next page: Space, next line: Enter, quit: Control-C"
_WELCOME = (
    "\x1b[2J\x1b[1;1HHP J9772A 2530-48G-PoEP Switch, emulated by fosa\nSoftware revision YA.16.10.0023\n\n"
    "(C) Copyright 2020 Hewlett Packard Enterprise Development LP\n\nPress any key to continue"
)
"""netmiko waits for `opyright` and `any key to continue` (netmiko/hp/hp_procurve.py, session_preparation)."""
_SAVE = "Do you want to save current configuration [y/n/^C]? "
_RESTART = "System will be rebooted. Do you want to continue [y/n]? "
_LEAVE = "Do you want to log out [y/n]? "
"""netmiko/hp/hp_procurve.py, cleanup."""


class ProcurveConsole:
    """One person's."""

    def __init__(self, device: Machine, user: str) -> None:
        self._device = device
        self._started = device.started
        self._privileged = device.privileged(user)
        self._editor: Editor | None = None
        self._banner: tuple[str, str, list[str]] | None = None
        self._question = "Press any key to continue"
        self._then: Callable[[str], str] = self._welcomed
        self._pages = True

    def greeting(self) -> str:
        """With the makers' escape codes."""
        return _WELCOME.removesuffix(self._question)

    def prompt(self) -> str:
        """A question stands in the place of it."""
        if self._question or self._banner is not None:
            return self._question
        mode = f"({self._editor.prompt})" if self._editor is not None else ""
        return f"\x1b[24;1H{self._device.hostname}{mode}{'#' if self._privileged else '>'} "

    def echoes(self) -> bool:
        """A password is not shown."""
        return not self._question.startswith("Password")

    def refusal(self, line: str) -> str:
        """In the words of ArubaOS-Switch."""
        words = line.split(maxsplit=1)
        return f"Invalid input: {words[0]}\n" if words else ""

    def paging(self) -> str:
        """`no page` ends it."""
        return _MORE if self._pages else ""

    def answer(self, line: str) -> str:
        """Do it."""
        if self._device.started != self._started:
            raise Hangup
        said = self._do(line)
        return said if not said or said.endswith("\n") else f"{said}\n"

    def _do(self, line: str) -> str:
        if self._question:
            self._question, then = "", self._then
            return then(line.strip())
        if self._banner is not None:
            return self._more(line)
        text = " ".join(line.split())
        if self._editor is not None:
            return self._configure(self._editor, text, line)
        said = self._execute(text)
        return self.refusal(line) if said is None else said

    def _ask(self, question: str, then: Callable[[str], str]) -> str:
        self._question, self._then = question, then
        return ""

    def _welcomed(self, _key: str) -> str:
        return ""

    # ---- Configuration -----------------------------------------------------------------------------------------------

    def _configure(self, desk: Editor, text: str, line: str) -> str:
        if text in {"end", "exit"}:
            if text == "end" or not desk.leave():
                self._editor = None
            return ""
        if (banner := _BANNER.fullmatch(text)) is not None:
            return self._begin(banner)
        if not text or text.startswith(";"):
            return ""
        for each in spread(unquoted(text)):
            said = desk.enter(each)
            if said is None or said:
                return self.refusal(line) if said is None else said
        return ""

    def _begin(self, match: re.Match[str]) -> str:
        denied, kind, sign = match.groups()
        if denied:
            self._device.config.banners.pop(kind, None)
            return ""
        self._banner = (kind, sign or "%", [])
        return f"Enter TEXT message. End with the character '{sign}'"

    def _more(self, line: str) -> str:
        if self._banner is None:
            return ""
        kind, sign, lines = self._banner
        before, end, _ = line.partition(sign)
        if not end or before:
            lines.append(before.rstrip())
        if end:
            self._device.config.banners[kind] = tuple(lines)
            self._banner = None
        return ""

    # ---- The manager's mode ------------------------------------------------------------------------------------------

    def _execute(self, text: str) -> str | None:
        """What is said to a command; None: there is none like it."""
        if text in {"exit", "logout"}:
            return self._ask(_LEAVE, self._left)
        if text == "enable" and not self._privileged:
            return self._ask("Username: ", lambda _name: self._ask("Password: ", self._password))
        if text in {"", "enable"} or text.startswith("terminal width "):
            return ""
        return self._manage(text) if self._privileged else None

    def _manage(self, text: str) -> str | None:
        device, said = self._device, ""
        if text in {"configure", "configure terminal"}:
            self._editor = editor(device.config, device.hashes)
        elif text in {"page", "no page"}:
            self._pages = text == "page"
        elif text == "show running-config":
            said = f"\nRunning configuration:\n\n{device.text()}"
        elif text == "show config":
            said = f"\nStartup configuration: 1\n\n{device.startup}"
        elif text == "write memory":
            device.box.save(device.text())
        else:
            return self._reload(text)
        return said

    def _reload(self, text: str) -> str | None:
        """HPE, Management and Configuration Guide 16.09, reload; its words for a planned one: general knowledge."""
        device = self._device
        if (match := re.fullmatch(r"reload after (\d+)", text)) is not None:
            device.plan(int(match[1]))
            return f"Reload scheduled in {match[1]} minutes\n"
        if text == "no reload":
            device.timer.disarm()
            return ""
        if text == "show reload after":
            left = int(device.timer.left // 60)
            return f"Reload scheduled in {left} minutes\n" if device.timer.pending else "Reload is not scheduled\n"
        if text == "reload":
            return self._ask(_SAVE, self._saving)
        return None

    def _saving(self, said: str) -> str:
        if said.lower() == "y":
            self._device.box.save(self._device.text())
        return self._ask(_RESTART, self._restarting)

    def _restarting(self, said: str) -> str:
        if said.lower() == "y":
            raise Restart
        return ""

    def _left(self, said: str) -> str:
        if said.lower() == "y":
            raise Hangup
        return ""

    def _password(self, said: str) -> str:
        if said == self._device.manager:
            self._privileged = True
            return ""
        return "Invalid password\n"
