"""What the edge has heard: pictures from the watch, and from the store while the watch is not there."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Iterable
from contextlib import suppress

from api.picture import Exchanges, Picture
from api.serve.fit import fitted
from api.serve.follower import LinkError, exchanges, follow
from api.serve.message import Message
from api.serve.place import Place
from api.serve.shelf import EVENTS, Kept, Shelf
from api.serve.word import reason_of
from api.tally import Tallies
from inventory.model import Office
from monitor.ageing import aged
from monitor.compliance.model import Report
from monitor.expected import unwatched
from monitor.results import Event, Watched
from monitor.snmp.ageing import Polls
from monitor.snmp.expected import expected_polls, unpolled
from monitor.snmp.model import Polled
from monitor.snmp.texts import DeviceTexts

__all__ = ["Heard"]

_SILENCE_S = 2.0
"""A watch speaks every second. After this long, its silence is news by itself."""

_AGAIN_S = 0.2
_TICK_S = 1.0
_LOOK_S, _LOOK_AGAIN_S = 5.0, 1.0
_MEMORY_S = 10.0
"""What the store kept is a memory and proves nothing of now, whatever the clock says: it counts as at least so old."""


class Heard:
    """Implements `api.picture.Pictures`. `run` must be running for anything to be heard."""

    def __init__(self, office: Office, place: Place, shelf: Shelf) -> None:
        self._office, self._place, self._shelf = office, place, shelf
        self._blank = unwatched(office, dt.datetime.now(dt.UTC))
        self._watched: Watched | None = None
        self._heard_at = 0.0
        """On the monotonic clock: when `_watched` was made."""
        blanks = [unpolled(poll, self._blank.at) for poll in expected_polls(office)]
        self._polls, self._texts = Polls(blanks), DeviceTexts(office, blanks)
        self._report: Report | None = None
        self._events: tuple[Event, ...] = ()
        self._writing_problem = self._reading_problem = self._maintenance = ""
        self._tallies = Tallies(place.tally)
        self._following = False
        self._number = 0
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Follow the watch, look into the store and for the word of maintenance, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow())
            tasks.create_task(self._tick())
            tasks.create_task(self._look_up())

    def now(self) -> Picture:
        """The picture of this moment."""
        at = dt.datetime.now(dt.UTC)
        silent = None if self._watched is None else max(0.0, time.monotonic() - self._heard_at)
        watched = (
            self._blank.model_copy(update={"began": at, "at": at})
            if self._watched is None
            else aged(self._watched, silent or 0.0)
        )
        return Picture(
            office=self._office,
            at=at,
            watched=watched,
            silent_s=silent,
            report=self._report,
            events=self._events,
            store_problem=self._reading_problem or self._writing_problem,
            maintenance=self._maintenance,
            polled=self._polls.at(at, silent or 0.0),
            texts=self._texts,
            tally=self._tallies.now(at),
        )

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait until there is a newer picture than number `seen`, or the time is over; the newest number."""
        if self._number <= seen:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._news.wait()
        return self._number

    async def exchanges(self, probe: str) -> Exchanges | None:
        """The exchanges of a probe; None when there is no such probe, or the watch does not answer."""
        return await exchanges(self._place.socket, probe)

    async def _follow(self) -> None:
        while True:
            with suppress(LinkError):
                async for message in follow(self._place.socket):
                    self._hear(message)
            self._following = False
            await asyncio.sleep(_AGAIN_S)

    def _hear(self, message: Message) -> None:
        self._following = True
        if message.watched is not None:
            # What lay waiting while this process stood still is as old as it is; a clock cannot run ahead of ours.
            self._watched = fitted(message.watched, self._blank)
            self._heard_at = min(message.said_at, time.monotonic())
            self._writing_problem = message.store_problem
        self._report = message.report or self._report
        self._hear_polled(message.polled)
        self._remember(reversed(message.events))
        self._tell()

    def _hear_polled(self, polled: Iterable[Polled]) -> None:
        """The newest of each device that we expect; the watch may have read another inventory than we."""
        for one in polled:
            known = self._polls.get(one.device)
            if known is not None and (known.at is None or (one.at is not None and one.at >= known.at)):
                self._polls.put(one)
                self._texts.put(one)

    async def _tick(self) -> None:
        """The world changes also while nothing is heard: readings age, maintenance begins and ends."""
        while True:
            maintenance = reason_of(self._place.maintenance)
            silent = time.monotonic() - self._heard_at > _SILENCE_S
            if silent or maintenance != self._maintenance:
                self._maintenance = maintenance
                self._tell()
            await asyncio.sleep(_TICK_S)

    async def _look_up(self) -> None:
        whole = True
        while True:
            kept = await self._shelf.look(whole=whole)
            self._take(kept)
            await asyncio.sleep(_LOOK_AGAIN_S if kept.problem else _LOOK_S)
            whole = bool(kept.problem) or not self._following

    def _take(self, kept: Kept) -> None:
        """What the store says counts only where the watch itself has not been heard."""
        told = self._reading_problem != kept.problem
        self._reading_problem = kept.problem
        if not self._following:
            if kept.watched is not None and (self._watched is None or kept.watched.at > self._watched.at):
                age = (dt.datetime.now(dt.UTC) - kept.watched.at).total_seconds()
                self._watched = fitted(kept.watched, self._blank)
                self._heard_at = time.monotonic() - max(_MEMORY_S, age)
                told = True
            self._hear_polled(kept.polled)
            self._writing_problem = ""
        if kept.report is not None and (self._report is None or kept.report.made_at > self._report.made_at):
            self._report, told = kept.report, True
        before = self._events
        self._events = tuple(dict.fromkeys((*before, *kept.events)))[:EVENTS]
        if told or self._events != before:
            self._tell()

    def _remember(self, newest_first: Iterable[Event]) -> None:
        self._events = tuple(dict.fromkeys((*newest_first, *self._events)))[:EVENTS]

    def _tell(self) -> None:
        self._number += 1
        news, self._news = self._news, asyncio.Event()
        news.set()
