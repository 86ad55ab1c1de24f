"""Whether a time-stamp authority stamps, with the right time: without it a security server refuses messages in the end.

X-Road's own limit is four hours (acceptable-timestamp-failure-period).
"""

from __future__ import annotations

import datetime as dt
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model import Office, TimeStamps
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError
from monitor.probes import identity
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard, said
from monitor.probes.identity import Door
from monitor.probes.shown import unasked
from monitor.probes.stamp import Wish, read, roots_in, wish
from monitor.probes.ways import Ways
from monitor.probes.web import Answer, Question, fetch
from monitor.results import Measured, ProbeKind, State

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

__all__ = ["PROBE", "Authority", "Came", "judged", "off_s"]

_PACE = Pace(period_s=900.0, timeout_s=30.0, own=False, turn=2)
_OFF_S = 1.0
_WHOLE_S = 1.0
"""A stamp without a fraction of a second means any moment of that second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Target):
    """A time-stamp authority."""

    door: Door
    stamps: TimeStamps


@dataclass(frozen=True, slots=True)
class Came:
    """An answer, how long it took, and when it was there by this machine's clock."""

    answer: Answer
    seconds: float
    now: dt.datetime


def _targets(office: Office) -> Iterator[Authority]:
    ways = Ways(office)
    for channel in office.channels:
        stamps = channel.time_stamps
        if stamps is not None:
            entered = identity.door(channel, stamps.endpoint, ways)
            yield Authority(
                name=channel.name,
                subject=f"channel:{channel.name}",
                where=entered.where,
                pace=_PACE,
                door=entered,
                stamps=stamps,
            )


def _secrets(office: Office) -> Iterable[str]:
    asked = (channel for channel in office.channels if channel.time_stamps is not None)
    return (ref for channel in asked for ref in identity.references(channel))


async def _ask(target: Authority, secrets: Secrets) -> Outcome:
    if target.door.objection is not None:
        return unasked(target.door.objection)
    context = identity.context(target.door, secrets) if target.stamps.tls else None
    if isinstance(context, Sentence):
        return unasked(context)
    roots = roots_in(secrets.get(target.door.ca or "", ""))
    if not roots:
        return unasked(say(N_("the channel names no authority (ca) that stamps could be believed by")))
    wished = wish()
    question = Question(target.stamps.path, wished.der, (("Content-Type", "application/timestamp-query"),))
    begun = time.monotonic()
    try:
        answer = await fetch(target.door.server, question, context)
    except NonsenseError as error:
        return _outcome(target, (State.DOWN, said(error)))
    except ssl.SSLError as error:
        why = getattr(error, "verify_message", "") or (error.reason or "").lower().replace("_", " ")
        return _outcome(target, (State.DOWN, say(N_("no TLS connection: {why}"), why=heard(why))))
    return judged(target, wished, Came(answer, time.monotonic() - begun, dt.datetime.now(dt.UTC)), roots)


def judged(target: Authority, wished: Wish, came: Came, roots: Sequence[Certificate]) -> Outcome:
    """What an answer says of the authority."""
    answer = came.answer
    received = f"HTTP {answer.status}, {len(answer.body)} bytes, {answer.media}"
    if answer.status != 200:
        text = N_("the host answers HTTP {status}")
        return _outcome(target, (State.DOWN, say(text, status=answer.status)), received)
    at = read(wished, answer.body, roots)
    if isinstance(at, Sentence):
        return _outcome(target, (State.DOWN, at), received)
    off = off_s(at, came.now, came.seconds)
    found = State.UP, say(N_("the authority stamps, with the right time"))
    if abs(off) > _OFF_S:
        text = N_("the authority's time and this machine's differ by {seconds} s")
        found = State.DOWN, say(text, seconds=round(abs(off)))
    return _outcome(target, found, f"{received}, {at.isoformat()}", came.seconds, off)


def off_s(at: dt.datetime, now: dt.datetime, seconds: float) -> float:
    """By how much a stamp is ahead of our clock; 0 where it lies between question and answer."""
    since = (at - now).total_seconds() + seconds
    latest = since + (_WHOLE_S if at.microsecond == 0 else 0.0)
    if latest < 0.0:
        return latest
    return max(0.0, since - seconds)


def _outcome(
    target: Authority,
    found: tuple[State, Sentence],
    received: str = "",
    seconds: float | None = None,
    off: float | None = None,
) -> Outcome:
    state, cause = found
    return Outcome(
        state=state,
        cause=cause,
        sent=f"POST {target.stamps.path} to {target.where}: a time-stamp over random bytes",
        received=heard(received),
        seconds=seconds,
        measured=() if off is None else (Measured(name="offset_seconds", value=off),),
    )


PROBE = Probe(ProbeKind.TIME_STAMP, _targets, _ask, _secrets)
