"""The parts of the page that change by themselves, each rendered from a picture alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.pages.asked import probe_groups
from api.pages.assumed import assumptions, crowds
from api.pages.chart import chart
from api.pages.checked import check
from api.pages.environment import environment
from api.pages.history import event_rows
from api.pages.labels import labels
from api.pages.polled import device_groups
from api.pages.renewals import half_changed, renewals
from api.pages.tables import device_rows, line_rows, tunnel_rows
from api.pages.tall import tall
from api.pages.tiles import tiles
from api.pages.times import Clock
from api.pages.verdict import verdict
from api.pages.wide import wide
from api.picture import Picture

__all__ = ["FRAGMENTS", "fragments"]

_View = Mapping[str, object]


def _verdict(picture: Picture, clock: Clock) -> _View:
    said = verdict(picture)
    return {
        "verdict": said,
        "since": None if said.since is None else clock.moment(said.since),
        "lasting": "" if said.since is None else clock.since(said.since),
        "tiles": tiles(picture),
    }


def _matters(picture: Picture, clock: Clock) -> _View:
    matters = verdict(picture).matters
    return {"matters": [(matter, None if matter.since is None else clock.moment(matter.since)) for matter in matters]}


def _map(picture: Picture, _clock: Clock) -> _View:
    drawn = chart(picture)
    return {"chart": drawn, "drawings": (wide(drawn), tall(drawn))}


def _devices(picture: Picture, clock: Clock) -> _View:
    office = picture.office
    return {
        "rows": device_rows(picture, clock),
        "crowds": crowds(office, picture.watched, picture.polled),
        "buildings": [building.title for building in office.buildings],
    }


def _notices(picture: Picture, clock: Clock) -> _View:
    tally = picture.tally
    history = tally.history if tally else None
    return {
        "maintenance": picture.maintenance,
        "drifted": tally.drifted if tally else (),
        "history": history.fault if history else None,
        "history_at": clock.moment(history.at) if history else None,
        "renewals": renewals(picture),
        "half_changed": half_changed(picture),
    }


FRAGMENTS: Mapping[str, Callable[[Picture, Clock], _View]] = {
    "clock": lambda picture, clock: {"now": clock.whole(picture.at)},
    "said": lambda picture, _clock: {"said": verdict(picture).title},
    "notices": _notices,
    "verdict": _verdict,
    "matters": _matters,
    "map": _map,
    "tunnels": lambda picture, clock: {"rows": tunnel_rows(picture, clock)},
    "lines": lambda picture, clock: {"rows": line_rows(picture, clock)},
    "devices": _devices,
    "probes": lambda picture, clock: {"groups": probe_groups(picture, clock)},
    "polled": lambda picture, clock: {"groups": device_groups(picture, clock)},
    "check": lambda picture, clock: {"check": None if picture.report is None else check(picture.report, clock)},
    "events": lambda picture, clock: {"rows": event_rows(picture, clock)},
    "assumed": lambda picture, _clock: {"rows": assumptions(picture.office)},
}
"""What each is rendered from, by its name: that of its template and of its place on the page."""


def fragments(picture: Picture) -> dict[str, str]:
    """All of them as HTML, in the language in use."""
    clock, texts = Clock(picture.office.calendar.timezone, picture.at), labels()
    return {
        name: environment().get_template(f"{name}.html").render(t=texts, **view(picture, clock))
        for name, view in FRAGMENTS.items()
    }
