"""The watch of one office: follows its gateways, probes its tunnels, and tells of each change and once a second."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from inventory.errors import DriverError, SecretError
from inventory.model import Office
from inventory.pairs import seat
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from monitor.echo.echoes import Echoes
from monitor.expected import Expected, expected, unwatched
from monitor.explained import Explaining
from monitor.gateways import Follower
from monitor.holders import seen_to_hold
from monitor.judge import Moment, Readings, events, judge
from monitor.leak.gateway import listening
from monitor.noting import seen_to_ask
from monitor.peers import seen_from_afar
from monitor.probes.base import Outcome, Secrets
from monitor.probes.pair import Two, judge_pair
from monitor.probes.rounds import ExpectedProbe, Rounds, Ways, probe_secrets
from monitor.readings import FRESH_S, GatewayReading
from monitor.refused import refused
from monitor.results import Event, ProbeExchange, ProbeKind, Reason, State, Watched
from monitor.snmp.expected import poll_secrets
from monitor.snmp.model import Polled
from monitor.snmp.polling import Polling, Told, Wanted

if TYPE_CHECKING:
    import asyncssh

    from inventory.model import Login

__all__ = ["ROUND_S", "WAYS", "Keys", "Listener", "Watch", "read_keys"]

WAYS: Mapping[ProbeKind, Callable[..., Awaitable[Outcome]]] = {
    ProbeKind.LEAK: listening,
    ProbeKind.PUBLIC_ADDRESS: seen_from_afar,
    ProbeKind.DUTY: seen_to_ask,
    ProbeKind.CERTIFICATE: seen_to_hold,
}
"""Probes that are asked over the read accounts of gateways; `lent`: by connections that stand already."""
ROUND_S = 1.0
"""A picture is told at least this often."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the read accounts prove themselves with, and why there is none of the others."""

    texts: Mapping[str, str]
    """Of gateways, by device."""
    problems: tuple[str, ...] = ()
    switches: Mapping[str, str] = field(default_factory=dict)
    """What switches are read with, by reference; not for the watch itself, but for the check."""
    probes: Secrets = field(default_factory=dict)
    """What probes prove themselves with, by reference."""
    snmp: Secrets = field(default_factory=dict)
    """What devices are polled with, by reference; each device says itself what is missing."""

    def __repr__(self) -> str:
        return f"Keys({', '.join((*self.texts, *self.switches, *self.probes, *self.snmp))})"


def read_keys(office: Office, secrets: SecretStore) -> Keys:
    """Read what a watch needs, once: afterwards its process may give up the right to read secrets."""
    texts: dict[str, str] = {}
    problems = []
    for device in office.gateways:
        access = office.access_to(device.name)
        if access is None:
            problems.append(_("the inventory does not say how to reach {device}").format(device=device.name))
            continue
        try:
            texts[device.name] = secrets.get(access.read.key).get_secret_value()
        except SecretError as error:
            problems.append(str(error))
    switches = _read({ref for device in office.switches for ref in office.read_with(device)}, secrets, problems)
    probes = _read(probe_secrets(office), secrets, problems)
    snmp = _read(poll_secrets(office), secrets, [])
    return Keys(texts, tuple(problems), switches, probes, snmp)


def _read(refs: Iterable[str], secrets: SecretStore, problems: list[str]) -> dict[str, str]:
    found = {}
    for ref in sorted(refs):
        try:
            found[ref] = secrets.get(ref).get_secret_value()
        except SecretError as error:
            problems.append(str(error))
    return found


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom a watch tells. Called on its event loop: must not block."""

    on_picture: Callable[[Watched], None] = lambda _watched: None
    on_events: Callable[[tuple[Event, ...]], None] = lambda _events: None
    on_polled: Callable[[Polled], None] | None = None
    """Whom polls by SNMP are told, one device at a time; nothing is polled for nobody."""


class Watch:
    """Watches until cancelled. Holds no credential but the keys it was given, and writes nowhere."""

    def __init__(
        self,
        office: Office,
        keys: Keys,
        listener: Listener = Listener(),
        wanted: Callable[[ExpectedProbe], bool] = lambda _probe: True,
    ) -> None:
        """`wanted`: the probes to be asked; the others are not in its pictures."""
        self._office = office
        whole = expected(office)
        self._expected: Expected = replace(whole, probes=tuple(filter(wanted, whole.probes)))
        self._listener = listener
        self._changed = asyncio.Event()
        self._problems = list(keys.problems)
        self._picture = unwatched(office, _now())
        self._explaining, self._silent = Explaining.of(office), set[str]()
        """What needs what, and which polled devices do not answer."""
        targets = {tunnel.name: tunnel.target for tunnel in self._expected.tunnels if tunnel.target is not None}
        self._echoes = Echoes(targets, self._changed.set)
        ways: Ways = {kind: partial(way, lent=self._lent) for kind, way in WAYS.items()} | {ProbeKind.PAIR: self._pair}
        self._rounds = Rounds(self._expected.probes, keys.probes, self._changed.set, ways)
        self._followers = self._follow(keys)
        self._polling = self._polls(keys)

    def prepare(self) -> None:
        """Open what needs privileges. Where that fails the watch goes on without, and says so in its pictures."""
        polling = [self._polling.prepare] if self._polling is not None else []
        for prepare in (self._echoes.prepare, self._rounds.prepare, *polling):
            try:
                prepare()
            except DriverError as error:
                if str(error) not in self._problems:
                    self._problems.append(str(error))

    async def run(self) -> None:
        """Watch, and tell the listener, until cancelled."""
        self.prepare()
        tasks = [asyncio.create_task(follower.run()) for follower in self._followers.values()]
        tasks += [asyncio.create_task(part) for part in (self._echo(), self._ask(), self._judge(), self._poll())]
        try:
            # None of them ends by itself: the first that does has met a fault of ours, which is raised here.
            done, _rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def picture(self) -> Watched:
        """The last picture."""
        return self._picture

    def exchanges(self, probe: str) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]] | None:
        """The last exchanges of a probe and the last that failed, newest first; None when there is no such probe."""
        return self._echoes.exchanges(probe) or self._rounds.exchanges(probe)

    def _follow(self, keys: Keys) -> dict[str, Follower]:
        followers = {}
        for device, key in keys.texts.items():
            access = self._office.access_to(device)
            if access is not None:
                names = [tunnel.name for tunnel in self._office.tunnels_of(seat(self._office, device))]
                followers[device] = Follower(device, access.read, key, names, self._changed.set)
        return followers

    def _lent(self, login: Login) -> asyncssh.SSHClientConnection | None:
        """Gateways are followed anyway: to make a connection takes this side some 25 ms of its processor."""
        followers = (follower for follower in self._followers.values() if follower.login == login)
        return next((follower.connection for follower in followers), None)

    async def _pair(self, two: Two, _secrets: Secrets) -> Outcome:
        """What followed gateways have said of themselves just now."""
        readings = {name: self._followers[name].reading for name in (two.first, two.standby) if name in self._followers}
        now = time.monotonic()
        fresh = {
            name: reading
            for name, reading in readings.items()
            if reading.links_reason is Reason.PROVEN and now - (reading.links_at or 0.0) <= FRESH_S
        }
        return judge_pair(two, fresh)

    async def _echo(self) -> None:
        # What keeps it from probing `prepare` has said.
        with contextlib.suppress(DriverError):
            await self._echoes.run()
        await asyncio.Event().wait()

    async def _ask(self) -> None:
        await self._rounds.run()
        await asyncio.Event().wait()  # An office may have no such probe.

    async def _poll(self) -> None:
        if self._polling is not None:
            await self._polling.run()
        await asyncio.Event().wait()  # An office may have nothing to poll.

    def _polls(self, keys: Keys) -> Polling | None:
        if self._listener.on_polled is None:
            return None
        polls, traps = self._expected.polls, self._office.network.snmp.traps
        told = Told(self._hear, self._say)
        wanted = Wanted(polls, keys.snmp, self._expected.devices, traps)
        return Polling(wanted, told, self._works)

    def _hear(self, polled: Polled) -> None:
        """Whether it answers counts for what stands behind it."""
        if polled.state is State.DOWN and polled.device not in self._expected.devices:
            self._silent.add(polled.device)
        else:
            self._silent.discard(polled.device)
        if self._listener.on_polled is not None:
            self._listener.on_polled(polled)

    def _say(self, happened: tuple[Event, ...]) -> None:
        """Tell events, each with what it follows from, as far as that is known by now."""
        explained = self._explaining.explained(self._picture, self._silent)
        self._listener.on_events(self._explaining.told(happened, explained))

    def _works(self, tunnel: str) -> bool:
        return any(reading.tunnel == tunnel and reading.state.works for reading in self._picture.tunnels)

    async def _judge(self) -> None:
        while True:
            self._changed.clear()
            self._round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await self._changed.wait()

    def _round(self) -> None:
        before = self._picture
        judged = judge(self._expected, self._readings(), Moment(time.monotonic(), _now()), before)
        traps = before.traps if self._polling is None else self._polling.counts
        self._picture = judged.model_copy(update={"traps": traps, "refused": refused()})
        happened = events(before, self._picture)
        if happened:
            self._poke(happened)
            self._say(happened)
        self._listener.on_picture(self._picture)

    def _poke(self, happened: tuple[Event, ...]) -> None:
        """A tunnel that is up again leads to gateways that could not be reached through it."""
        risen = {event.subject for event in happened if event.after.works}
        for tunnel in self._expected.tunnels:
            if f"tunnel:{tunnel.name}" in risen:
                for device in tunnel.ends:
                    if device in self._followers:
                        self._followers[device].poke()
                if self._polling is not None:
                    self._polling.poke_behind(tunnel.name)

    def _readings(self) -> Readings:
        unreachable = {
            name: GatewayReading(
                name, reason=Reason.UNREACHABLE, sas_reason=Reason.UNREACHABLE, links_reason=Reason.UNREACHABLE
            )
            for name in self._expected.devices
            if name not in self._followers
        }
        followed = {name: follower.reading for name, follower in self._followers.items()}
        problems = [follower.problem for follower in self._followers.values() if follower.problem]
        return Readings(
            unreachable | followed, self._echoes.readings(), self._rounds.results(), (*self._problems, *problems)
        )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
