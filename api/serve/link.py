"""The watch's end of the socket: whoever connects may follow it or ask for a probe's exchanges, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from api.picture import Exchanges
from api.serve.message import EVENTS, QUESTION_LIMIT, Answer, Message, Word, question
from monitor.compliance.model import Report
from monitor.results import Event, Watched
from monitor.snmp.model import Polled

__all__ = ["Link", "bind"]

_CONNECTIONS = 16
_QUESTION_S = 5.0
_NOTHING: Mapping[str, bytes] = {}


def bind(path: Path) -> socket.socket:
    """The listening socket, for owner and group only. In place of what an earlier watch left there."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # The place of a socket is limited to 107 bytes; a state folder may lie deeper.
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    umask = os.umask(0o117)
    try:
        listening.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.umask(umask)
        os.close(folder)
    listening.listen(_CONNECTIONS)
    listening.setblocking(False)
    return listening


class Link:
    """Hands on what the watch finds. Used from one event loop; a slow follower misses pictures, never the newest."""

    def __init__(self, exchanges: Callable[[str], Exchanges | None]) -> None:
        """`exchanges` answers for a probe by name, None when there is none."""
        self._exchanges = exchanges
        self._picture: bytes | None = None
        self._report: bytes | None = None
        self._polled: dict[str, bytes] = {}
        """By device."""
        self._events: deque[Event] = deque(maxlen=EVENTS)
        self._followers: set[_Follower] = set()

    def picture(self, watched: Watched, store_problem: str = "") -> None:
        """Say a new picture, and whether the store can be written."""
        message = Message(watched=watched, said_at=time.monotonic(), store_problem=store_problem)
        self._picture = message.line()
        for follower in self._followers:
            follower.say(picture=self._picture)

    def report(self, report: Report) -> None:
        """Say a new report."""
        self._report = Message(report=report).line()
        for follower in self._followers:
            follower.say(report=self._report)

    def polled(self, polled: Polled) -> None:
        """Say how a device stands by SNMP."""
        self._polled[polled.device] = line = Message(polled=(polled,)).line()
        for follower in self._followers:
            follower.say(polled={polled.device: line})

    def events(self, events: Sequence[Event]) -> None:
        """Say what changed; followers that come later hear it too."""
        self._events.extend(events)
        for follower in self._followers:
            follower.say(events=events)

    async def serve(self, listening: socket.socket) -> None:
        """Answer until cancelled."""
        tasks: set[asyncio.Task[None]] = set()

        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if len(tasks) >= _CONNECTIONS:
                writer.close()
                return
            task = asyncio.create_task(self._answer(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_unix_server(begin, sock=listening, limit=QUESTION_LIMIT)
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                async with asyncio.timeout(_QUESTION_S):
                    asked = question(await reader.readuntil())
                if asked is not None:
                    await self._answer_to(asked, reader, writer)
        finally:
            writer.close()

    async def _answer_to(
        self, asked: tuple[Word, str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        match asked:
            case (Word.PROBE, name):
                found = self._exchanges(name)
                answer = Answer(found=True, last=found.last, failures=found.failures) if found else Answer(found=False)
                writer.write(answer.model_dump_json().encode() + b"\n")
                async with asyncio.timeout(_QUESTION_S):
                    await writer.drain()
            case _:
                await self._follow(reader, writer)

    async def _follow(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        follower = _Follower()
        follower.say(picture=self._picture, report=self._report, polled=self._polled, events=tuple(self._events))
        self._followers.add(follower)
        # A follower has nothing more to say: a word, like its end, ends the connection.
        more = asyncio.create_task(reader.read(1))
        more.add_done_callback(lambda _task: follower.say())
        try:
            while not more.done():
                await follower.write_to(writer)
        finally:
            self._followers.discard(follower)
            more.cancel()


class _Follower:
    """What one follower has not been sent yet: the newest picture, report and poll of each device, the last events."""

    def __init__(self) -> None:
        self._due = asyncio.Event()
        self._picture: bytes | None = None
        self._report: bytes | None = None
        self._polled: dict[str, bytes] = {}
        self._events: deque[Event] = deque(maxlen=EVENTS)

    def say(
        self,
        *,
        picture: bytes | None = None,
        report: bytes | None = None,
        polled: Mapping[str, bytes] = _NOTHING,
        events: Sequence[Event] = (),
    ) -> None:
        self._picture = picture or self._picture
        self._report = report or self._report
        self._polled |= polled
        self._events.extend(events)
        self._due.set()

    async def write_to(self, writer: asyncio.StreamWriter) -> None:
        """Wait for something to say, say it, and wait until it has gone out."""
        await self._due.wait()
        self._due.clear()
        if self._events:
            writer.write(Message(events=tuple(self._events)).line())
        for line in (self._picture, self._report, *self._polled.values()):
            if line is not None:
                writer.write(line)
        self._picture = self._report = None
        self._polled.clear()
        self._events.clear()
        await writer.drain()
