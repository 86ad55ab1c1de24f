"""What is watched, as rows for a terminal: the same text in the live table and in plain lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inventory.words import gettext as _
from monitor import words
from monitor.results import (
    DeviceReading,
    EndReading,
    Event,
    LinkReading,
    ProbeReading,
    ProbeResult,
    State,
    TunnelReading,
    Watched,
)

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table

__all__ = ["STYLES", "event_line", "rows", "table"]

STYLES = {State.UP: "green", State.DEGRADED: "yellow", State.DOWN: "bold red", State.UNKNOWN: "yellow"}
_ORDER = (State.DOWN, State.DEGRADED, State.UNKNOWN, State.UP)
_Row = tuple[State, tuple[str, ...]]


def rows(watched: Watched) -> Iterator[tuple[State, str]]:
    """One line for each tunnel, link and device, then one for everything that is wrong."""
    things = [*map(_tunnel, watched.tunnels), *map(_link, watched.links), *map(_device, watched.devices)]
    things += map(_asked, _worst_first(watched.probes))
    width = max((len(cells[0]) for _state, cells in things), default=0)
    for state, (name, *cells) in things:
        yield state, "  ".join([name.ljust(width), *filter(None, cells)])
    wrong = [words.difference(one) for tunnel in watched.tunnels for one in tunnel.differences]
    for line in (*wrong, *watched.problems):
        yield State.UNKNOWN, line


def event_line(event: Event, zone: ZoneInfo) -> str:
    """What changed, when, and why."""
    return _("{time}  {subject}: {before} -> {after} ({reason})").format(
        time=event.at.astimezone(zone).strftime("%H:%M:%S"),
        subject=words.subject(event.subject),
        before=words.state(event.before),
        after=words.state(event.after),
        reason=words.why(event),
    )


def table(watched: Watched, events: tuple[str, ...], zone: ZoneInfo) -> Group:
    """The live picture: tables one below the other, and the last events."""
    from rich.console import Group
    from rich.text import Text

    tunnels = (_("Tunnel"), _("State"), _("Since"), _("Why"), _("Ends"), _("Probe"), _("Traffic in/out"))
    plain = (_("Device"), _("State"), _("Since"), _("Why"))
    parts: list[RenderableType] = [
        Text(_("{office}, {time}").format(office=watched.office, time=_clock(watched.at, zone)), style="bold"),
        _grid(tunnels, [(state, _timed(cells, row.since, zone)) for row, (state, cells) in _paired(watched)]),
        _grid((_("Link"), *plain[1:]), [(row.state, _timed(_link(row)[1], row.since, zone)) for row in watched.links]),
        _grid(plain, [(row.state, _timed(_device(row)[1], row.since, zone)) for row in watched.devices]),
        _grid(
            (_("Probe"), *plain[1:]),
            [(row.state, _timed(_asked(row)[1], row.since, zone)) for row in _worst_first(watched.probes)],
        ),
    ]
    wrong = [words.difference(one) for tunnel in watched.tunnels for one in tunnel.differences]
    parts += [Text(line, style="yellow") for line in (*wrong, *watched.problems)]
    parts += [Text(line, style="dim") for line in events]
    return Group(*parts)


def _paired(watched: Watched) -> Iterator[tuple[TunnelReading, _Row]]:
    return ((tunnel, _tunnel(tunnel)) for tunnel in watched.tunnels)


def _timed(cells: tuple[str, ...], since: dt.datetime, zone: ZoneInfo) -> tuple[str, ...]:
    return (*cells[:2], _clock(since, zone), *cells[2:])


def _grid(heads: tuple[str, ...], lines: list[_Row]) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    grid = Table(*heads, box=SIMPLE_HEAD, pad_edge=False)
    for state, (name, word, *rest) in lines:
        grid.add_row(Text(name), Text(word, style=STYLES[state]), *map(Text, rest))
    return grid


def _tunnel(tunnel: TunnelReading) -> _Row:
    ends = ", ".join(map(_end, tunnel.ends))
    cells = (
        tunnel.tunnel,
        words.state(tunnel.state),
        words.reason(tunnel.reason),
        ends,
        _probe(tunnel.probe),
        _traffic(tunnel),
    )
    return tunnel.state, cells


def _end(end: EndReading) -> str:
    if end.state is State.UNKNOWN:
        return _("{device} {state} ({reason})").format(
            device=end.device, state=words.state(end.state), reason=words.reason(end.reason)
        )
    return _("{device} {state}").format(device=end.device, state=words.state(end.state))


def _probe(probe: ProbeReading | None) -> str:
    if probe is None or not probe.sent:
        return ""
    lost = _("{percent} % lost").format(percent=f"{100 * probe.lost / probe.sent:.0f}")
    if probe.rtt_s is None:
        return lost
    return _("{lost}, {rtt} ms").format(lost=lost, rtt=f"{1000 * probe.rtt_s:.1f}")


def _traffic(tunnel: TunnelReading) -> str:
    """As its first end that can tell counts it."""
    sa = next((end.sa for end in tunnel.ends if end.sa is not None), None)
    return "" if sa is None else f"{_bytes(sa.received_bytes)}/{_bytes(sa.sent_bytes)}"


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.0f} TB"


def _link(link: LinkReading) -> _Row:
    place = _("{kind} {link}").format(kind=words.kind(link.kind), link=link.link)
    return link.state, (place, words.state(link.state), words.reason(link.reason))


def _device(device: DeviceReading) -> _Row:
    return device.state, (device.device, words.state(device.state), words.reason(device.reason))


def _worst_first(probes: Sequence[ProbeResult]) -> list[ProbeResult]:
    """Those that speak of one thing together, in the inventory's order; before all, those that found something."""
    order = list(dict.fromkeys(probe.subject for probe in probes))
    return sorted(probes, key=lambda probe: (_ORDER.index(probe.state), order.index(probe.subject)))


def _asked(probe: ProbeResult) -> _Row:
    return probe.state, (probe.name, words.state(probe.state), str(probe.cause))


def _clock(at: dt.datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M:%S")
