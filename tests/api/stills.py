"""Pictures of the example office held in memory, one for every state a reader may meet; a real `Pictures` for tests."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path

from api.picture import Exchanges, Picture
from inventory.load import load
from inventory.model import Office
from inventory.sentence import say
from monitor.expected import unwatched as blank
from monitor.results import (
    DeviceReading,
    Event,
    LinkReading,
    ProbeExchange,
    ProbeKind,
    Reason,
    State,
    TunnelReading,
    Watched,
)
from monitor.snmp.expected import expected_polls, unpolled
from tests.api import readings
from tests.api.reports import report
from tests.monitor.snmp import sights

__all__ = [
    "AT",
    "Stills",
    "broken",
    "cut_off",
    "every",
    "maintained",
    "office",
    "silent",
    "storeless",
    "unchecked",
    "unsure",
    "unwatched",
    "unwell",
    "well",
]

AT = readings.AT

_EXAMPLE = Path(__file__).parents[2] / "inventory/examples/pila"


@cache
def office() -> Office:
    """The example office as it is shipped."""
    return load(_EXAMPLE, AT.date()).require()


def well() -> Picture:
    """Everything is up; the check found nothing to complain about, and could not decide some of it."""
    return _picture(readings.watched(), failed=False)


def broken() -> Picture:
    """A building is cut off, the central platform too; the check has findings of every result."""
    down = {"k-b": (State.DOWN, Reason.FAR_END_SILENT), "k-platform": (State.DOWN, Reason.NO_SA)}
    devices = {"gw-b": (State.DOWN, Reason.UNREACHABLE)}
    links = {"b-isp1": (State.UNKNOWN, Reason.UNREACHABLE)}
    return _picture(readings.watched(down, links, devices), failed=True)


def cut_off() -> Picture:
    """The hub's line has no carrier: every tunnel is down."""
    down = dict.fromkeys(("k-b", "k-c", "k-platform"), (State.DOWN, Reason.NO_ANSWER))
    links = {"k-isp1": (State.DOWN, Reason.NO_CARRIER), "b-isp1": _UNREACHED, "c-isp1": _UNREACHED}
    devices = {"gw-b": (State.DOWN, Reason.UNREACHABLE), "gw-c": (State.DOWN, Reason.UNREACHABLE)}
    return _picture(readings.watched(down, links, devices), failed=False)


def unsure() -> Picture:
    """Nothing is down, but a gateway refuses fosa and a tunnel cannot be judged."""
    tunnels = {"k-c": (State.UNKNOWN, Reason.STALE)}
    devices = {"gw-c": (State.DOWN, Reason.REFUSED)}
    return _picture(readings.watched(tunnels, {"c-isp1": (State.UNKNOWN, Reason.REFUSED)}, devices), failed=False)


def silent() -> Picture:
    """The watch was heard of twelve seconds ago: everything has become unknown since."""
    stale = (State.UNKNOWN, Reason.STALE)
    watched = readings.watched(
        dict.fromkeys(readings.TUNNELS, stale),
        dict.fromkeys(readings.LINKS, stale),
        dict.fromkeys(readings.GATEWAYS, stale),
    )
    return replace(_picture(watched, failed=False), silent_s=12.4)


def unwatched() -> Picture:
    """No watch was ever heard of, nothing was ever checked."""
    never = (State.UNKNOWN, Reason.NOT_READ_YET)
    watched = readings.watched(
        dict.fromkeys(readings.TUNNELS, never),
        dict.fromkeys(readings.LINKS, never),
        dict.fromkeys(readings.GATEWAYS, never),
    )
    return replace(_picture(watched, failed=False), silent_s=None, report=None, events=())


def unchecked() -> Picture:
    """Everything is up, nothing has been checked yet."""
    return replace(well(), report=None)


def storeless() -> Picture:
    """The store cannot be read, and the watch says that it cannot write it."""
    picture = well()
    watched = picture.watched.model_copy(update={"problems": ("store: database is locked",)})
    return replace(picture, watched=watched, store_problem="the store /var/lib/fosa/store/fosa.db is locked")


def maintained() -> Picture:
    """Somebody works on the office's network, and has said so."""
    return replace(broken(), maintenance="exchange of the switch in Budynek drugi")


def unwell() -> Picture:
    """Tunnels work; a switch is silent with what stands behind it, devices name faults, and probes find some."""
    picture = well()
    found = {
        ProbeKind.TLS: (State.DOWN, say("the certificate of {host} has expired", host="ws.mpips.gov.pl")),
        ProbeKind.DNS: (State.DEGRADED, say("other addresses than those written down")),
        ProbeKind.TCP: (State.UP, say("connects")),
        ProbeKind.NTP: (State.UP, say("the clock is right")),
    }
    probes = tuple(
        probe.model_copy(update={"state": found[probe.kind][0], "cause": found[probe.kind][1], "age_s": 2.0})
        if probe.kind in found
        else probe
        for probe in blank(office(), AT).probes
    )
    polled = {poll.device: unpolled(poll, AT) for poll in expected_polls(office())}
    polled |= {name: sights.silent(name) for name in ("sw-b-2", "sw-b-3", "prn-b-01")}
    polled["sw-k-1"] = sights.polled("sw-k-1", sights.switch(24))
    polled["sw-k-2"] = sights.polled("sw-k-2", sights.switch(24, "1/1/"))
    polled["prn-k-01"] = sights.polled("prn-k-01", sights.printer(0.0, 0.4), State.DEGRADED, "used up: Toner")
    polled["ups-k"] = sights.polled("ups-k", sights.ups(), State.DEGRADED, "runs on battery")
    watched = picture.watched.model_copy(update={"probes": probes})
    lately = {"since": AT - dt.timedelta(hours=2), "at": AT - dt.timedelta(seconds=10)}
    polled = {name: each if each.at is None else each.model_copy(update=lately) for name, each in polled.items()}
    event = Event(
        at=AT,
        subject="device:ups-k",
        before=State.UP,
        after=State.DEGRADED,
        reason=Reason.TOLD,
        cause=say("runs on battery"),
    )
    return replace(picture, watched=watched, polled=polled, events=(event, *picture.events))


def every() -> dict[str, Picture]:
    """All of them by name."""
    made = (well, broken, cut_off, unsure, silent, unwatched, unchecked, storeless, maintained, unwell)
    return {make.__name__: make() for make in made}


_UNREACHED = (State.UNKNOWN, Reason.UNREACHABLE)


def _picture(watched: Watched, *, failed: bool) -> Picture:
    return Picture(
        office=office(),
        at=AT,
        watched=watched,
        silent_s=0.4,
        report=report(failed=failed),
        events=_events(watched),
        store_problem="",
        maintenance="",
    )


def _events(watched: Watched) -> tuple[Event, ...]:
    """One for everything that is not up now, and an old one that is over."""
    readings_by_subject: dict[str, TunnelReading | LinkReading | DeviceReading] = {
        **{f"tunnel:{tunnel.tunnel}": tunnel for tunnel in watched.tunnels},
        **{f"link:{link.link}": link for link in watched.links},
        **{f"device:{device.device}": device for device in watched.devices},
    }
    now = [
        Event(at=reading.since, subject=subject, before=State.UP, after=reading.state, reason=reading.reason)
        for subject, reading in readings_by_subject.items()
        if reading.state is not State.UP
    ]
    began = watched.began
    over = Event(at=began, subject="end:k-b/gw-k", before=State.UNKNOWN, after=State.UP, reason=Reason.PROVEN)
    return (*sorted(now, key=lambda event: event.at, reverse=True), over)


class Stills:
    """Pictures somebody puts in; each one put wakes whoever waits for a newer one."""

    def __init__(self, picture: Picture | None = None) -> None:
        self.picture = picture or well()
        self.number = 1
        self._put = asyncio.Event()

    def put(self, picture: Picture) -> None:
        """Show another picture from now on. From the event loop of the readers."""
        self.picture, self.number = picture, self.number + 1
        self._put.set()
        self._put = asyncio.Event()

    def now(self) -> Picture:
        """What was put in last."""
        return self.picture

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait for a newer one than number `seen`."""
        put = self._put
        if self.number <= seen:
            try:
                await asyncio.wait_for(put.wait(), timeout_s)
            except TimeoutError:
                return self.number
        return self.number

    async def exchanges(self, probe: str) -> Exchanges | None:
        """Twenty answered probes and a lost one, for every probe there is."""
        if probe not in {tunnel.probe.name for tunnel in self.picture.watched.tunnels if tunnel.probe is not None}:
            return None
        well_done = tuple(_exchange(number, "") for number in range(20))
        return Exchanges(last=well_done, failures=(_exchange(40, "no answer within 200 ms"),))


def _exchange(number: int, problem: str) -> ProbeExchange:
    return ProbeExchange(
        at=AT - dt.timedelta(milliseconds=100 * number),
        sent=f"echo request, id 4711, seq {number}, 32 bytes",
        received="" if problem else f"echo reply, id 4711, seq {number}, 32 bytes",
        seconds=None if problem else 0.0021,
        problem=problem,
    )
