"""How a polled device stands: what its figures mean, and what its silence does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.results import State
from monitor.snmp.expected import ExpectedPoll, unpolled
from monitor.snmp.model import BatteryState, Figures, Polled, SupplyState

__all__ = ["Standing", "problems"]

_ERRORS = 10
"""So many errors between two polls are no longer chance."""
_SHOWN = 3
_PRINTER = {
    "noPaper": N_("no paper"),
    "noToner": N_("no toner"),
    "doorOpen": N_("a door is open"),
    "jammed": N_("paper is jammed"),
    "offline": N_("the printer is offline"),
    "serviceRequested": N_("the printer asks for service"),
    "inputTrayMissing": N_("a tray is missing"),
    "markerSupplyMissing": N_("toner or ink is missing"),
    "outputFull": N_("the output tray is full"),
}


@dataclass(slots=True)
class Standing:
    """One device from its first poll on."""

    poll: ExpectedPoll
    polled: Polled

    @classmethod
    def new(cls, poll: ExpectedPoll, at: dt.datetime) -> Standing:
        """A device that has not been asked."""
        return cls(poll, unpolled(poll, at))

    def hindered(self, cause: Sentence) -> Polled:
        """It cannot be asked at all."""
        self.polled = self.polled.model_copy(update={"cause": cause})
        return self.polled

    def read(self, figures: Figures, at: dt.datetime, seconds: float) -> Polled:
        """It answered."""
        found = tuple(problems(figures))
        cause = found[0] if found else say(N_("answers"))
        return self._became(State.DEGRADED if found else State.UP, cause, at, seconds, figures, found)

    def failed(self, state: State, cause: Sentence, at: dt.datetime, seconds: float | None = None) -> Polled:
        """It did not, or could not be asked."""
        return self._became(state, cause, at, seconds, None, ())

    def _became(  # noqa: PLR0913, PLR0917  what a poll has to say
        self,
        state: State,
        cause: Sentence,
        at: dt.datetime,
        seconds: float | None,
        figures: Figures | None,
        found: tuple[Sentence, ...],
    ) -> Polled:
        before = self.polled
        self.polled = Polled(
            device=self.poll.device,
            state=state,
            cause=cause,
            problems=found,
            since=before.since if before.state is state else at,
            at=at,
            fresh_s=before.fresh_s,
            seconds=seconds,
            figures=figures,
        )
        return self.polled


def problems(figures: Figures) -> Iterator[Sentence]:
    """What is wrong with a device that answers, the gravest first."""
    if not (figures.title or figures.object_id or figures.ports):
        yield say(N_("it shows nothing of itself: our user may read too little of it"))
    yield from _power(figures)
    yield from _parts(figures)
    yield from _tunnels(figures)
    yield from _printer(figures)
    yield from _ports(figures)
    yield from figures.partial


def _power(figures: Figures) -> Iterator[Sentence]:
    if figures.ups is not None and figures.ups.source == "battery":
        yield say(N_("runs on battery"))
    if figures.ups is not None and figures.ups.source == "none":
        yield say(N_("gives no power"))
    for battery in figures.batteries:
        if battery.state is BatteryState.DEPLETED:
            yield say(N_("the battery is depleted"))
        elif battery.state is BatteryState.LOW:
            yield say(N_("the battery is low"))
        if battery.replace:
            yield say(N_("the battery must be replaced"))


def _parts(figures: Figures) -> Iterator[Sentence]:
    broken = [sensor.name for sensor in figures.sensors if sensor.ok is False]
    if broken:
        yield say(N_("not in order: {parts}"), parts=_some(broken))


def _tunnels(figures: Figures) -> Iterator[Sentence]:
    down = [tunnel.name for tunnel in figures.tunnels if tunnel.state is State.DOWN]
    if down:
        yield say(N_("tunnels down: {tunnels}"), tunnels=_some(down))


def _printer(figures: Figures) -> Iterator[Sentence]:
    empty = [supply.name for supply in figures.supplies if supply.state is SupplyState.EMPTY]
    if empty:
        yield say(N_("used up: {supplies}"), supplies=_some(empty))
    for error in figures.printing.errors if figures.printing is not None else ():
        if error in _PRINTER:
            yield say(_PRINTER[error])


def _ports(figures: Figures) -> Iterator[Sentence]:
    bad = [port.name for port in figures.ports if (port.errors_grown or 0) >= _ERRORS]
    if bad:
        yield say(N_("errors on ports: {ports}"), ports=_some(bad))


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" +{more}" if more > 0 else "")
