"""A conversation with RouterOS through netmiko's own driver (netmiko/mikrotik/mikrotik_ssh.py, 4.x).

RouterOS has no candidate: each line takes effect and lasts. The guard is a backup on the device and an entry of its
scheduler that loads it, which restarts the switch (MikroTik's manual, "Backup", "Scheduler"). `start-time=startup` with
an interval runs one interval after the entry is made, and again one interval after a restart: a power cut in the middle
of a change leaves the guard standing. `save_config` is never called: netmiko would send Cisco's command.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.line import ANSWER_S, logged_in
from playbooks.drivers.cli.session import Session, SessionError, Way
from playbooks.drivers.cli.terminal import echo_end, enough, in_time
from templates.mikrotik_routeros.items import GUARD
from templates.mikrotik_routeros.shown import masked
from templates.mikrotik_routeros.text import quoted

if TYPE_CHECKING:
    from netmiko import BaseConnection

__all__ = ["RouterosSession", "opened"]

_LONG_S = 90
"""Exports and backups take longer than settings."""
_BACK_S, _TRY_S = 300, 0.5
"""How long a restart may take, and how often it is asked."""
_LOGGED = r"(?:[\w/-]+ )?\d\d:\d\d:\d\d (?:echo: )?[a-z0-9!-]+(?:,[a-z0-9!-]+)+ [^\r\n]*"
"""A line of the log that its action `echo` writes to every terminal (manual, "Log"); its form: general knowledge."""
_LOGS = re.compile(rf"^{_LOGGED}\n?", re.MULTILINE)
_PROMPT = re.compile(rf"\[[^\]\r\n]*@[^\]\r\n]*\] > *(?:[\r\n]+{_LOGGED})*[\r\n]*$")
_PROMPTS = re.compile(r"^\[[^\]\r\n]*@[^\]\r\n]*\] >.*$", re.MULTILINE)
_PAGE = r"-- ?(?:More ?--|\[Q quit[^\]]*\]) *"
_MORE = re.compile(rf"{_PAGE}$")
"""It shows no pages to the terminal netmiko asks for; if it does, they are turned."""
_TURNED = re.compile(rf"{_PAGE}[\r\n][ \t]*[\r\n]")
"""How the last line of a page is wiped out; netmiko makes line feeds of carriage returns."""
_ASKED = r"\[y/N\]"
_QUESTION = re.compile(r"\[[yY]/[nN]\][:?]* *$")
_TAIL, _BREATH_S = 400, 0.01
_BATCH = 380
"""Signs of script that are judged in one line: netmiko's terminal is 511 wide, and each may need two."""
_NUMBER = re.compile(r"^set (\d+) ", re.MULTILINE)
_PORTS = "/interface ethernet switch port"
_FLASH = "flash"
"""Where a device with this folder keeps what outlives a restart (manual, "Files")."""


@contextmanager
def opened(way: Way) -> Iterator[Session]:
    """Log in. Only the pinned host key is believed, also when it comes back from a restart."""
    with ExitStack() as stack:
        yield RouterosSession(way, stack)


class RouterosSession:
    """Somebody is logged in."""

    def __init__(self, way: Way, stack: ExitStack) -> None:
        self._way, self._stack = way, stack
        self._connection = self._logged_in()

    def hostname(self) -> str:
        """Its identity."""
        return self._asked(":put [/system identity get name]").strip()

    def running(self) -> str:
        """The export with its secrets, and the accounts, which it leaves out; ports by name instead of number."""
        text = self._asked("/export show-sensitive", _LONG_S)
        if "by RouterOS" not in text:
            raise SessionError(FailureKind.PROTOCOL, say(N_("the device did not show its whole configuration")))
        menus = [*_menus(text), *_menus(self._asked("/user export"))]
        return "".join(f"{self._by_name(menu)}\n" for menu in menus)

    def check(self, lines: Sequence[str]) -> None:
        """Have RouterOS parse them without doing them (`:parse`; manual, "Scripting")."""
        for batch in _batches(lines):
            if self._judged(batch):
                for line in batch:
                    if why := self._judged([line]):
                        raise SessionError(FailureKind.INVALID, _refusal(line, why))

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """Backup, scheduler, then the lines. One that is refused has the backup loaded at once."""
        asked = time.monotonic()
        self.pending()
        seconds = math.ceil(enough(revert_after, time.monotonic() - asked, len(lines)))
        begun = time.time()
        self._guard(seconds)
        try:
            self._typed(lines, begun + seconds)
        except SessionError as error:
            if error.kind is FailureKind.INVALID:
                self._restore()
            raise
        # The device began to count later than this: it never takes back before.
        return begun + seconds

    def _typed(self, lines: Sequence[str], until: float) -> None:
        for line in lines:
            in_time(until)
            if said := self._asked(line).strip():
                raise SessionError(FailureKind.INVALID, _refusal(line, said))

    def pending(self) -> bool:
        """Whether the guard stands."""
        return self._count("/system scheduler", GUARD) > 0

    def confirm(self) -> None:
        """Take the guard away, and look whether it has gone. What was typed lasts already."""
        if not self.pending():
            raise SessionError(FailureKind.EXPIRED, say(N_("nothing waits for a confirmation any more")))
        self._asked(f"/system scheduler remove [ find name={GUARD} ]")
        if self.pending():
            raise SessionError(FailureKind.DEVICE, say(N_("its guard cannot be taken away")))

    def revert(self) -> None:
        """Load the backup, wait for the restart, log in again."""
        if self.pending():
            self._restore()

    # ---- The guard ---------------------------------------------------------------------------------------------------

    def _guard(self, seconds: int) -> None:
        """SessionError unless both the backup and the entry are really there."""
        name = self._backup()
        said = self._asked(f"/system backup save name={quoted(name.removesuffix('.backup'))} dont-encrypt=yes", _LONG_S)
        if "saved" not in said:
            raise SessionError(FailureKind.DEVICE, say(N_("it could not save: {why}"), why=said.strip()[:200]))
        if not self._count("/file", name):
            raise SessionError(FailureKind.DEVICE, say(N_("it says that it has saved, and has not")))
        event = f'/system backup load name={name} password=""'
        self._asked(
            f"/system scheduler add name={GUARD} start-time=startup interval={seconds}s on-event={quoted(event)}"
        )
        if not self.pending():
            raise SessionError(FailureKind.DEVICE, say(N_("it has set no guard: nothing would take a change back")))

    def _restore(self) -> None:
        command = f'/system backup load name={quoted(self._backup())} password=""'
        self._connection.send_command(command, expect_string=_ASKED, strip_prompt=False, strip_command=False)
        self._connection.write_channel("y\r\n")
        self._gone()
        self._back()
        if self.pending():
            raise SessionError(FailureKind.DEVICE, say(N_("taken back, but it does not run what it ran before")))

    def tidy(self) -> None:
        """The backup is not encrypted: it would keep the device's secrets."""
        self._asked(f"/file remove [ find name={quoted(self._backup())} ]")

    def _gone(self) -> None:
        """Until the connection has ended: only then the restart has begun."""
        until = time.monotonic() + _LONG_S
        while time.monotonic() < until:
            if self._closed():
                return
            time.sleep(_BREATH_S)
        raise SessionError(FailureKind.PROTOCOL, say(N_("it was told to restart, and has not")))

    def _back(self) -> None:
        self._stack.close()
        until = time.monotonic() + _BACK_S
        while True:
            try:
                self._connection = self._logged_in()
            except SessionError as error:
                if error.kind is not FailureKind.UNREACHABLE or time.monotonic() > until:
                    raise
                time.sleep(_TRY_S)
            else:
                return

    def _backup(self) -> str:
        folder = f"{_FLASH}/" if self._count("/file", _FLASH) else ""
        return f"{folder}{GUARD}.backup"

    # ---- Asking ------------------------------------------------------------------------------------------------------

    def _logged_in(self) -> BaseConnection:
        return self._stack.enter_context(logged_in(self._way, "mikrotik_routeros"))

    def _count(self, menu: str, name: str) -> int:
        said = self._asked(f":put [:len [{menu} find name={quoted(name)}]]").strip()
        if not said.isdigit():
            raise SessionError(
                FailureKind.PROTOCOL,
                say(N_("an answer that cannot be understood: {answer}"), answer=_hidden(said)[:200]),
            )
        return int(said)

    def _judged(self, lines: Sequence[str]) -> str:
        return self._asked(f":local fosa [:parse {quoted(chr(10).join(lines))}]").strip()

    def _by_name(self, menu: str) -> str:
        if not menu.startswith(f"{_PORTS}\n") or _NUMBER.search(menu) is None:
            return menu
        loop = f":foreach p in=[{_PORTS} find] do={{:put [{_PORTS} get $p name]}}"
        names = self._asked(loop).split()
        return _NUMBER.sub(lambda match: _port(match, names), menu)

    def _asked(self, command: str, seconds: int = ANSWER_S) -> str:
        """What it says to a command, from its echo to the next prompt."""
        self._connection.write_channel(f"{command}\r\n")
        said, until = "", time.monotonic() + seconds
        while True:
            said += self._heard(until)
            end = echo_end(said, command)
            if end is None:
                continue
            answer = said[end:]
            if _QUESTION.search(answer[-_TAIL:]) is not None:
                # Nobody foresaw it: what is left of it in the answer is as good as a refusal.
                self._connection.write_channel("n\r\n")
            elif _MORE.search(answer[-_TAIL:]) is not None:
                self._connection.write_channel(" ")
            elif _PROMPT.search(answer[-_TAIL:]) is not None:
                plain = _LOGS.sub("", _PROMPTS.sub("", _TURNED.sub("", answer).replace("\r", "")))
                return plain.removeprefix("\n").rstrip("\n")

    def _heard(self, until: float) -> str:
        while time.monotonic() < until:
            if said := self._connection.read_channel():
                return str(said)
            if self._closed():
                raise SessionError(FailureKind.UNREACHABLE, say(N_("the device has closed the connection")))
            time.sleep(_BREATH_S)
        raise SessionError(FailureKind.UNREACHABLE, say(N_("the device does not answer any more")))

    def _closed(self) -> bool:
        channel = self._connection.remote_conn
        return channel is None or bool(getattr(channel, "closed", False) or getattr(channel, "eof_received", False))


def _port(match: re.Match[str], names: Sequence[str]) -> str:
    number = int(match[1])
    return f"set {quoted(names[number])} " if number < len(names) else match[0]


def _menus(text: str) -> list[str]:
    """A text from each line that begins a menu to the next; what stands before the first is a comment."""
    return [part.rstrip("\n") for part in re.split(r"(?m)^(?=/)", text) if part.startswith("/")]


def _batches(lines: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        if batch and len(quoted("\n".join([*batch, line]))) > _BATCH:
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch


def _refusal(line: str, said: str) -> str:
    return f"{_hidden(line)}: {_hidden(said.splitlines()[0])[:200]}"


def _hidden(text: str) -> str:
    return masked(text, lambda _secret: "<secret>")
