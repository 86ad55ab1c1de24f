"""What stands at the desk, for Prometheus."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from api.archive.drifted import Standing
from api.picture import Picture
from api.tally import Tally
from monitor.exposition import Format, Kind, Metric, Sample, written

__all__ = ["METRICS", "tallied"]


@dataclass(frozen=True, slots=True)
class _Scene:
    office: str
    tally: Tally | None
    age_s: float


def _age(scene: _Scene) -> Iterator[Sample]:
    yield (scene.office,), scene.age_s


def _plans(scene: _Scene) -> Iterator[Sample]:
    if scene.tally:
        yield from (((scene.office, state), count) for state, count in scene.tally.plans.items())


def _changes(scene: _Scene) -> Iterator[Sample]:
    if scene.tally:
        yield from (((scene.office, state), count) for state, count in scene.tally.changes.items())


def _devices(scene: _Scene) -> Iterator[Sample]:
    for name, how in scene.tally.devices.items() if scene.tally else ():
        yield from (((scene.office, name, each.value), int(each is how)) for each in Standing)


def _certificates(scene: _Scene) -> Iterator[Sample]:
    # Two of one name in one place while one takes over from the other: the longer one counts.
    last = {(one.where, one.subject): one.days * _DAY_S for one in (scene.tally.certificates if scene.tally else ())}
    yield from (((scene.office, *named), seconds) for named, seconds in last.items())


def _history(scene: _Scene) -> Iterator[Sample]:
    if scene.tally and scene.tally.history:
        yield (scene.office,), int(scene.tally.history.fault is None)


_DAY_S = 86_400
_OFFICE = ("office",)
METRICS: tuple[Metric[_Scene], ...] = (
    Metric(
        "fosa_work_age_seconds",
        Kind.GAUGE,
        _OFFICE,
        "Since the work last told what stands at the desk; +Inf when it did not within a minute: the rest is missing.",
        _age,
    ),
    Metric("fosa_plans", Kind.GAUGE, (*_OFFICE, "state"), "Plans that are proposed, approved or running.", _plans),
    Metric(
        "fosa_changes",
        Kind.GAUGE,
        (*_OFFICE, "state"),
        "Changes that are queued or running, and those that failed within a day (at most 100).",
        _changes,
    ),
    Metric(
        "fosa_device_standing",
        Kind.GAUGE,
        (*_OFFICE, "device", "standing"),
        "1 for how the device stood to what was approved when it was looked at last, 0 for the other standings.",
        _devices,
    ),
    Metric(
        "fosa_certificate_left_seconds",
        Kind.GAUGE,
        (*_OFFICE, "where", "subject"),
        "Left to ask for the next certificate, its issuer's time taken off, by whole days; below 0 it is too late.",
        _certificates,
    ),
    Metric(
        "fosa_history_whole",
        Kind.GAUGE,
        _OFFICE,
        "1 when the history, read through once a day, was found as it was written, else 0; none before the first time.",
        _history,
    ),
)
"""Every metric, in the order they are written."""


def tallied(picture: Picture, form: Format = Format.TEXT) -> str:
    """The metrics of one moment."""
    tally = picture.tally
    age_s = math.inf if tally is None else max(0.0, (picture.at - tally.at).total_seconds())
    scene = _Scene(picture.office.name, tally, age_s)
    return "".join(written(metric, scene, form) for metric in METRICS)
