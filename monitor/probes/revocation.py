"""Whether a certificate is revoked, and whether whoever must say so can still be asked: OCSP first, then the list."""

from __future__ import annotations

import asyncio
import itertools
import secrets as random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.errors import FosaError
from inventory.model import ClientCertificate, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError
from monitor.outgoing import Exits, NoWayError, fetch, question
from monitor.probes.base import Outcome, Pace, Probe, Secrets, heard, said
from monitor.probes.client_certificate import references
from monitor.probes.handshake import disbelieving, shake
from monitor.probes.places import tls_places
from monitor.probes.shown import Host, anchors, chain_of, host, now, unasked
from monitor.refused import Protocol, checked
from monitor.results import Measured, ProbeKind, State

if TYPE_CHECKING:
    from monitor.certificates.ocsp import Answer
    from monitor.certificates.shown import Certificate

__all__ = ["PROBE"]

_PACE = Pace(period_s=3600.0, timeout_s=60.0, own=False, turn=2)
_DEEP = 4
"""So many certificates of a chain are asked about."""
_PLACES = 2
"""So many of the places a certificate names are asked, of each sort."""
_PLACE_S = 10.0
_WORSE = (State.UP, State.UNKNOWN, State.DEGRADED, State.DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Revocable(Host):
    """A host, or the certificate we show it."""

    exits: Exits
    shows: ClientCertificate | None = None


def _targets(office: Office) -> Iterator[_Revocable]:
    exits, ours = Exits(office), set[str]()
    for place in tls_places(office):
        base, shows, channel = host(place, _PACE), place.channel.client_certificate, place.channel.name
        yield _of(base, base.name, base.where, exits)
        if shows is not None and channel not in ours:
            ours.add(channel)
            yield _of(base, f"{channel}/ours", shows.secret, exits, shows)


def _of(base: Host, name: str, where: str, exits: Exits, shows: ClientCertificate | None = None) -> _Revocable:
    return _Revocable(
        name=name,
        subject=base.subject,
        where=where,
        pace=base.pace,
        server=base.server,
        ca=base.ca,
        pins=base.pins,
        exits=exits,
        shows=shows,
    )


async def _ask(target: _Revocable, secrets: Secrets) -> Outcome:
    chain = _own_chain(target, secrets) if target.shows is not None else await _shown_chain(target)
    if isinstance(chain, Sentence):
        return unasked(chain)
    from monitor.certificates.chain import links

    whole = links(chain, anchors(target, secrets))
    asked = list(itertools.pairwise(whole))[:_DEEP]
    if not asked:
        text = N_("the certificate of whoever has issued {title} is not known: put it into the channel's ca")
        return unasked(say(text, title=chain[0].title))
    answers = [await _answered(each, issuer, target.exits) for each, issuer in asked if each is chain[0] or _says(each)]
    return _outcome([title for title, _issuer in asked], answers)


def _says(certificate: Certificate) -> bool:
    """Whether it names a place where it can be asked about; that of an authority in between often does not."""
    return bool(certificate.ocsp or certificate.lists)


async def _shown_chain(target: _Revocable) -> tuple[Certificate, ...] | Sentence:
    shaken = await shake(target.server, disbelieving())
    return chain_of(shaken) or shaken.problem or say(N_("the host shows no certificate"))


def _own_chain(target: _Revocable, secrets: Secrets) -> tuple[Certificate, ...] | Sentence:
    from monitor.certificates.holding import hold

    if target.shows is None or (text := secrets.get(target.shows.secret)) is None:
        return say(N_("{ref} cannot be read"), ref=target.where)
    try:
        holding = hold(text, secrets.get(target.shows.password or ""))
    except FosaError as error:
        return said(error)
    return (holding.certificate, *holding.issuers)


async def _answered(certificate: Certificate, issuer: Certificate, exits: Exits) -> Answer:
    """By the first place that gives an answer that proves something; else what is wrong with the last one."""
    from monitor.certificates.ocsp import Answer

    if not _says(certificate):
        return Answer(
            State.UNKNOWN, say(N_("{title} names no place to ask whether it is revoked"), title=certificate.title)
        )
    found: list[Answer] = []
    for sort, places in (("ocsp", certificate.ocsp), ("crl", certificate.lists)):
        for url in places[:_PLACES]:
            answer = await _from_place(sort, url, (certificate, issuer), exits)
            if answer.proof:
                return _beside(found, answer)
            found.append(answer)
    return max(found, key=lambda answer: _WORSE.index(answer.state))


def _beside(found: Sequence[Answer], answer: Answer) -> Answer:
    """A place that is silent is degraded, also where the next one has answered that all is well."""
    silent = [one for one in found if one.state is State.DEGRADED]
    return silent[0] if silent and answer.state is State.UP else answer


async def _from_place(sort: str, url: str, pair: tuple[Certificate, Certificate], exits: Exits) -> Answer:
    from monitor.certificates import crl, ocsp
    from monitor.certificates.ocsp import Answer

    certificate, issuer = pair
    nonce = random.token_bytes(ocsp.NONCE_BYTES)
    try:
        async with asyncio.timeout(_PLACE_S):
            if sort == "ocsp":
                request = question(url, ocsp.question(certificate, issuer, nonce), "application/ocsp-request")
                answer = await fetch(request, exits)
                with checked(Protocol.OCSP):
                    return ocsp.judge(answer, certificate, issuer, nonce, now())
            listed = await fetch(question(url), exits)
            with checked(Protocol.CRL):
                return crl.judge(listed, certificate, issuer, now())
    except NoWayError as error:
        return Answer(State.UNKNOWN, said(error), proof=False)
    except NonsenseError as error:
        return Answer(State.DEGRADED, said(error), proof=False)
    except OSError as error:
        why = heard(error.strerror or str(error) or f"{_PLACE_S:g} s")
        cause = say(N_("{place}, which knows what is revoked, does not answer: {why}"), place=heard(url), why=why)
        return Answer(State.DEGRADED, cause, proof=False)


def _outcome(asked: Sequence[Certificate], answers: Sequence[Answer]) -> Outcome:
    worst = max(answers, key=lambda answer: _WORSE.index(answer.state))
    ends = [answer.until for answer in answers if answer.until is not None]
    left = (min(ends) - now()).total_seconds() if ends else None
    return Outcome(
        state=worst.state,
        cause=worst.cause,
        sent=heard("whether revoked: " + ", ".join(each.title for each in asked)),
        received=heard("; ".join(str(answer.cause) for answer in answers)),
        measured=() if left is None else (Measured(name="revocation_left_seconds", value=left),),
    )


PROBE = Probe(ProbeKind.REVOCATION, _targets, _ask, references)
