"""Everything read once: for scripts, and for a check that wants to know what is happening."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from inventory.model import Office
from monitor.echo.echoes import Echoes
from monitor.probes.base import Outcome
from monitor.probes.pair import Two
from monitor.probes.rounds import ExpectedProbe, ask_once
from monitor.results import ProbeExchange, ProbeReading, Reason, State, Watched
from monitor.watch import WAYS, Keys, Listener, Watch

__all__ = ["PATIENCE_S", "all_read", "ask_probe", "probe_tunnel", "read_channels", "read_once"]

PATIENCE_S = 5.0
"""So long what does not come is waited for."""
_ECHOES_S = 3.0
_CHANNELS_S = 30.0
"""The same of platforms: some answer slowly, and the first questions are spread over seconds."""


def read_once(office: Office, keys: Keys, patience_s: float = PATIENCE_S) -> Watched:
    """Watch until each thing has been read, or is known not to be readable; what has not then stays unknown."""
    return asyncio.run(_read(office, keys, patience_s, _Look(all_read, lambda _probe: True))).picture()


def read_channels(office: Office, keys: Keys, names: Collection[str]) -> Watched:
    """Look at the ways to platforms once: each of their probes is asked, and no other."""
    subjects = {f"channel:{name}" for name in names}

    def is_done(watched: Watched) -> bool:
        return all_read(watched) and all(probe.age_s is not None for probe in watched.probes)

    look = _Look(is_done, lambda probe: probe.target.subject in subjects)
    return asyncio.run(_read(office, keys, _CHANNELS_S, look)).picture()


def all_read(watched: Watched) -> bool:
    """Whether nothing is left that has not been read yet."""
    probes = [tunnel.probe.reason for tunnel in watched.tunnels if tunnel.probe is not None]
    ends = [end.reason for tunnel in watched.tunnels for end in tunnel.ends]
    others = [*(link.reason for link in watched.links), *(device.reason for device in watched.devices)]
    return Reason.NOT_READ_YET not in {*probes, *ends, *others}


def ask_probe(office: Office, probe: ExpectedProbe, keys: Keys) -> Outcome:
    """Ask one probe as the watch would. Raises DriverError where it needs a privilege that is missing."""
    if isinstance(probe.target, Two):
        return _heard_of(office, probe, probe.target, keys)
    return asyncio.run(ask_once(probe, keys.probes, WAYS))


def _heard_of(office: Office, probe: ExpectedProbe, two: Two, keys: Keys) -> Outcome:
    """Nobody is asked of a pair: both are followed, until all is well or they have had the time to say so."""
    both = {name: key for name, key in keys.texts.items() if name in (two.first, two.standby)}

    def is_well(watched: Watched) -> bool:
        return any(each.state is State.UP for each in watched.probes)

    look = _Look(is_well, lambda each: each.name == probe.name)
    watch = asyncio.run(_read(office, replace(keys, texts=both), PATIENCE_S, look))
    [found] = watch.picture().probes
    exchanges = watch.exchanges(probe.name)
    received = exchanges[0][0].received if exchanges and exchanges[0] else ""
    return Outcome(state=found.state, cause=found.cause, sent=two.where, received=received, measured=found.measured)


def probe_tunnel(name: str, target: IPv4Address) -> tuple[ProbeReading, Sequence[ProbeExchange]]:
    """Send echo requests through a tunnel for three seconds; what came of them, and each, the newest first.

    Raises DriverError where no raw socket can be had.
    """
    return asyncio.run(_echoed(Echoes({name: target}, lambda: None), name))


async def _echoed(echoes: Echoes, name: str) -> tuple[ProbeReading, Sequence[ProbeExchange]]:
    echoes.prepare()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ECHOES_S):
            await echoes.run()
    found = echoes.exchanges(name)
    return echoes.readings()[name], () if found is None else found[0]


@dataclass(frozen=True, slots=True)
class _Look:
    is_done: Callable[[Watched], bool]
    wanted: Callable[[ExpectedProbe], bool]


async def _read(office: Office, keys: Keys, patience_s: float, look: _Look) -> Watch:
    done = asyncio.Event()

    def heard(watched: Watched) -> None:
        if look.is_done(watched):
            done.set()

    watch = Watch(office, keys, Listener(on_picture=heard), look.wanted)
    running = asyncio.create_task(watch.run())
    waiting = asyncio.create_task(done.wait())
    try:
        await asyncio.wait({running, waiting}, timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        for task in (running, waiting):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(running, waiting, return_exceptions=True)
    return watch
