"""Probes beside those through our own tunnels, by what they look at."""

from __future__ import annotations

from urllib.parse import quote

from api.pages.groups import Group, Row, grouped
from api.pages.sites import building_of, sites
from api.pages.times import Clock
from api.picture import Picture
from inventory.model import Office
from monitor import words
from monitor.results import ProbeResult

__all__ = ["place_of", "probe_groups", "titles"]


def probe_groups(picture: Picture, clock: Clock) -> tuple[Group, ...]:
    """Every expected probe: those of channels, of the office as a whole, then building by building."""
    rows: dict[str, list[Row]] = {}
    for probe in picture.watched.probes:
        rows.setdefault(place_of(picture.office, probe.subject), []).append(_row(probe, clock))
    return grouped("probes", rows, titles(picture.office))


def _row(probe: ProbeResult, clock: Clock) -> Row:
    return Row(
        state=probe.state,
        name=words.probe_kind(probe.kind),
        what=probe.name.partition(":")[2],
        href=f"/debug/probe/{quote(probe.name)}",
        cause=str(probe.cause),
        since=clock.moment(probe.since),
        lasting=clock.since(probe.since),
    )


def titles(office: Office) -> dict[str, str]:
    """Of every place a probe may have, in the order they are shown."""
    channels = {f"channel-{channel.name}": channel.title for channel in office.channels}
    return {**channels, "office": office.title, **{each.name: each.title for each in office.buildings}}


def place_of(office: Office, subject: str) -> str:
    """Where what a probe speaks of belongs: a tunnel to the building it leads to from the hub."""
    kind, _colon, name = subject.partition(":")
    building = None
    match kind:
        case "channel" if any(channel.name == name for channel in office.channels):
            return f"channel-{name}"
        case "device":
            building = building_of(office, name.partition("/")[0])
        case "link":
            return next((wan.building for wan in office.wans if wan.name == name), "office")
        case "tunnel":
            led_to = [site.building for site in sites(office) if name in site.tunnels]
            building = led_to[-1] if led_to else None
    return "office" if building is None else building.name
