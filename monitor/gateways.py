"""Follows a gateway: one SSH connection, over it charon's events and lists, and the states of the interfaces."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.access import AccessError, Patience, Refusal, Stream, connect, open_stream
from monitor.errors import NonsenseError, SilenceError
from monitor.flaws import is_dead, is_one_way, is_silent
from monitor.links import lines, parse_line
from monitor.packets import Section
from monitor.readings import GatewayReading, OnChange
from monitor.results import Reason
from monitor.sas import Ledger
from monitor.vici import Vici

if TYPE_CHECKING:
    import asyncssh

    from inventory.model import Login

__all__ = ["Follower"]

_PATIENCE = Patience(connect=3.0, keepalive=1.0, keepalives=3)
_LIST_S = 0.7
"""Between two lists while nothing happens."""
_ASKED_S = 0.5
"""While an IKE request is unanswered: soon it may have been so for too long."""
_SETTLE_S = 0.2
"""After an event once more: charon tells of some before they are done."""
_SPACING_S = 0.02
"""However many events come, lists are not asked for faster than this."""
_OVERDUE_S, _OVERDUE_TIMES = 0.4, 8.0
"""An answer is overdue after so long, and after so many times what answers take on this way. Waiting goes on."""
_ANSWER_S = 2.5
_HEARTBEAT_S = 1.3
"""The gate tells of its interfaces at least every second. Whose charon is silent longer than this while the gate
speaks, has a silent charon; if the gate is silent too, the connection is lost."""
_CLOSE_S = 1.0
_PAUSES = {Reason.UNREACHABLE: 2.0, Reason.DAEMON_SILENT: 2.0}
_FIRST_PAUSE_S, _LAST_PAUSE_S = 0.2, 10.0
_REASONS = {
    Refusal.UNREACHABLE: Reason.UNREACHABLE,
    Refusal.HOST_KEY: Reason.REFUSED,
    Refusal.AUTHENTICATION: Reason.REFUSED,
}


class Follower:
    """One gateway. `reading` is what it has told so far; whatever goes wrong with it becomes a reading, too."""

    def __init__(self, device: str, login: Login, key: str, tunnels: Iterable[str], on_change: OnChange) -> None:
        """`key`: the text of the read account's private key. `on_change` hears of new states, not of every counter."""
        self.reading = GatewayReading(device)
        self.problem = ""
        """A fault of this program met at the last attempt, in words; empty when there was none."""
        self.login = login
        self.connection: asyncssh.SSHClientConnection | None = None
        """While it stands: others may open streams over it, too."""
        self._key = key
        self._ledger = Ledger(tunnels)
        self._on_change = on_change
        self._stirred = asyncio.Event()
        self._poked = asyncio.Event()
        self._usual_s = 0.0
        """What answers of this charon take, smoothed."""

    def poke(self) -> None:
        """Do not wait any longer to try again: something suggests that the way is open."""
        self._poked.set()

    async def run(self) -> None:
        """Follow until cancelled."""
        pauses = _Pauses()
        while True:
            begun = time.monotonic()
            reason = await self._attempt()
            self._note(reason=reason, sas_reason=reason, links_reason=reason)
            await self._pause(pauses.after(reason, time.monotonic() - begun))

    async def _attempt(self) -> Reason:
        try:
            await self._follow()
        except AccessError as error:
            return _REASONS[error.refusal]
        except Exception as error:  # noqa: BLE001  a fault met at one gateway must not end the watch of the others
            self.problem = f"{self.reading.device}: {type(error).__name__}: {error}"
        return Reason.NONSENSE

    async def _follow(self) -> None:
        """Until the connection is lost. Raises AccessError."""
        connection = self.connection = await connect(self.login, self._key, _PATIENCE)
        self.problem = ""
        try:
            self._note(reason=Reason.PROVEN, heard_at=time.monotonic())
            await _first(connection.wait_closed(), self._links(connection), self._charon(connection))
        finally:
            self.connection = None
            connection.abort()
        raise AccessError(Refusal.UNREACHABLE, "the connection was lost")

    async def _links(self, connection: asyncssh.SSHClientConnection) -> None:
        pauses = _Pauses()
        while True:
            begun = time.monotonic()
            stream = await open_stream(connection, self.login, "links")
            try:
                async with contextlib.aclosing(lines(stream)) as told:
                    async for line in told:
                        said, now = parse_line(line), time.monotonic()
                        news = {"links": said.links, "half": said.half, "links_at": now, "heard_at": now}
                        self._note(**news, links_reason=Reason.PROVEN)
            except NonsenseError:
                self._note(links_reason=Reason.NONSENSE)
            except SilenceError:
                # What it told last holds until it is stale: by then the gate may speak again.
                pass
            finally:
                await _close(stream)
            await self._pause(pauses.after(self.reading.links_reason, time.monotonic() - begun))

    async def _charon(self, connection: asyncssh.SSHClientConnection) -> None:
        pauses = _Pauses()
        while True:
            begun, last = time.monotonic(), self.reading.sas_at
            stream = await open_stream(connection, self.login, "vici")
            try:
                reason = await self._listen(stream)
            finally:
                await _close(stream)
            # Where it worked at first a relay may have ended, no more: what it listed last holds until it is stale.
            if reason is not Reason.DAEMON_SILENT or self.reading.sas_at == last:
                self._note(sas_reason=reason)
            await self._pause(pauses.after(reason, time.monotonic() - begun))

    async def _listen(self, stream: Stream) -> Reason:
        """Until charon ends it; why it did."""
        vici = Vici(stream, self._event)
        try:
            await _first(vici.pump(), self._list(vici))
        except NonsenseError:
            return Reason.NONSENSE
        except TimeoutError:
            if time.monotonic() - (self.reading.heard_at or 0.0) > _HEARTBEAT_S:
                raise AccessError(Refusal.UNREACHABLE, "nothing comes any more") from None
        except SilenceError:
            pass
        return Reason.DAEMON_SILENT

    async def _list(self, vici: Vici) -> None:
        async with asyncio.timeout(_ANSWER_S):
            await vici.begin()
        stirred = False
        while True:
            self._stirred.clear()
            async with asyncio.timeout(_ANSWER_S):
                listed = await self._in_time(vici)
            now = time.monotonic()
            sas = self._ledger.read(listed)
            self._note(sas=sas, sas_at=now, sas_reason=Reason.PROVEN, heard_at=now)
            await asyncio.sleep(_SPACING_S)
            calm_s = _ASKED_S if any(sa.unanswered_s for sa in sas.values()) else _LIST_S
            stirred = await _within(self._stirred, _SETTLE_S if stirred else calm_s)

    async def _in_time(self, vici: Vici) -> tuple[Section, ...]:
        """The list; once it is overdue, what was listed before is said to prove nothing."""
        loop = asyncio.get_running_loop()
        asked = time.monotonic()
        patience = max(_OVERDUE_S, _OVERDUE_TIMES * self._usual_s)
        overdue = loop.call_later(patience, lambda: self._note(sas_reason=Reason.OVERDUE))
        try:
            listed = await vici.list_sas()
        finally:
            overdue.cancel()
        self._usual_s += (time.monotonic() - asked - self._usual_s) / 8
        return listed

    def _event(self, name: str, message: Section) -> None:
        if name.endswith("-rekey"):
            self._ledger.rekeyed(name, message)
        self._stirred.set()

    def _note(self, **news: object) -> None:
        before, self.reading = self.reading, replace(self.reading, **news)  # type: ignore[arg-type]  # as its fields
        if _meaning(before) != _meaning(self.reading):
            self._on_change()

    async def _pause(self, seconds: float) -> None:
        self._poked.clear()
        await _within(self._poked, seconds)


class _Pauses:
    """Longer and longer between attempts that fail; from the beginning again after one that held."""

    def __init__(self) -> None:
        self._next = _FIRST_PAUSE_S

    def after(self, reason: Reason, lasted_s: float) -> float:
        """Seconds to wait; the time an attempt took counts as waited."""
        if lasted_s > _LAST_PAUSE_S:
            self._next = _FIRST_PAUSE_S
        pause = self._next
        self._next = min(2 * pause, _PAUSES.get(reason, _LAST_PAUSE_S))
        return max(_FIRST_PAUSE_S, pause - lasted_s)


def _meaning(reading: GatewayReading) -> tuple[object, ...]:
    """What of a reading can change a state; counters and ages cannot."""
    sas = {
        name: (sa.ike_state, sa.child_state, is_silent(sa), is_one_way(sa), is_dead(sa))
        for name, sa in reading.sas.items()
    }
    return reading.reason, reading.sas_reason, reading.links_reason, dict(reading.links), reading.half, sas


async def _first(*ways: Coroutine[object, object, None]) -> None:
    """Run all until one of them ends, and end the others; raises what it raised."""
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


async def _close(stream: Stream) -> None:
    """A gate that does not answer does not hold us up: its stream ends with the connection."""
    with contextlib.suppress(AccessError, TimeoutError):
        async with asyncio.timeout(_CLOSE_S):
            await stream.close()
