"""Tunnels, lines and gateways in rows, with everything that was read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.pages.figures import BETWEEN, DASH, count, octets, share, span
from api.pages.signs import Sign, of_state, unwatched
from api.pages.sites import building_of, other_side, tunnel_named, wan_named
from api.pages.times import Clock, Moment, lasting
from api.picture import Picture
from inventory.model import Office, Wan, WanRole
from inventory.pairs import pair_of
from inventory.words import gettext as _
from monitor import words
from monitor.readings import FRESH_S
from monitor.results import (
    DeviceReading,
    EndReading,
    LinkReading,
    ProbeKind,
    ProbeReading,
    SaReading,
    State,
    TunnelReading,
)

__all__ = ["DeviceRow", "EndRow", "LineRow", "TunnelRow", "device_rows", "line_rows", "tunnel_rows"]


@dataclass(frozen=True, slots=True)
class EndRow:
    """A tunnel as one of our gateways sees it."""

    device: str
    sign: Sign
    reason: str
    age: str
    facts: tuple[tuple[str, str], ...]
    """What its charon says: names and values."""


@dataclass(frozen=True, slots=True)
class TunnelRow:
    """A tunnel."""

    name: str
    sign: Sign
    reason: str
    between: str
    assumed: bool
    since: Moment
    lasting: str
    loss: str
    delay: str
    proof: str
    ends: tuple[EndRow, ...]
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line to the internet, or a cable; `since` is empty where nobody watches it."""

    name: str
    sign: Sign
    reason: str
    what: str
    where: str
    port: str
    since: Moment | None
    lasting: str


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A gateway that is watched."""

    name: str
    what: str
    """Of two that stand for each other, which of them works; else nothing."""
    sign: Sign
    reason: str
    where: str
    since: Moment
    lasting: str


def tunnel_rows(picture: Picture, clock: Clock) -> tuple[TunnelRow, ...]:
    """Every expected tunnel."""
    return tuple(_tunnel(picture.office, reading, clock) for reading in picture.watched.tunnels)


def _tunnel(office: Office, reading: TunnelReading, clock: Clock) -> TunnelRow:
    probe, tunnel = reading.probe, tunnel_named(office, reading.tunnel)
    return TunnelRow(
        name=reading.tunnel,
        sign=of_state(reading.state),
        reason=_reason(reading),
        between=_between(office, reading.tunnel),
        assumed=tunnel is not None and tunnel.assumed,
        since=clock.moment(reading.since),
        lasting=clock.since(reading.since),
        loss=DASH if probe is None or not probe.sent else share(probe.lost / probe.sent),
        delay=DASH if probe is None or probe.rtt_s is None else span(probe.rtt_s),
        proof=_proof(probe),
        ends=tuple(_end(end) for end in reading.ends),
        differences=tuple(words.difference(each) for each in reading.differences),
    )


def _between(office: Office, name: str) -> str:
    tunnel = tunnel_named(office, name)
    if tunnel is None:
        return ""
    titles = []
    for end in tunnel.ends:
        building = None if end.device is None else building_of(office, end.device)
        titles.append(other_side(office, tunnel) if building is None else building.title)
    return BETWEEN.join(titles)


def _proof(probe: ProbeReading | None) -> str:
    if probe is None:
        return _("judged by what the gateway says: the far end may not be probed")
    return _("judged by echo requests through it to {target}").format(target=probe.target)


def _end(end: EndReading) -> EndRow:
    return EndRow(
        device=end.device,
        sign=of_state(end.state),
        reason="" if end.state is State.UP else words.reason(end.reason),
        age="" if end.age_s is None or end.age_s <= FRESH_S else _("read {span} ago").format(span=lasting(end.age_s)),
        facts=() if end.sa is None else tuple(_facts(end.sa)),
    )


def _facts(sa: SaReading) -> Iterator[tuple[str, str]]:
    nothing = DASH
    yield _("IKE"), f"IKEv{sa.ike_version}, {sa.ike.proposal if sa.ike else nothing}, {sa.ike_state}"
    yield _("ESP"), f"{sa.child.proposal if sa.child else nothing}, {sa.child_state or nothing}"
    yield _("identities"), f"{sa.local_identity}{BETWEEN}{sa.remote_identity}"
    yield _("networks"), f"{', '.join(sa.local_networks)}{BETWEEN}{', '.join(sa.remote_networks)}"
    yield _("received"), octets(sa.received_bytes)
    yield _("sent"), octets(sa.sent_bytes)
    yield _("rekeyings"), _("IKE {ike}, ESP {esp}").format(ike=count(sa.ike_rekeys), esp=count(sa.child_rekeys))


def line_rows(picture: Picture, clock: Clock) -> tuple[LineRow, ...]:
    """Every line and cable that is watched, then the lines that nobody watches."""
    watched = picture.watched.links
    names = {reading.link for reading in watched}
    others = (wan for wan in picture.office.wans if wan.name not in names)
    return (
        *(_line(picture.office, reading, clock) for reading in watched),
        *(_unwatched(picture.office, wan) for wan in others),
    )


def _line(office: Office, reading: LinkReading, clock: Clock) -> LineRow:
    building, wan = building_of(office, reading.device), wan_named(office, reading.link)
    return LineRow(
        name=reading.link,
        sign=of_state(reading.state),
        reason=_reason(reading),
        what=words.kind(reading.kind) if wan is None else _provided(wan),
        where="" if building is None else building.title,
        port=f"{reading.device} {reading.interface}",
        since=clock.moment(reading.since),
        lasting=clock.since(reading.since),
    )


def _unwatched(office: Office, wan: Wan) -> LineRow:
    title = office.building(wan.building).title
    no_gateway = _("it does not end on a gateway that can report it")
    return LineRow(wan.name, unwatched(), no_gateway, _provided(wan), title, "", None, "")


def _provided(wan: Wan) -> str:
    return _("{provider}, backup").format(provider=wan.provider) if wan.role is WanRole.BACKUP else wan.provider


def device_rows(picture: Picture, clock: Clock) -> tuple[DeviceRow, ...]:
    """Every device that is watched."""
    rows = []
    for reading in picture.watched.devices:
        building = building_of(picture.office, reading.device)
        title = "" if building is None else building.title
        since = clock.moment(reading.since)
        sign, lasts = of_state(reading.state), clock.since(reading.since)
        what = _which_works(picture, reading.device)
        rows.append(DeviceRow(reading.device, what, sign, _reason(reading), title, since, lasts))
    return tuple(rows)


def _which_works(picture: Picture, device: str) -> str:
    pair = pair_of(picture.office, device)
    if pair is None:
        return ""
    subject = f"device:{pair.name}"
    told = (each for each in picture.watched.probes if each.kind is ProbeKind.PAIR and each.subject == subject)
    return next((str(probe.cause) for probe in told), "")


def _reason(reading: TunnelReading | LinkReading | DeviceReading) -> str:
    """Why something is not up; that it is proven is what up means."""
    return "" if reading.state is State.UP else words.reason(reading.reason)
