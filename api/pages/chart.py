"""What the map shows: places on two banks, and the tunnels that bridge the water between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.pages.signs import Shape, Sign, of_state, unwatched
from api.pages.sites import Site, far_end, other_side, sites
from api.pages.times import Clock
from api.picture import Picture
from inventory.model import Office, TunnelEnd
from inventory.words import gettext as _
from monitor.results import LinkKind, LinkReading, State, TunnelReading, Watched

__all__ = ["Bridge", "Chart", "Place", "Row", "chart"]


@dataclass(frozen=True, slots=True)
class Row:
    """Something that stands at a place, with its sign."""

    shape: Shape
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A building, or the far end of a tunnel to somebody else."""

    key: str
    title: str
    note: str
    """A street; or who the far end says it is."""
    rows: tuple[Row, ...]
    ours: bool
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Bridge:
    """A tunnel between two places, by their keys."""

    tunnel: str
    sign: Sign
    label: str
    short: str
    """The label without since when, for where there is little room."""
    near: str
    far: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything on the map."""

    hub: Place
    others: tuple[Place, ...]
    bridges: tuple[Bridge, ...]
    water: str
    """What lies between the banks."""
    summary: str
    """The same in words, for who does not see it."""


def chart(picture: Picture) -> Chart:
    """The map of an office as it is now."""
    office, watched = picture.office, picture.watched
    hub, *others = [_place(site, watched) for site in sites(office)]
    clock = Clock(office.calendar.timezone, picture.at)
    bridges = tuple(_bridges(office, watched, clock))
    far = (*others, *_foreign(office))
    return Chart(hub, far, bridges, _("internet"), _summary(bridges, (hub, *far)))


def _place(site: Site, watched: Watched) -> Place:
    return Place(
        key=site.building.name,
        title=site.building.title,
        note=site.building.street or "",
        rows=(*_gateways(site, watched), *_lines(site, watched)),
        ours=True,
    )


def _gateways(site: Site, watched: Watched) -> Iterator[Row]:
    states = {device.device: device.state for device in watched.devices}
    for device in site.gateways:
        yield _row(_("gateway {name}").format(name=device.name), states.get(device.name))


def _lines(site: Site, watched: Watched) -> Iterator[Row]:
    read = {link.link: link.state for link in watched.links}
    for wan in site.wans:
        yield _row(_("line {name}").format(name=wan.provider), read.get(wan.name))
    names = {device.name for device in site.gateways}
    for link in watched.links:
        if _is_cable(link) and link.device in names:
            yield _row(_("cable {name}").format(name=link.link), link.state)


def _is_cable(link: LinkReading) -> bool:
    return link.kind is LinkKind.CABLE


def _row(name: str, state: State | None) -> Row:
    sign = unwatched() if state is None else of_state(state)
    return Row(sign.shape, _("{name}: {state}").format(name=name, state=sign.word))


def _foreign(office: Office) -> Iterator[Place]:
    """The far ends that are not ours, each once."""
    seen: set[str] = set()
    for tunnel in office.tunnels:
        end = far_end(tunnel)
        if end is not None and _key(office, end) not in seen:
            seen.add(_key(office, end))
            title = other_side(office, tunnel)
            note = end.identity if title != end.identity else str(end.address or "")
            yield Place(_key(office, end), title, note, (), ours=False, assumed=tunnel.assumed)


def _bridges(office: Office, watched: Watched, clock: Clock) -> Iterator[Bridge]:
    readings = {reading.tunnel: reading for reading in watched.tunnels}
    for tunnel in office.tunnels:
        near, far = sorted((_key(office, end) for end in tunnel.ends), key=lambda key: key != office.hub.name)
        reading = readings.get(tunnel.name)
        sign = unwatched() if reading is None else of_state(reading.state)
        short = _("{name}: {state}").format(name=tunnel.name, state=sign.word)
        label = short if reading is None or reading.state is State.UP else _since(reading, sign, clock)
        yield Bridge(tunnel.name, sign, label, short, near, far)


def _since(reading: TunnelReading, sign: Sign, clock: Clock) -> str:
    text = _("{name}: {state} since {moment}")
    return text.format(name=reading.tunnel, state=sign.word, moment=clock.short(reading.since))


def _key(office: Office, end: TunnelEnd) -> str:
    """Where an end stands: the building of our device, or the stranger's own name."""
    return f"far:{end.identity}" if end.device is None else office.device(end.device).building


def _summary(bridges: tuple[Bridge, ...], places: tuple[Place, ...]) -> str:
    titles = {place.key: place.title for place in places}
    text = _("{near} to {far}: {label}")
    said = (text.format(near=titles[b.near], far=titles[b.far], label=b.label) for b in bridges)
    return ". ".join(said)
