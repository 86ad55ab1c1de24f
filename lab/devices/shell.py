"""A command line over SSH as a network device has it: a terminal that echoes, prompts and pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

import asyncssh

from lab.devices.box import Box
from lab.devices.mischief import Mischief, matches

__all__ = ["Console", "Hangup", "Restart", "Shell"]

_PAGE = 24
_SURE = "Are you sure [y/n]? "
_YES = frozenset({"", "y", "yes"})


class Hangup(Exception):  # noqa: N818  no error: somebody leaves
    """The session ends."""


class Restart(Exception):  # noqa: N818  no error: the device was told to
    """The device restarts from what is saved; every session ends."""


class Console(Protocol):
    """One person's session. Its lines have no ends; an answer's lines end in a line feed."""

    def greeting(self) -> str:
        """What is shown before the first prompt."""
        ...

    def prompt(self) -> str:
        """What asks for the next line."""
        ...

    def echoes(self) -> bool:
        """Whether what is typed is shown: not where a password is asked for."""
        ...

    def answer(self, line: str) -> str:
        """Do a line. Raises Hangup or Restart."""
        ...

    def refusal(self, line: str) -> str:
        """How this device says that a line is bad."""
        ...

    def paging(self) -> str:
        """The text after a page, empty while it does not page: `--More--`."""
        ...


@dataclass(slots=True)
class Shell:
    """Runs a console on an SSH channel."""

    console: Console
    box: Box
    restart: Callable[[], None]
    _pending: str = field(default="", repr=False)
    _doubted: str = field(default="", repr=False)
    """The line that waits for a yes."""

    async def run(self, process: asyncssh.SSHServerProcess[str]) -> None:
        """Until somebody leaves."""
        try:
            self._say(process, self.console.greeting() + self.console.prompt())
            async for line in self._typed(process):
                if not await self._line(process, line):
                    return
        except Hangup:
            pass
        except Restart:
            self.restart()
        finally:
            process.exit(0)

    async def _line(self, process: asyncssh.SSHServerProcess[str], line: str) -> bool:
        self.box.hear(line)
        mischief = self.box.wrong
        if mischief.slow_s:
            await asyncio.sleep(mischief.slow_s)
        if not self._doubted and matches(mischief.asks, line):
            self._doubted = line
            process.stdout.write(mischief.says or _SURE)
            return True
        said = self._said(mischief, line)
        if matches(mischief.reboot, line):
            raise Restart
        if matches(mischief.drop, line):
            self.box.dropped()
            process.channel.abort()
            return False
        await self._show(process, _logged(said, mischief.logs), pages=mischief.pages)
        self._say(process, self.console.prompt())
        if mischief.logs:
            self._say(process, f"\n{mischief.logs}\n")
        return True

    def _said(self, mischief: Mischief, line: str) -> str:
        if self._doubted:
            sure, doubted, self._doubted = line.strip().lower() in _YES, self._doubted, ""
            return self.console.answer(doubted) if sure else ""
        if matches(mischief.refuse, line):
            return f"{mischief.says}\n" if mischief.says else self.console.refusal(line)
        return self.console.answer(line)

    async def _show(self, process: asyncssh.SSHServerProcess[str], said: str, *, pages: bool) -> None:
        more = self.console.paging() or ("--More--" if pages else "")
        lines = said.splitlines(keepends=True)
        while more and len(lines) > _PAGE:
            self._say(process, "".join(lines[:_PAGE]) + more)
            lines = lines[_PAGE:]
            key = await self._key(process)
            self._say(process, "\r" + " " * len(more) + "\r")
            if key in "qQ\x03":
                return
        self._say(process, "".join(lines))

    async def _key(self, process: asyncssh.SSHServerProcess[str]) -> str:
        while not self._pending:
            data = await self._read(process)
            if not data:
                raise Hangup
            self._pending += data
        key, self._pending = self._pending[0], self._pending[1:]
        return key

    async def _typed(self, process: asyncssh.SSHServerProcess[str]) -> AsyncIterator[str]:
        """Lines as they are typed, echoed. A carriage return ends one; a line feed behind it is not another."""
        line, echo, after_return = "", "", False
        while True:
            if echo and not self._pending:
                # What came together is echoed together.
                process.stdout.write(self._wrapped(echo))
                echo = ""
            try:
                key = await self._key(process)
            except Hangup:
                return
            if key == "\n" and after_return:
                after_return = False
                continue
            after_return = key == "\r"
            if key in "\r\n":
                self._say(process, f"{self._wrapped(echo)}\n")
                echo = ""
                yield line
                line = ""
            elif key in "\x08\x7f":
                line = line[:-1]
            elif key == "\x03":
                line = ""
                self._say(process, "^C\n" + self.console.prompt())
            elif key == "\t" or key.isprintable():
                line += key
                if self.console.echoes():
                    echo += key

    async def _read(self, process: asyncssh.SSHServerProcess[str]) -> str:
        while True:
            try:
                return await process.stdin.read(4096)
            except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue

    def _wrapped(self, echo: str) -> str:
        width = self.box.wrong.wraps
        return re.sub(f"(.{{{width}}})", "\\1\r\n", echo) if width else echo

    def _say(self, process: asyncssh.SSHServerProcess[str], text: str) -> None:
        process.stdout.write(text.replace("\n", "\r\n"))


def _logged(said: str, log: str) -> str:
    """With a line of the log after half of its lines."""
    lines = said.splitlines(keepends=True)
    return "".join([*lines[: len(lines) // 2], f"{log}\n", *lines[len(lines) // 2 :]]) if log else said
