"""Keeps the parts alive: starts them, starts them again, says who died, and leaves none of them behind."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from api.serve.part import BAD_INPUT
from inventory.words import gettext as _

__all__ = ["Part", "Supervisor"]

_FIRST_S, _LONGEST_S = 0.2, 10.0
_LIVED_S = 10.0
"""Who lived so long is started again at once, like the first time."""
_LOOK_S = 1.0
_NOT_STARTED = 127


@dataclass(frozen=True, slots=True)
class Part:
    """A process that is kept alive."""

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)
    descriptors: tuple[int, ...] = ()
    """Open files it is handed."""
    grace_s: float = 6.0
    """So long it may take to end when told to; then it is killed."""


class Supervisor:
    """One run over some parts."""

    def __init__(self, parts: Sequence[Part], say: Callable[[str], None]) -> None:
        """Start nothing yet."""
        self._parts, self._say = parts, say
        self._running: dict[str, Process] = {}
        self._renewed: set[str] = set()
        self._end: asyncio.Future[int] | None = None

    async def run(self, sound: Callable[[], bool], stands: Callable[[], bool] = lambda: True) -> int:
        """Until SIGTERM or SIGINT (0), until `stands` says no (0), or until a part cannot work at all (3).

        SIGHUP starts the parts anew, unless `sound` says no: then what was read before goes on being watched.
        """
        loop = asyncio.get_running_loop()
        end: asyncio.Future[int] = loop.create_future()
        self._end = end
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._finish, 0)
        loop.add_signal_handler(signal.SIGHUP, lambda: self._renew() if sound() else None)
        tasks = [asyncio.create_task(self._keep(part)) for part in self._parts]
        tasks.append(asyncio.create_task(self._look(stands)))
        for task in tasks:
            task.add_done_callback(self._broken)
        try:
            return await end
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            running = [(self._running[part.name], part.grace_s) for part in self._parts if part.name in self._running]
            await asyncio.gather(*(_end(process, grace_s) for process, grace_s in running))

    async def _keep(self, part: Part) -> None:
        wait, times = _FIRST_S, 0
        while True:
            begun = time.monotonic()
            code = await self._once(part)
            times += 1
            lived = time.monotonic() - begun
            if part.name in self._renewed:
                self._renewed.discard(part.name)
                wait = _FIRST_S
                continue
            if code == BAD_INPUT and times == 1:
                self._finish(BAD_INPUT)
                return
            wait = _FIRST_S if lived > _LIVED_S else wait
            text = _("{part} {ended}; it is started again in {n} s")
            self._say(text.format(part=part.name, ended=_ended(code), n=wait))
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_S)

    async def _once(self, part: Part) -> int:
        # Handed over by number only: the others must not have them.
        try:
            process = await asyncio.create_subprocess_exec(
                *part.argv, env=part.environ, stdin=DEVNULL, pass_fds=part.descriptors, cwd="/"
            )
        except OSError as error:
            self._say(_("{part} cannot be started: {why}").format(part=part.name, why=error))
            return _NOT_STARTED
        self._running[part.name] = process
        return await process.wait()

    async def _look(self, stands: Callable[[], bool]) -> None:
        while stands():
            await asyncio.sleep(_LOOK_S)
        self._finish(0)

    def _renew(self) -> None:
        self._say(_("reading the inventory again"))
        for name, process in self._running.items():
            if process.returncode is None:
                self._renewed.add(name)
                process.terminate()

    def _finish(self, code: int) -> None:
        if self._end is not None and not self._end.done():
            self._end.set_result(code)

    def _broken(self, task: asyncio.Task[None]) -> None:
        """A fault of ours ends everything, loudly."""
        if not task.cancelled() and (error := task.exception()) is not None and self._end and not self._end.done():
            self._end.set_exception(error)


async def _end(process: Process, grace_s: float) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(grace_s):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _ended(code: int) -> str:
    if code < 0:
        return _("was killed by {signal}").format(signal=signal.Signals(-code).name)
    return _("ended with {code}").format(code=code)
