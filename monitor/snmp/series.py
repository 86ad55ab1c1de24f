"""The samples of a polled device: at most twenty of an ordinary one, whatever it has to say.

How it stands is always there; a number only while the device has told it lately. Base units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Protocol, TypeVar

from monitor.exposition import Sample
from monitor.results import State
from monitor.snmp.model import Figures, PortCounters, PortState, Role, SensorKind, SupplyState, Ups
from monitor.snmp.sight import Sight, uplinks

__all__ = ["Samples"]

_SUPPLIES = 9
_BATTERIES = 3
_ROLES = 200
"""Tunnels, and services, of a firewall."""

Samples = Callable[[Sight], Iterable[Sample]]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Thing = TypeVar("_Thing", bound=_Named)


def up(sight: Sight) -> Iterator[Sample]:
    """1 only while it answers; a gateway's stands with the gateways."""
    if not sight.place.followed:
        yield sight.labels, int(sight.polled.state.works)


def state(sight: Sight) -> Iterator[Sample]:
    """A series a state, one of them 1."""
    if not sight.place.followed:
        for each in State:
            yield (*sight.labels, each.value), int(sight.polled.state is each)


def info(sight: Sight) -> Iterator[Sample]:
    """Always there, for others to be joined with: from the inventory what the device does not say."""
    place, figures = sight.place, sight.figures or Figures()
    yield (
        (
            *sight.labels,
            place.kind,
            place.building,
            figures.vendor or place.vendor,
            figures.model or place.model,
            figures.firmware or place.firmware,
        ),
        1,
    )


def polled_at(sight: Sight) -> Iterator[Sample]:
    """An instant, so that the text need not be made anew while time goes by; nothing before the first poll."""
    if sight.polled.at is not None:
        yield sight.labels, sight.polled.at.timestamp()


def poll_seconds(sight: Sight) -> Iterator[Sample]:
    """Of a poll that was answered."""
    if sight.figures is not None and sight.polled.seconds is not None:
        yield sight.labels, sight.polled.seconds


def told(number: Callable[[Figures], float | None]) -> Samples:
    """A number of the device as a whole, where it has told it."""

    def samples(sight: Sight) -> Iterator[Sample]:
        if sight.figures is not None and (value := number(sight.figures)) is not None:
            yield sight.labels, value

    return samples


def of_ups(number: Callable[[Ups], float | None]) -> Samples:
    """A number of a UPS."""
    return told(lambda figures: None if figures.ups is None else number(figures.ups))


def _joins(figures: Figures) -> bool:
    """Whether it is there to join others, and not a printer or a UPS, of whose ports and load nothing depends."""
    return not (figures.printing or figures.supplies or figures.ups or figures.batteries)


def ports(figures: Figures) -> int | None:
    """That a cable can be put into, where there are several."""
    found = sum(port.physical for port in figures.ports)
    return found if _joins(figures) and found > 1 else None


def ports_up(figures: Figures) -> int | None:
    """Of those."""
    up_now = sum(port.physical and port.state is PortState.UP for port in figures.ports)
    return None if ports(figures) is None else up_now


def counted(number: Callable[[PortCounters], int]) -> Callable[[Figures], int | None]:
    """The sum of what is counted at the ports a cable can be put into."""

    def summed(figures: Figures) -> int | None:
        found = [number(port.counters) for port in figures.ports if port.physical and port.counters is not None]
        return sum(found) if ports(figures) is not None and found else None

    return summed


def uplink(number: Callable[[PortCounters], int]) -> Samples:
    """What went through the ports towards the manager."""

    def samples(sight: Sight) -> Iterator[Sample]:
        if sight.figures is not None and _joins(sight.figures):
            for port in uplinks(sight):
                if port.counters is not None:
                    yield (*sight.labels, port.name), number(port.counters)

    return samples


def load(figures: Figures) -> float | None:
    """The mean of its processors."""
    loads = [each.ratio for each in figures.loads]
    return sum(loads) / len(loads) if loads and _joins(figures) else None


def memory(figures: Figures) -> float | None:
    """Of all memory together."""
    found = [each for each in figures.storages if each.memory and each.size_bytes > 0]
    size = sum(each.size_bytes for each in found)
    return sum(each.used_bytes for each in found) / size if size and _joins(figures) else None


def temperature(figures: Figures) -> float | None:
    """The hottest of its sensors, batteries among them; of a printer none, whose fuser is hot by trade."""
    found = [each.value for each in figures.sensors if each.kind is SensorKind.TEMPERATURE and each.value is not None]
    found += [each.temperature_c for each in figures.batteries if each.temperature_c is not None]
    return max(found) if found and figures.printing is None else None


def supplies_low(figures: Figures) -> int | None:
    """How many of its supplies are low or used up; nothing where none says how it stands."""
    known = [each.state for each in figures.supplies if each.state is not SupplyState.UNKNOWN]
    return sum(each in {SupplyState.LOW, SupplyState.EMPTY} for each in known) if known else None


def supply_levels(sight: Sight) -> Iterator[Sample]:
    """The nine that have least left."""
    supplies = () if sight.figures is None else sight.figures.supplies
    levels = [(name, each.level_ratio) for name, each in _distinct(supplies) if each.level_ratio is not None]
    least = {name for name, _level in sorted(levels, key=lambda pair: pair[1])[:_SUPPLIES]}
    yield from (((*sight.labels, name), level) for name, level in levels if name in least)


def battery_charges(sight: Sight) -> Iterator[Sample]:
    """Of every battery."""
    batteries = () if sight.figures is None else sight.figures.batteries[:_BATTERIES]
    for name, battery in _distinct(batteries):
        if battery.charge_ratio is not None:
            yield (*sight.labels, name), battery.charge_ratio


def battery_left(sight: Sight) -> Iterator[Sample]:
    """Of every battery."""
    batteries = () if sight.figures is None else sight.figures.batteries[:_BATTERIES]
    for name, battery in _distinct(batteries):
        if battery.left_s is not None:
            yield (*sight.labels, name), battery.left_s


def roles(which: Callable[[Figures], tuple[Role, ...]]) -> Samples:
    """Tunnels or services of a firewall: 1 only while it says that they work."""

    def samples(sight: Sight) -> Iterator[Sample]:
        found = () if sight.figures is None else which(sight.figures)[:_ROLES]
        yield from (((*sight.labels, name), int(each.state.works)) for name, each in _distinct(found))

    return samples


def _distinct(things: Iterable[_Thing]) -> Iterator[tuple[str, _Thing]]:
    """Each with a name of its own: two series of one name would spoil the whole exposition."""
    seen: set[str] = set()
    for thing in things:
        name = next(name for name in _numbered(thing.name) if name not in seen)
        seen.add(name)
        yield name, thing


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name} {number}" for number in count(2))
