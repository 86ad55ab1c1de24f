"""Where `fosa watch` shows what it sees: a live table, plain lines, or JSON objects."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from api.cli.output import Output
from api.cli.rows import STYLES, event_line, rows, table
from monitor.once import all_read
from monitor.results import Event, Watched

if TYPE_CHECKING:
    from rich.live import Live

__all__ = ["Screen", "screen"]

_EVENTS = 8


class Screen(Protocol):
    """Shows a watch to whoever sits in front of it, until `close`."""

    def picture(self, watched: Watched) -> None:
        """There is a new picture."""
        ...

    def events(self, happened: tuple[Event, ...]) -> None:
        """States have changed; the picture comes right after."""
        ...

    def close(self) -> None:
        """It is over."""
        ...


def screen(zone: ZoneInfo, *, as_json: bool) -> Screen:
    """What fits: objects for programs, a live table on a terminal, lines anywhere else."""
    if as_json:
        return _Objects()
    return _Table(zone) if sys.stdout.isatty() else _Lines(zone)


class _Objects:
    """One JSON object a line."""

    def picture(self, watched: Watched) -> None:
        print(watched.model_dump_json(), flush=True)  # noqa: T201  Output prints a single object, this is a stream

    def events(self, happened: tuple[Event, ...]) -> None:
        """A program finds them by comparing."""

    def close(self) -> None:
        """Nothing is left open."""


class _Lines:
    """Everything once, when it has been read; from then on what changes."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone, self._output, self._begun = zone, Output(as_json=False), False

    def picture(self, watched: Watched) -> None:
        if not self._begun and all_read(watched):
            self._begun = True
            for state, line in rows(watched):
                self._output.line(line, STYLES[state])

    def events(self, happened: tuple[Event, ...]) -> None:
        for event in happened if self._begun else ():
            self._output.line(event_line(event, self._zone), STYLES[event.after])

    def close(self) -> None:
        """Nothing is left open."""


class _Table:
    """A table that is drawn anew with each picture, and the last events below it."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._events: deque[str] = deque(maxlen=_EVENTS)
        self._live: Live | None = None

    def picture(self, watched: Watched) -> None:
        self._opened().update(table(watched, tuple(self._events), self._zone), refresh=True)

    def events(self, happened: tuple[Event, ...]) -> None:
        self._events.extend(event_line(event, self._zone) for event in happened)

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()

    def _opened(self) -> Live:
        if self._live is None:
            from rich.live import Live

            self._live = Live(auto_refresh=False)
            self._live.start()
        return self._live
