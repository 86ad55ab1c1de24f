"""Four figures beside the verdict, each the way to its part of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.figures import count
from api.pages.signs import Shape
from api.picture import Picture
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.compliance.model import Report
from monitor.compliance.report.shape import score
from monitor.results import State

__all__ = ["Tile", "tiles"]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its sign."""

    anchor: str
    shape: Shape
    name: str
    says: str


_WORST = ((State.DOWN, Shape.DOWN), (State.UNKNOWN, Shape.UNKNOWN), (State.DEGRADED, Shape.HEED))


def tiles(picture: Picture) -> tuple[Tile, ...]:
    """What works of what is watched, and what the check found."""
    watched = picture.watched
    return (
        _tile("tunnels", _("Tunnels"), [tunnel.state for tunnel in watched.tunnels]),
        _tile("lines", _("Lines"), [link.state for link in watched.links]),
        _tile("devices", _("Gateways"), [device.state for device in watched.devices]),
        _checked(picture.report),
    )


def _tile(anchor: str, name: str, states: Sequence[State]) -> Tile:
    if not states:
        return Tile(anchor, Shape.NONE, name, _("none is watched"))
    up = sum(state.works for state in states)
    worst = next((shape for state, shape in _WORST if state in states), Shape.UP)
    return Tile(anchor, worst, name, _("{n} of {total} work").format(n=count(up), total=count(len(states))))


def _checked(report: Report | None) -> Tile:
    if report is None:
        return Tile("check", Shape.NONE, _("Check"), _("not checked yet"))
    scored = score(report)
    if scored.failed:
        says = ngettext("{n} finding", "{n} findings", scored.failed)
        return Tile("check", Shape.HEED, _("Check"), says.format(n=count(scored.failed)))
    if scored.open:
        says = ngettext("{n} undecided", "{n} undecided", scored.open)
        return Tile("check", Shape.UNKNOWN, _("Check"), says.format(n=count(scored.open)))
    return Tile("check", Shape.UP, _("Check"), _("no finding"))
