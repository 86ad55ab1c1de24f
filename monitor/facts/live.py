"""What is happening on a device right now, as far as rules need it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.sentence import Sentence
from monitor.results import EndReading, ProbeKind, State, Watched

__all__ = [
    "DrillReading",
    "ListenedReading",
    "LiveFacts",
    "LogConnection",
    "TimeReading",
    "TunnelEndReading",
    "live_facts",
]


@dataclass(frozen=True, slots=True)
class TunnelEndReading:
    """A tunnel as one device sees it."""

    tunnel: str
    end: EndReading


@dataclass(frozen=True, slots=True)
class TimeReading:
    """A source of time as the device's clock daemon sees it."""

    source: str
    reachable: bool
    selected: bool
    offset_s: float | None


@dataclass(frozen=True, slots=True)
class LogConnection:
    """Whether a connection to a log server stands."""

    server: str
    port: int
    established: bool | None
    """None: that cannot be seen from the device."""


@dataclass(frozen=True, slots=True)
class DrillReading:
    """The last drill of a tunnel: it was taken down on purpose, and its ends listened on their lines."""

    tunnel: str
    at: dt.datetime
    passed: bool
    shown: str
    """What it has shown, in one line."""


@dataclass(frozen=True, slots=True)
class ListenedReading:
    """What listening on a line of the device has found last. UP: nothing in clear; DOWN: a leak."""

    line: str
    state: State
    cause: Sentence
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """Readings of one device. None: there is no reading, and rules say `unknown`."""

    asset: str
    read_at: dt.datetime
    """Of `times` and `logs`; UTC."""
    watched_at: dt.datetime | None
    """The moment of the tunnels' picture: their ages count from it. None without a watch."""
    tunnels: tuple[TunnelEndReading, ...] | None
    times: tuple[TimeReading, ...] | None
    logs: tuple[LogConnection, ...] | None
    drills: tuple[DrillReading, ...] = ()
    """Of the tunnels that end here; a tunnel without one has had none that is known of."""
    listened: tuple[ListenedReading, ...] = ()
    """Of its lines; none without a watch that listens."""


def live_facts(
    asset: str,
    watched: Watched | None,
    times: tuple[TimeReading, ...] | None,
    logs: tuple[LogConnection, ...] | None,
    read_at: dt.datetime,
) -> LiveFacts:
    """The readings of one device out of a picture of all, and what its status said."""
    if watched is None:
        return LiveFacts(asset, read_at, None, None, times, logs)
    ends = tuple(
        TunnelEndReading(tunnel.tunnel, end) for tunnel in watched.tunnels for end in tunnel.ends if end.device == asset
    )
    return LiveFacts(asset, read_at, watched.at, ends, times, logs, listened=tuple(_listened(asset, watched)))


def _listened(asset: str, watched: Watched) -> Iterator[ListenedReading]:
    for probe in watched.probes:
        if probe.kind is ProbeKind.LEAK and probe.name.startswith(f"{ProbeKind.LEAK}:{asset}/"):
            at = watched.at - dt.timedelta(seconds=probe.age_s or 0.0)
            yield ListenedReading(probe.name.partition("/")[2], probe.state, probe.cause, at)
