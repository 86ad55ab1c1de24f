"""A picture grown older: what nobody has renewed meanwhile turns unknown."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.readings import FRESH_S
from monitor.results import (
    DeviceReading,
    EndReading,
    LinkReading,
    ProbeReading,
    ProbeResult,
    Reason,
    State,
    TunnelReading,
    Watched,
)

__all__ = ["aged", "while_fresh"]

_Reading = TypeVar("_Reading", DeviceReading, EndReading, LinkReading)


def aged(watched: Watched, silent_s: float) -> Watched:
    """The picture `silent_s` seconds later, with nothing heard of the watch since."""
    silent_s = max(0.0, silent_s)
    return watched.model_copy(
        update={
            "tunnels": tuple(_tunnel(tunnel, watched.at, silent_s) for tunnel in watched.tunnels),
            "links": tuple(_reading(link, watched.at, silent_s) for link in watched.links),
            "devices": tuple(_reading(device, watched.at, silent_s) for device in watched.devices),
            "probes": tuple(while_fresh(probe, silent_s) for probe in watched.probes),
        }
    )


def _tunnel(tunnel: TunnelReading, at: dt.datetime, silent_s: float) -> TunnelReading:
    update: dict[str, object] = {
        "ends": tuple(_reading(end, at, silent_s) for end in tunnel.ends),
        "probe": None if tunnel.probe is None else _probe(tunnel.probe, silent_s),
    }
    if silent_s > FRESH_S:
        update |= _stale(tunnel.state, tunnel.reason)
        if tunnel.state is not State.UNKNOWN:
            update["since"] = at + dt.timedelta(seconds=FRESH_S)
    return tunnel.model_copy(update=update)


def _reading(reading: _Reading, at: dt.datetime, silent_s: float) -> _Reading:
    update: dict[str, object] = {}
    if reading.age_s is not None:
        update["age_s"] = reading.age_s + silent_s
    if (reading.age_s or 0.0) + silent_s > FRESH_S:
        update |= _stale(reading.state, reading.reason)
        if reading.state is not State.UNKNOWN and not isinstance(reading, EndReading):
            update["since"] = at + dt.timedelta(seconds=max(0.0, FRESH_S - (reading.age_s or 0.0)))
    return reading.model_copy(update=update)


def _probe(probe: ProbeReading, silent_s: float) -> ProbeReading:
    update: dict[str, object] = _stale(probe.state, probe.reason) if silent_s > FRESH_S else {}
    if probe.answer_age_s is not None:
        update["answer_age_s"] = probe.answer_age_s + silent_s
    return probe.model_copy(update=update)


def while_fresh(result: ProbeResult, silent_s: float = 0.0) -> ProbeResult:
    """The result `silent_s` seconds later: unknown as soon as it is older than its pace allows."""
    if result.age_s is None or (silent_s == 0.0 and result.age_s <= result.fresh_s):
        return result
    age = result.age_s + silent_s
    update: dict[str, object] = {"age_s": age}
    if age > result.fresh_s and result.state is not State.UNKNOWN:
        update |= {"state": State.UNKNOWN, "cause": say(N_("the last answer is too old")), "measured": ()}
    return result.model_copy(update=update)


def _stale(state: State, reason: Reason) -> dict[str, object]:
    """What was unknown before keeps its own reason."""
    return {"state": State.UNKNOWN, "reason": reason if state is State.UNKNOWN else Reason.STALE}
