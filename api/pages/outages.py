"""From readings to matters: a building that is cut off is one matter, not one for each tunnel, line and box."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from api.pages import advice
from api.pages.matters import Matter
from api.pages.people import People
from api.pages.signs import Shape
from api.pages.sites import Site, far_end, other_side, sites, tunnel_named, wan_named
from inventory.model import Office
from inventory.words import gettext as _
from monitor import words
from monitor.explained import Explaining
from monitor.results import DeviceReading, LinkReading, Reason, State, TunnelReading, Watched

__all__ = ["outages"]

_Reading: TypeAlias = TunnelReading | LinkReading | DeviceReading

_SHAPES = {State.DEGRADED: Shape.HEED, State.DOWN: Shape.DOWN, State.UNKNOWN: Shape.UNKNOWN}


def outages(office: Office, watched: Watched) -> Iterator[Matter]:
    """Everything that is down, that cannot be told, or that is not as the inventory says."""
    rest = _Rest.of(watched)
    people = People(office)
    everywhere = sites(office)
    for site in everywhere:
        # Where the hub is cut off, it has explained the others.
        if _is_cut_off(site, watched) and rest.tunnels:
            yield _cut_off(people, site, rest.take(everywhere if site.building.hub else (site,)))
    behind = rest.behind_links(Explaining.of(office).explained(watched))
    for tunnel in tuple(rest.tunnels.values()):
        if tunnel.state is State.DOWN:
            yield _tunnel_down(people, rest.tunnels.pop(tunnel.tunnel))
    for device in tuple(rest.devices.values()):
        yield _device(people, device, rest.with_device(device.device))
    yield from (_link(people, link, behind.get(link.link, ())) for link in rest.links.values())
    for tunnel in rest.tunnels.values():
        if tunnel.state is State.UNKNOWN:
            yield _unsure(people, tunnel)
        elif tunnel.reason is not Reason.DIFFERENT:
            yield _degraded(people, tunnel)
    yield from (_different(people, tunnel) for tunnel in watched.tunnels if tunnel.differences)


@dataclass(slots=True)
class _Rest:
    """Readings that are not up and that no matter explains yet."""

    tunnels: dict[str, TunnelReading]
    links: dict[str, LinkReading]
    devices: dict[str, DeviceReading]

    @classmethod
    def of(cls, watched: Watched) -> _Rest:
        return cls(
            {each.tunnel: each for each in watched.tunnels if each.state is not State.UP},
            {each.link: each for each in watched.links if each.state is not State.UP},
            {each.device: each for each in watched.devices if each.state is not State.UP},
        )

    def take(self, places: Iterable[Site]) -> tuple[_Reading, ...]:
        """Everything that stands at these places: it is explained now."""
        taken: list[_Reading] = []
        for site in places:
            names = {device.name for device in site.gateways}
            taken += [self.tunnels.pop(name) for name in site.tunnels if name in self.tunnels]
            taken += [self.links.pop(name) for name, link in tuple(self.links.items()) if link.device in names]
            taken += [self.devices.pop(name) for name in names if name in self.devices]
        return tuple(taken)

    def behind_links(self, explained: Mapping[str, str]) -> Mapping[str, tuple[TunnelReading, ...]]:
        """The tunnels that follow from a line that is down, by line: they are explained now."""
        found: dict[str, tuple[TunnelReading, ...]] = {}
        for name in tuple(self.tunnels):
            sort, _colon, link = explained.get(f"tunnel:{name}", "").partition(":")
            if sort == "link" and link in self.links:
                found[link] = (*found.get(link, ()), self.tunnels.pop(name))
        return found

    def with_device(self, name: str) -> tuple[_Reading, ...]:
        """A device, and what only it could have told."""
        taken: list[_Reading] = [self.devices.pop(name)]
        for link in tuple(self.links.values()):
            if link.device == name and link.state is State.UNKNOWN:
                taken.append(self.links.pop(link.link))
        for tunnel in tuple(self.tunnels.values()):
            if any(end.device == name for end in tunnel.ends):
                taken.append(self.tunnels.pop(tunnel.tunnel))
        return tuple(taken)


def _is_cut_off(site: Site, watched: Watched) -> bool:
    """Whether all its tunnels are down. The hub has one for each of the others: a single one tells nothing of it."""
    states = [tunnel.state for tunnel in watched.tunnels if tunnel.tunnel in site.tunnels]
    return len(states) > site.building.hub and all(state is State.DOWN for state in states)


def _cut_off(people: People, site: Site, readings: tuple[_Reading, ...]) -> Matter:
    if site.building.hub:
        title = _("{building} is cut off from everything else")
        effect = _("No other building reaches the servers, and the central platform is not reached from here.")
    else:
        title = _("{building} is cut off")
        effect = _("From there neither the servers nor the domain systems can be reached.")
    near = sorted(readings, key=lambda reading: _nearest_first(site, reading))
    return Matter(
        shape=Shape.DOWN,
        title=title.format(building=site.building.title),
        effect=effect,
        why=_why(people.office, (each for each in near if _nearest_first(site, each) < 2)),
        since=_began(each for each in readings if isinstance(each, TunnelReading)),
        steps=advice.for_building(people, site, readings),
        anchor="tunnels",
    )


def _tunnel_down(people: People, reading: TunnelReading) -> Matter:
    tunnel = tunnel_named(people.office, reading.tunnel)
    foreign = tunnel is not None and far_end(tunnel) is not None
    assumed = _("This tunnel is assumed: nobody has confirmed that it exists as written.")
    return Matter(
        shape=Shape.DOWN,
        title=_("No connection to: {far}").format(far=other_side(people.office, tunnel))
        if tunnel is not None and foreign
        else _("The tunnel {tunnel} is down").format(tunnel=reading.tunnel),
        effect=assumed if tunnel is not None and tunnel.assumed else "",
        why=_why(people.office, (reading,)),
        since=reading.since,
        steps=advice.for_far_end(people) if foreign else advice.for_tunnel(people, reading),
        anchor="tunnels",
    )


def _link(people: People, reading: LinkReading, behind: tuple[TunnelReading, ...] = ()) -> Matter:
    title = _("{line} is down") if reading.state is State.DOWN else _("It cannot be told whether this works: {line}")
    return Matter(
        shape=_SHAPES[reading.state],
        title=title.format(line=_line(people.office, reading.link)),
        why=_why(people.office, (reading, *behind)),
        since=reading.since,
        steps=advice.for_link(people, reading),
        anchor="lines",
    )


def _device(people: People, reading: DeviceReading, readings: tuple[_Reading, ...]) -> Matter:
    refused = reading.reason is Reason.REFUSED
    title = _("{device} does not let fosa in") if refused else _("{device} does not answer fosa")
    return Matter(
        # Whatever keeps fosa out: nothing says that traffic does not pass.
        shape=Shape.UNKNOWN,
        title=title.format(device=reading.device),
        effect=_("Traffic may well pass: only the watch is blind here."),
        why=_why(people.office, readings),
        since=reading.since,
        steps=advice.for_device(people, reading),
        anchor="devices",
    )


def _unsure(people: People, reading: TunnelReading) -> Matter:
    return Matter(
        shape=Shape.UNKNOWN,
        title=_("It cannot be told whether this works: {line}").format(line=_tunnel(reading.tunnel)),
        why=_why(people.office, (reading,)),
        since=reading.since,
        steps=advice.for_tunnel(people, reading),
        anchor="tunnels",
    )


def _degraded(people: People, reading: TunnelReading) -> Matter:
    return Matter(
        shape=Shape.HEED,
        title=_("The tunnel {tunnel} works, and not as it should").format(tunnel=reading.tunnel),
        why=_why(people.office, (reading,)),
        since=reading.since,
        steps=advice.for_degraded(people, reading),
        anchor="tunnels",
    )


def _different(people: People, reading: TunnelReading) -> Matter:
    return Matter(
        shape=Shape.HEED,
        title=_("The tunnel {tunnel} is not as the inventory says").format(tunnel=reading.tunnel),
        why=tuple(words.difference(difference) for difference in reading.differences),
        steps=advice.for_difference(people, reading),
        anchor="tunnels",
    )


def _why(office: Office, readings: Iterable[_Reading]) -> tuple[str, ...]:
    """Each reason once, with everything it was given for."""
    subjects: dict[Reason, list[str]] = {}
    for each in readings:
        subjects.setdefault(each.reason, []).append(_subject(office, each))
    text = _("{subjects}: {reason}")
    return tuple(text.format(subjects=", ".join(s), reason=words.reason(reason)) for reason, s in subjects.items())


def _nearest_first(site: Site, reading: _Reading) -> int:
    """What is down in the building itself is rather the cause than what cannot be asked, or stands elsewhere."""
    if isinstance(reading, TunnelReading):
        return 1
    return 2 if reading.device not in {device.name for device in site.gateways} else reading.state is State.UNKNOWN


def _subject(office: Office, reading: _Reading) -> str:
    match reading:
        case TunnelReading():
            return _tunnel(reading.tunnel)
        case LinkReading():
            return _line(office, reading.link)
        case DeviceReading():
            return _("gateway {device}").format(device=reading.device)


def _tunnel(name: str) -> str:
    return _("tunnel {tunnel}").format(tunnel=name)


def _line(office: Office, name: str) -> str:
    wan = wan_named(office, name)
    if wan is None:
        return _("cable {cable}").format(cable=name)
    return _("line {line} ({provider})").format(line=name, provider=wan.provider)


def _began(readings: Iterable[TunnelReading]) -> dt.datetime:
    """When the last of them went: until then it was not all of them."""
    return max(reading.since for reading in readings)
