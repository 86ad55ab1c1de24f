"""Drift as pages show it: how each device stands to what was approved, and what somebody has to decide about."""

from __future__ import annotations

from dataclasses import dataclass

from api.archive.drifted import Drift, Look, Standing
from api.archive.model import Revision
from api.archive.verbs import Drifted
from api.archive.words import origin_text, standing_text
from api.pages.difference import Section, sections
from api.pages.signs import Shape, Sign
from api.pages.times import Clock, Moment

__all__ = ["DriftRow", "StandRow", "drift_rows", "stand_rows"]

_SHAPES = {
    Standing.SAME: Shape.UP,
    Standing.DRIFTED: Shape.HEED,
    Standing.UNAPPROVED: Shape.HEED,
    Standing.CHANGING: Shape.WORK,
    Standing.UNREAD: Shape.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A device that does not run what was approved."""

    device: str
    approved: str
    """The revision it should run; empty when nobody has approved any."""
    found: str
    since: Moment
    told: tuple[str, ...]
    sections: tuple[Section, ...]
    plan: str


@dataclass(frozen=True, slots=True)
class StandRow:
    """A device, how it stands, and what is kept of it last."""

    device: str
    sign: Sign | None
    """None: nobody has looked yet."""
    looked: Moment | None
    last: Revision | None
    last_at: Moment | None
    last_told: str


def drift_rows(drifted: Drifted, clock: Clock, device: str = "") -> tuple[DriftRow, ...]:
    """The open ones; with a device, its own only."""
    return tuple(_drift(each, clock) for each in drifted.open if device in {"", each.device})


def stand_rows(
    devices: tuple[str, ...], drifted: Drifted, revisions: tuple[Revision, ...], clock: Clock
) -> tuple[StandRow, ...]:
    """A row a device; `revisions` with the newest first."""
    looks = drifted.round.devices if drifted.round else {}
    newest = {each.device: each for each in reversed(revisions)}
    return tuple(_stand(name, looks.get(name), newest.get(name), clock) for name in devices)


def _drift(drift: Drift, clock: Clock) -> DriftRow:
    return DriftRow(
        drift.device,
        drift.approved,
        drift.found,
        clock.moment(drift.since),
        tuple(map(str, drift.told)),
        sections(drift.diffs),
        drift.plan,
    )


def _stand(device: str, look: Look | None, last: Revision | None, clock: Clock) -> StandRow:
    return StandRow(
        device,
        Sign(_SHAPES[look.standing], standing_text(look)) if look else None,
        clock.moment(look.at) if look else None,
        last,
        clock.moment(last.at) if last else None,
        origin_text(last) if last else "",
    )
