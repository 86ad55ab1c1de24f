"""Whether a platform's service answers as its description says: the description itself, and one harmless question.

It is asked rarely, by the office's own identity, for nothing personal, and nothing is written. What comes back is read
in a process of its own (`monitor.probes.envelope`); this one only carries texts to and fro.
"""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from inventory.model import Canary, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError
from monitor.probes import identity
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard, said
from monitor.probes.identity import Door
from monitor.probes.operation import Visit, call
from monitor.probes.shown import unasked
from monitor.probes.ways import Ways
from monitor.probes.web import Answer, Question
from monitor.refused import Protocol, refuse
from monitor.results import ProbeKind, State

__all__ = ["PROBE", "Canaries", "Service", "is_description"]

_TIMEOUT_S = 90.0
_SLOW_S = 5.0
_ROOTS = frozenset({"http://schemas.xmlsoap.org/wsdl/ definitions", "http://www.w3.org/ns/wsdl description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Target):
    """A service of a platform."""

    door: Door
    canary: Canary


class Canaries:
    """Remembers the first description of each service: where none is pinned, a later one is held against it."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def prepare(self) -> None:
        """Nothing of it needs a privilege."""

    def close(self) -> None:
        """Nothing is open."""

    async def ask(self, target: Service, secrets: Secrets) -> Outcome:
        """As `Probe.ask`."""
        if target.door.objection is not None:
            return unasked(target.door.objection)
        context = identity.context(target.door, secrets)
        if isinstance(context, Sentence):
            return unasked(context)
        visit = Visit(target.door, context)
        received = ""
        try:
            description = await visit.ask(Question(target.canary.path))
            received = f"HTTP {description.status}, {len(description.body)} bytes, {description.media}"
            state, cause = await self._judged(target, visit, description)
        except NonsenseError as error:
            state, cause = State.DOWN, said(error)
        except ssl.SSLError as error:
            why = getattr(error, "verify_message", "") or (error.reason or "").lower().replace("_", " ")
            state, cause = State.DOWN, say(N_("no TLS connection: {why}"), why=heard(why))
        return Outcome(
            state=state,
            cause=cause,
            sent=f"{', '.join(visit.asked)} to {target.where}",
            received=heard(received),
            seconds=visit.seconds,
        )

    async def _judged(self, target: Service, visit: Visit, description: Answer) -> tuple[State, Sentence]:
        if description.status != 200:
            return State.DOWN, say(N_("the host answers HTTP {status}"), status=description.status)
        if not is_description(description.body):
            refuse(Protocol.SOAP, Flaw.MALFORMED)
            return State.DOWN, say(N_("what the host gives for its description is none"))
        if target.canary.operation is not None:
            state, cause = await call(visit, target.canary.path, target.canary.operation, description)
            if state is not State.UP:
                return state, cause
        digest = hashlib.sha256(description.body).hexdigest()
        known = target.canary.sha256 or self._first.setdefault(target.name, digest)
        if digest != known:
            text = N_("the description of the service has changed: its SHA-256 is {digest} now")
            return State.DEGRADED, say(text, digest=digest)
        if visit.seconds > _SLOW_S:
            return State.DEGRADED, say(N_("the service answers slowly"))
        return State.UP, say(N_("the service answers"))


def _targets(office: Office) -> Iterator[Service]:
    ways = Ways(office)
    for channel in office.channels:
        canary = channel.canary
        if canary is not None:
            entered = identity.door(channel, canary.endpoint, ways)
            yield Service(
                name=channel.name,
                subject=f"channel:{channel.name}",
                where=entered.where,
                pace=Pace(period_s=canary.every_min * 60.0, timeout_s=_TIMEOUT_S, own=False, turn=2),
                door=entered,
                canary=canary,
            )


def _secrets(office: Office) -> Iterable[str]:
    return (ref for channel in office.channels if channel.canary is not None for ref in identity.references(channel))


def is_description(body: bytes) -> bool:
    """Whether it is a WSDL 1.1 or 2.0 document, as far as its outermost element goes; a DTD is none of it."""
    roots: list[str] = []
    depth = 0

    def begin(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 1:
            roots.append(name)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_what: object) -> None:
        raise ValueError

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = begin, end, doctype
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return roots[:1] != [] and roots[0] in _ROOTS


PROBE = Probe(ProbeKind.SOAP, _targets, Canaries, _secrets)
