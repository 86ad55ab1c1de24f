"""Switches as they are polled, as many as are wanted: what `/metrics` is measured with beside tunnels."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from bench.crowd import OFFICE
from inventory.load import load
from inventory.model import Device, Office
from inventory.sentence import say
from monitor.results import State
from monitor.snmp.model import (
    Figures,
    Load,
    Polled,
    Port,
    PortCounters,
    PortState,
    Sensor,
    SensorKind,
    Storage,
)

__all__ = ["AT", "office_of", "polls"]

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
_MODEL = "sw-k-1"
_PORTS = 24


def office_of(switches: int) -> Office:
    """Piła with that many switches more, all like its first."""
    pila = load(OFFICE, AT.date()).require()
    model = pila.device(_MODEL)
    return pila.model_copy(update={"devices": (*pila.devices, *_copies(model, switches))})


def _copies(model: Device, count: int) -> Iterator[Device]:
    return (model.model_copy(update={"name": f"sw-{number}"}) for number in range(count))


def polls(switches: int, seed: int = 1) -> Iterator[Polled]:
    """Each of them, polled, with numbers of its own."""
    chance = random.Random(seed)
    for number in range(switches):
        yield Polled(
            device=f"sw-{number}",
            state=State.UP,
            cause=say("answers"),
            since=AT,
            at=AT + dt.timedelta(milliseconds=number % 1000),
            fresh_s=175.0,
            seconds=chance.random(),
            figures=_figures(chance),
        )


def _figures(chance: random.Random) -> Figures:
    return Figures(
        vendor="Cisco",
        model="WS-C2960X-24TS-L",
        firmware="15.2(7)E4",
        uptime_s=chance.random() * 1e7,
        ports=tuple(_port(number, chance) for number in range(1, _PORTS + 1)),
        loads=(Load(name="CPU", ratio=chance.random()),),
        storages=(Storage(name="Processor", memory=True, size_bytes=2**28, used_bytes=chance.randrange(2**28)),),
        sensors=(Sensor(name="SW#1", kind=SensorKind.TEMPERATURE, value=40 + 10 * chance.random()),),
    )


def _port(number: int, chance: random.Random) -> Port:
    counters = PortCounters(
        in_bytes=chance.randrange(10**12),
        out_bytes=chance.randrange(10**12),
        in_errors=chance.randrange(10),
        out_errors=0,
        in_discards=chance.randrange(100),
        out_discards=chance.randrange(100),
    )
    return Port(name=f"Gi1/0/{number}", index=number, enabled=True, state=PortState.UP, counters=counters)
