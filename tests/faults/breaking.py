"""One fault of the watched practice office from its beginning to its end, measured as Prometheus would see it."""

from __future__ import annotations

import contextlib
import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from blackbox import Looked, Question
from scene import Scene
from sight import Sight, troubles, unexplained
from table import ExpectationError, expect

from bench.acts import Act

__all__ = ["Fault", "Taken", "tried"]

_PAUSE_S, _CAUSE_S, _REST_S, _PATIENCE_S = 0.03, 10.0, 3.0, 120.0
_BOX_S = 8.0
"""So long the other one may take longer than fosa."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is broken, and what must be told of it."""

    name: str
    breaks: Act
    mends: Act
    subject: str
    """Whose state tells of it: `tunnel:k-b`, `probe:soap:csizs`."""
    states: tuple[str, ...] = ("down",)
    cause: str
    """A pattern: the reason in the metrics, for a tunnel; else the cause in words."""
    broken: tuple[str, ...] = ()
    """What else is broken with it, in the inventory's words: what needs that is no false alarm."""
    follows: str = ""
    """A pattern of subjects that cannot but follow, beyond what the inventory knows."""
    box: Question | None = None
    """What the blackbox exporter may be asked of it; None where nothing that it can ask shows it."""
    charon: str = ""
    """What strongSwan as shipped does about it."""
    lasts: bool = True
    """Whether it is told of for as long as it is not mended."""
    afresh: bool = False
    """Whether fosa is begun anew with it: what is remembered by whoever was there before is what is missing."""
    limit_s: float = 60.0
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it. Seconds."""

    fault: str
    metric_s: float
    cause: str
    back_s: float
    box_s: float | None
    """None: it did not see it."""
    box_asked: bool
    charon: str
    own_pace_s: float | None
    """At most, where the question was hurried."""


def tried(scene: Scene, fault: Fault) -> Taken:
    """Break it, see it told, mend it, see it well. Raises ExpectationError."""
    look = scene.looker(fault.subject)
    _settled(look)
    false: set[str] = set()

    def watched() -> Sight:
        seen = look()
        found = troubles(seen)
        false.update(unexplained(found, {fault.subject, *fault.broken}, fault.follows, scene.needs))
        return seen

    with scene.box.looking(fault.box) as looked:
        if fault.box is not None:
            _until(lambda: looked.first(well=True, since=0.0) is not None, 30, "the blackbox exporter to find all well")
        begun = time.monotonic()
        with _mended(scene, fault) as mend:
            noticed = _noticed(watched, fault)
            cause = _named(scene, fault, watched)
            _hold(watched, fault, looked, begun)
        back = _back(watched, fault, mend.at)
        _settled(watched)
        box = looked.first(well=False, since=begun)
    expect("no other alarm", holds=not false, seen=sorted(false))
    return Taken(
        fault=fault.name,
        metric_s=noticed - begun,
        cause=cause,
        back_s=back,
        box_s=None if box is None else box - begun,
        box_asked=fault.box is not None,
        charon=fault.charon,
        own_pace_s=scene.hurried.own_pace_s(fault.subject),
    )


@dataclass(slots=True)
class _Mended:
    at: float = math.nan


@contextlib.contextmanager
def _mended(scene: Scene, fault: Fault) -> Iterator[_Mended]:
    """Broken inside, mended afterwards, whatever comes."""
    told = _Mended()
    fault.breaks(scene.there)
    try:
        if fault.afresh:
            scene.hurried.end()
            scene.hurried.begin()
        yield told
    finally:
        told.at = time.monotonic()
        fault.mends(scene.there)


def _noticed(watched: Callable[[], Sight], fault: Fault) -> float:
    limit = time.monotonic() + fault.limit_s
    while watched()[fault.subject].state not in fault.states:
        expect(
            f"{fault.subject} {' or '.join(fault.states)} within {fault.limit_s:g} s", holds=time.monotonic() < limit
        )
        time.sleep(_PAUSE_S)
    return time.monotonic()


def _named(scene: Scene, fault: Fault, watched: Callable[[], Sight]) -> str:
    """The cause, which may take a moment longer than the state: one end tells first."""
    limit, said = time.monotonic() + _CAUSE_S, ""
    while re.fullmatch(fault.cause, said) is None:
        if time.monotonic() > limit:
            raise ExpectationError(f"expected the cause {fault.cause!r} of {fault.subject}; seen: {said!r}")
        time.sleep(_PAUSE_S)
        said = scene.cause(fault.subject, watched()) or said
    return said


def _hold(watched: Callable[[], Sight], fault: Fault, looked: Looked, begun: float) -> None:
    """Left broken for a while: what is told stays told, and what must not follow does not."""
    least = time.monotonic() + _REST_S
    most = time.monotonic() + (_BOX_S if fault.box is not None else 0.0)
    while (now := time.monotonic()) < least or (now < most and looked.first(well=False, since=begun) is None):
        stand = watched()[fault.subject]
        expect("it to be told of as long as it lasts", holds=stand.state != "up" or not fault.lasts, seen=stand)
        time.sleep(_PAUSE_S)


def _back(watched: Callable[[], Sight], fault: Fault, mended: float) -> float:
    """Seconds from mending until it is told as well."""
    limit = mended + _PATIENCE_S
    while fault.subject in troubles(seen := watched()) or seen[fault.subject].state == "unknown":
        expect(f"{fault.subject} to be well again", holds=time.monotonic() < limit, seen=seen[fault.subject])
        time.sleep(_PAUSE_S)
    return time.monotonic() - mended


def _settled(look: Callable[[], Sight]) -> None:
    """Until all has been well for a while: what was broken before must not be seen in the next row."""
    limit, since = time.monotonic() + _PATIENCE_S, time.monotonic()
    while time.monotonic() - since < _REST_S:
        if left := troubles(look()):
            since = time.monotonic()
            expect("rest", holds=since < limit, seen=sorted(left))
        time.sleep(0.1)


def _until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    limit = time.monotonic() + seconds
    while not holds():
        expect(what, holds=time.monotonic() < limit)
        time.sleep(_PAUSE_S)
