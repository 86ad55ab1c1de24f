"""The watch of one office: follows its gateways, probes its tunnels, and tells of each change and once a second."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.errors import DriverError, SecretError
from inventory.model import Office
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from monitor.expected import Expected, expected, unwatched
from monitor.gateways import Follower
from monitor.judge import Moment, Readings, events, judge
from monitor.probes import PROBES
from monitor.readings import GatewayReading
from monitor.results import Event, ProbeExchange, Reason, State, Watched

__all__ = ["ROUND_S", "Keys", "Listener", "Watch", "read_keys"]

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

    def __repr__(self) -> str:
        return f"Keys({', '.join((*self.texts, *self.switches))})"


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
    switches = {}
    for ref in sorted({ref for device in office.switches for ref in office.read_with(device)}):
        try:
            switches[ref] = secrets.get(ref).get_secret_value()
        except SecretError as error:
            problems.append(str(error))
    return Keys(texts, tuple(problems), switches)


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom a watch tells. Called on its event loop: must not block."""

    on_picture: Callable[[Watched], None] = lambda _watched: None
    on_events: Callable[[tuple[Event, ...]], None] = lambda _events: None


class Watch:
    """Watches until cancelled. Holds no credential but the keys it was given, and writes nowhere."""

    def __init__(self, office: Office, keys: Keys, listener: Listener = Listener()) -> None:
        self._office = office
        self._expected: Expected = expected(office)
        self._listener = listener
        self._changed = asyncio.Event()
        self._problems = list(keys.problems)
        self._picture = unwatched(office, _now())
        targets = {tunnel.name: tunnel.target for tunnel in self._expected.tunnels if tunnel.target is not None}
        self._probes = PROBES["icmp"](targets, self._changed.set)
        self._followers = self._follow(keys)

    def prepare(self) -> None:
        """Open what needs privileges. Where that fails the watch goes on without, and says so in its pictures."""
        try:
            self._probes.prepare()
        except DriverError as error:
            if str(error) not in self._problems:
                self._problems.append(str(error))

    async def run(self) -> None:
        """Watch, and tell the listener, until cancelled."""
        self.prepare()
        tasks = [asyncio.create_task(follower.run()) for follower in self._followers.values()]
        tasks += [asyncio.create_task(self._probe()), asyncio.create_task(self._judge())]
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
        return self._probes.exchanges(probe)

    def _follow(self, keys: Keys) -> dict[str, Follower]:
        followers = {}
        for device, key in keys.texts.items():
            access = self._office.access_to(device)
            if access is not None:
                names = [tunnel.name for tunnel in self._office.tunnels_of(device)]
                followers[device] = Follower(device, access.read, key, names, self._changed.set)
        return followers

    async def _probe(self) -> None:
        # What keeps it from probing `prepare` has said.
        with contextlib.suppress(DriverError):
            await self._probes.run()
        await asyncio.Event().wait()

    async def _judge(self) -> None:
        while True:
            self._changed.clear()
            self._round()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ROUND_S):
                    await self._changed.wait()

    def _round(self) -> None:
        before = self._picture
        self._picture = judge(self._expected, self._readings(), Moment(time.monotonic(), _now()), before)
        happened = events(before, self._picture)
        if happened:
            self._poke(happened)
            self._listener.on_events(happened)
        self._listener.on_picture(self._picture)

    def _poke(self, happened: tuple[Event, ...]) -> None:
        """A tunnel that is up again leads to gateways that could not be reached through it."""
        risen = {event.subject for event in happened if event.after is State.UP}
        for tunnel in self._expected.tunnels:
            if f"tunnel:{tunnel.name}" in risen:
                for device in tunnel.ends:
                    if device in self._followers:
                        self._followers[device].poke()

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
        return Readings(unreachable | followed, self._probes.readings(), (*self._problems, *problems))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
