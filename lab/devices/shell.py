"""A command line over SSH as a network device has it: a terminal that echoes, prompts and pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol

import asyncssh

from lab.devices.mischief import Mischief, matches

__all__ = ["Console", "Hangup", "Restart", "Shell"]

_PAGE = 24


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
    mischief: Callable[[], Mischief]
    restart: Callable[[], None]
    _pending: str = field(default="", repr=False)

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
        mischief = self.mischief()
        if mischief.slow_s:
            await asyncio.sleep(mischief.slow_s)
        bad = matches(mischief.refuse, line)
        said = self.console.refusal(line) if bad else self.console.answer(line)
        if matches(mischief.reboot, line):
            raise Restart
        if matches(mischief.drop, line):
            process.channel.abort()
            return False
        await self._show(process, said, pages=mischief.pages)
        self._say(process, self.console.prompt())
        return True

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
                process.stdout.write(echo)
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
                self._say(process, f"{echo}\n")
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

    def _say(self, process: asyncssh.SSHServerProcess[str], text: str) -> None:
        process.stdout.write(text.replace("\n", "\r\n"))
