"""Whether a platform's host asks for our certificate, and takes it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inventory.errors import FosaError
from inventory.model import ChannelKind, ClientCertificate, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Probe, Secrets, heard, said
from monitor.probes.handshake import ALERTS, Handshake, shake
from monitor.probes.places import tls_places
from monitor.probes.shown import Host, context_for, host, public_files, unasked
from monitor.results import ProbeKind, State

__all__ = ["PROBE", "references"]

_PACE = Pace(period_s=900.0, timeout_s=20.0, own=False, turn=2)
_STATUS = re.compile(rb"HTTP/[0-9.]{1,3} ([0-9]{3})\b")
_DISLIKED = frozenset({400, 495, 496})
"""What nginx answers to a certificate that it misses or does not take (ngx_http_ssl_module), after the handshake."""
_REFUSED = {
    "access_denied": N_("the host knows our certificate and does not let it in (access_denied)"),
    "bad_certificate": N_("the host cannot read our certificate, or its signature is wrong (bad_certificate)"),
    "certificate_expired": N_("for the host our certificate has ended, or its clock is wrong (certificate_expired)"),
    "certificate_required": N_("the host demands a certificate, and took none from us (certificate_required)"),
    "certificate_revoked": N_("our certificate is revoked, says the host (certificate_revoked)"),
    "certificate_unknown": N_("the host does not take our certificate, without a reason (certificate_unknown)"),
    "decrypt_error": N_("the host says that our signature is wrong (decrypt_error)"),
    "handshake_failure": N_("the host breaks the handshake off, as it does where it misses a certificate"),
    "unknown_ca": N_("the host does not know who has issued our certificate (unknown_ca)"),
    "unsupported_certificate": N_("the host does not take certificates of this kind (unsupported_certificate)"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Door(Host):
    """A host that our certificate opens."""

    shows: ClientCertificate
    demanded: bool
    """Whether the channel's kind says that it has to be shown."""


def _targets(office: Office) -> Iterator[_Door]:
    for place in tls_places(office):
        shows = place.channel.client_certificate
        if shows is not None:
            base = host(place, _PACE)
            yield _Door(
                name=base.name,
                subject=base.subject,
                where=base.where,
                pace=base.pace,
                server=base.server,
                ca=base.ca,
                pins=base.pins,
                shows=shows,
                demanded=place.channel.kind is ChannelKind.HTTPS_MTLS,
            )


def references(office: Office) -> Iterable[str]:
    """Of the certificates we show, of their passwords, and of the authorities hosts are believed by."""
    shown = (channel.client_certificate for channel in office.channels)
    ours = (ref for each in shown if each is not None for ref in (each.secret, each.password) if ref is not None)
    return (*ours, *public_files(office))


async def _ask(target: _Door, secrets: Secrets) -> Outcome:
    context = context_for(target, secrets)
    if isinstance(context, Outcome):
        return context
    # Nobody is shown it over what can be broken.
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    text = secrets.get(target.shows.secret)
    if text is None:
        return unasked(say(N_("{ref} cannot be read: there is nothing to show"), ref=target.shows.secret))
    from monitor.certificates.holding import hold, show

    try:
        holding = hold(text, secrets.get(target.shows.password or ""))
        show(context, holding)
    except FosaError as error:
        return unasked(said(error))
    request = f"HEAD / HTTP/1.1\r\nHost: {target.server.name}\r\nUser-Agent: fosa\r\nConnection: close\r\n\r\n"
    shaken = await shake(target.server, context, request.encode())
    state, cause = _judged(target, shaken)
    return Outcome(
        state=state,
        cause=cause,
        sent=f"{holding.certificate.title} and HEAD / to {target.server.name} at {target.where}",
        received=_received(shaken),
        seconds=shaken.seconds,
    )


def _judged(target: _Door, shaken: Handshake) -> tuple[State, Sentence]:
    if shaken.verify_code:
        text = N_("our certificate was not shown: the host does not prove who it is")
        return State.UNKNOWN, say(text)
    if shaken.problem is not None:
        refused = _REFUSED.get(ALERTS.get(shaken.alert or 0, ""))
        return State.DOWN, say(refused) if refused is not None else shaken.problem
    if not shaken.requested:
        state = State.DEGRADED if target.demanded else State.UP
        return state, say(N_("the host does not ask for a certificate: it lets in whoever comes"))
    status = _status(shaken.answer)
    if status in _DISLIKED:
        text = N_("the handshake is taken, and then the host answers {status}, as if it did not like our certificate")
        return State.DEGRADED, say(text, status=status)
    if status is None:
        return State.DEGRADED, say(N_("our certificate is taken, and what comes then is not HTTP"))
    return State.UP, say(N_("our certificate is taken; HTTP {status}"), status=status)


def _status(answer: bytes) -> int | None:
    found = _STATUS.match(answer)
    return None if found is None else int(found[1])


def _received(shaken: Handshake) -> str:
    first = shaken.answer.partition(b"\r\n")[0].decode("latin-1")
    alert = "" if shaken.alert is None else f"alert {ALERTS.get(shaken.alert, shaken.alert)}"
    asked = "a request for a certificate" if shaken.requested else ""
    return heard(", ".join(filter(None, (shaken.protocol, asked, alert, first))))


PROBE = Probe(ProbeKind.CLIENT_CERTIFICATE, _targets, _ask, references)
