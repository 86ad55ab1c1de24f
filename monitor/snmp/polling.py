"""Polls and traps together, as the watch runs them: each poll is told, each change of a state is an event."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from inventory.errors import DriverError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.probes.base import Secrets
from monitor.results import Event, Reason, State, TrapCounts
from monitor.snmp.expected import ExpectedPoll
from monitor.snmp.model import Polled
from monitor.snmp.notices import Notice, NoticeKind
from monitor.snmp.poller import Poller, Works
from monitor.snmp.session import Keyring
from monitor.snmp.traps import PORT, Traps

__all__ = ["Polling", "Told", "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is polled, and what is told of it."""

    polls: Sequence[ExpectedPoll]
    secrets: Secrets
    followed: Collection[str] = ()
    """Devices whose state as `device:NAME` says something else; what polls find of them is `snmp:NAME`."""
    traps: bool = True
    port: int = PORT


@dataclass(frozen=True, slots=True)
class Told:
    """Whom polling tells, on the event loop. Must not block."""

    on_polled: Callable[[Polled], None]
    on_events: Callable[[tuple[Event, ...]], None]


class Polling:
    """Runs until cancelled."""

    def __init__(self, wanted: Wanted, told: Told, works: Works) -> None:
        self._wanted, self._told = wanted, told
        keys = Keyring(wanted.secrets)
        self._poller = Poller(wanted.polls, keys, self._polled, works)
        self._traps = Traps(wanted.polls, keys, self._noticed, wanted.port)

    def prepare(self) -> None:
        """Open what needs privileges. DriverError when it cannot be had; polling goes on without."""
        if self._wanted.traps and self._wanted.polls:
            self._traps.prepare()

    async def run(self) -> None:
        """Poll and receive until cancelled."""
        with contextlib.suppress(DriverError):  # what keeps it from receiving `prepare` has said
            self.prepare()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._poller.run())
                tasks.create_task(self._traps.run())
        finally:
            self._traps.close()

    @property
    def counts(self) -> TrapCounts:
        """Traps and informs so far."""
        return self._traps.counts

    def poke_behind(self, tunnel: str) -> None:
        """A tunnel works again: what stands behind it and did not answer is polled at once."""
        self._poller.poke_behind(tunnel)

    def _polled(self, before: Polled, polled: Polled) -> None:
        self._told.on_polled(polled)
        if polled.state is not before.state:
            self._tell(polled.device, (before.state, polled.state), polled.cause, polled.since)

    def _noticed(self, device: str, notice: Notice) -> None:
        """What it tells is told on; what is true of it the next poll finds, which is made at once."""
        polled = self._poller.polled_of(device)
        if notice.kind is not NoticeKind.OTHER:
            self._tell(device, (polled.state, polled.state), _said(notice, polled), dt.datetime.now(dt.UTC))
        self._poller.poke(device)

    def _tell(self, device: str, states: tuple[State, State], cause: Sentence, at: dt.datetime) -> None:
        kind = "snmp" if device in self._wanted.followed else "device"
        before, after = states
        event = Event(at=at, subject=f"{kind}:{device}", before=before, after=after, reason=Reason.TOLD, cause=cause)
        self._told.on_events((event,))


def _said(notice: Notice, polled: Polled) -> Sentence:
    match notice.kind:
        case NoticeKind.LINK_DOWN:
            return say(N_("tells: port {port} is down"), port=_port(notice, polled))
        case NoticeKind.LINK_UP:
            return say(N_("tells: port {port} is up"), port=_port(notice, polled))
        case NoticeKind.AUTHENTICATION_FAILURE:
            return say(N_("tells: somebody asked who could not prove himself"))
        case _:
            return say(N_("tells: it has been started"))


def _port(notice: Notice, polled: Polled) -> str:
    """By its name, where the last poll knows it."""
    ports = () if polled.figures is None else polled.figures.ports
    named = next((port.name for port in ports if port.index == notice.port), None)
    return named or ("?" if notice.port is None else str(notice.port))
