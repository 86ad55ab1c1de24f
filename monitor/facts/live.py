"""What is happening on a device right now, as far as rules need it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from monitor.results import EndReading, Watched

__all__ = ["LiveFacts", "LogConnection", "TimeReading", "TunnelEndReading", "live_facts"]


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


def live_facts(
    asset: str,
    watched: Watched | None,
    times: tuple[TimeReading, ...] | None,
    logs: tuple[LogConnection, ...] | None,
    read_at: dt.datetime,
) -> LiveFacts:
    """The readings of one device out of a picture of all, and what its status said."""
    ends = None
    if watched is not None:
        ends = tuple(
            TunnelEndReading(tunnel.tunnel, end)
            for tunnel in watched.tunnels
            for end in tunnel.ends
            if end.device == asset
        )
    return LiveFacts(asset, read_at, watched.at if watched is not None else None, ends, times, logs)
