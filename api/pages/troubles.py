"""From devices and probes to matters: what explains the others is named once, with all it is seen by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from api.pages import advice
from api.pages.asked import place_of, titles
from api.pages.matters import Matter
from api.pages.people import People
from api.pages.signs import Shape
from api.picture import Picture, explained
from inventory.model import Device, DeviceKind, Office
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor import words
from monitor.explained import Explaining
from monitor.results import ProbeKind, ProbeResult, State
from monitor.snmp.model import Polled

__all__ = ["troubles"]

_CARRY = frozenset({DeviceKind.FIREWALL, DeviceKind.SWITCH, DeviceKind.ACCESS_POINT})
"""Without them others are cut off."""
_SHOWN = 5


def troubles(picture: Picture) -> Iterator[Matter]:
    """Leaks first, then what probes find, then devices."""
    people = People(picture.office)
    wrong = [probe for probe in picture.watched.probes if probe.state in {State.DOWN, State.DEGRADED}]
    for probe in wrong:
        if _is_leak(probe):
            yield _leak(people, probe)
    behind = explained(picture, Explaining.of(picture.office))
    # What follows from another failure stands with that one.
    yield from _found(picture.office, [p for p in wrong if not _is_leak(p) and f"probe:{p.name}" not in behind])
    yield from _silent(people, picture, behind)
    yield from _unwell(picture)


def _is_leak(probe: ProbeResult) -> bool:
    return probe.kind is ProbeKind.LEAK and probe.state is State.DOWN


def _leak(people: People, probe: ProbeResult) -> Matter:
    return Matter(
        shape=Shape.DOWN,
        title=_("Traffic between our networks leaves unencrypted"),
        effect=_("Whoever is on the way can read it. This is an incident, whatever else works."),
        why=(_line(probe),),
        since=probe.since,
        steps=advice.for_leak(people),
        anchor="probes",
    )


def _found(office: Office, wrong: Iterable[ProbeResult]) -> Iterator[Matter]:
    """A matter for each place."""
    by_place: dict[str, list[ProbeResult]] = {}
    for probe in wrong:
        by_place.setdefault(place_of(office, probe.subject), []).append(probe)
    called = titles(office)
    for place, probes in by_place.items():
        yield _probes(called[place], probes)


def _probes(title: str, probes: list[ProbeResult]) -> Matter:
    failed = [probe for probe in probes if probe.state is State.DOWN]
    text = _("{place}: {kinds} not in order") if failed else _("{place}: {kinds} not as it should be")
    worst = failed or probes
    kinds = ", ".join(dict.fromkeys(words.probe_kind(probe.kind) for probe in worst))
    return Matter(
        shape=Shape.DOWN if failed else Shape.HEED,
        title=text.format(place=title, kinds=kinds),
        why=tuple(_line(probe) for probe in (*failed, *(probe for probe in probes if probe not in failed))),
        since=min(probe.since for probe in worst),
        anchor="probes",
    )


def _line(probe: ProbeResult) -> str:
    text = _("{kind}, {target}: {cause}")
    return text.format(kind=words.probe_kind(probe.kind), target=probe.target, cause=probe.cause)


def _silent(people: People, picture: Picture, behind: Mapping[str, str]) -> Iterator[Matter]:
    """A device that does not answer, with those behind it that do not either."""
    silent = _of_state(picture, State.DOWN)
    devices = [device for device in picture.office.devices if device.name in silent]
    for device in devices:
        subject = f"device:{device.name}"
        if subject not in behind:
            others = [each.name for each in devices if behind.get(f"device:{each.name}") == subject]
            yield _down(people, device, silent[device.name], others)


def _down(people: People, device: Device, polled: Polled, others: list[str]) -> Matter:
    text = ngettext(
        "{n} device behind it is silent too: {names}", "{n} devices behind it are silent too: {names}", len(others)
    )
    return Matter(
        shape=Shape.DOWN if device.kind in _CARRY else Shape.HEED,
        title=_("{device} does not answer").format(device=device.name),
        effect=_("What is plugged into it may be cut off.") if device.kind in _CARRY else "",
        why=(str(polled.cause), *((text.format(n=len(others), names=_some(others)),) if others else ())),
        since=polled.since,
        steps=advice.for_polled(people, device),
        anchor="polled",
    )


def _unwell(picture: Picture) -> Iterator[Matter]:
    """Devices that name a fault of theirs: a matter for each building."""
    unwell = _of_state(picture, State.DEGRADED)
    for building in picture.office.buildings:
        here = [
            device for device in picture.office.devices if device.building == building.name and device.name in unwell
        ]
        if here:
            text = ngettext("{place}: {n} device names a fault", "{place}: {n} devices name faults", len(here))
            why = (f"{device.name}: {unwell[device.name].cause}" for device in here)
            since = max(unwell[device.name].since for device in here)
            title = text.format(place=building.title, n=len(here))
            yield Matter(shape=Shape.HEED, title=title, why=tuple(why), since=since, anchor="polled")


def _of_state(picture: Picture, state: State) -> Mapping[str, Polled]:
    """Gateways that are followed have matters of their own."""
    followed = {device.device for device in picture.watched.devices}
    return {name: each for name, each in picture.polled.items() if each.state is state and name not in followed}


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" +{more}" if more > 0 else "")
