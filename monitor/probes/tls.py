"""Whether a platform's host proves who it is, over a TLS that is still thought safe."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from inventory.model import Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Probe, Secrets
from monitor.probes.handshake import Handshake, shake
from monitor.probes.shown import Host, anchors, chain_of, context_for, describe, hosts, now, public_files
from monitor.results import Measured, ProbeKind, State

if TYPE_CHECKING:
    import ssl

    from monitor.certificates.shown import Certificate

__all__ = ["PROBE"]

_PACE = Pace(period_s=300.0, timeout_s=15.0, own=False, turn=2)
_SAFE = frozenset({"TLSv1.2", "TLSv1.3"})
"""Below it: RFC 8996."""


def _targets(office: Office) -> Iterator[Host]:
    return hosts(office, _PACE)


async def _ask(target: Host, secrets: Secrets) -> Outcome:
    context = context_for(target, secrets)
    if isinstance(context, Outcome):
        return context
    return _judged(target, secrets, await shake(target.server, context), context)


def _judged(target: Host, secrets: Secrets, shaken: Handshake, context: ssl.SSLContext) -> Outcome:
    chain = chain_of(shaken)
    broken = chain if isinstance(chain, Sentence) else None
    certificates = () if isinstance(chain, Sentence) else chain
    if shaken.problem is not None:
        state, cause = State.DOWN, broken or _blamed(target, secrets, shaken, certificates) or shaken.problem
    elif broken is not None:
        # OpenSSL takes it, and we do not: nobody is cut off.
        state, cause = State.DEGRADED, broken
    else:
        state, cause = _standing(target, shaken, certificates)
    return Outcome(
        state=state,
        cause=cause,
        sent=f"ClientHello for {target.server.name} to {target.where}, {_believed_by(target, context)}",
        received=describe(shaken, certificates),
        seconds=shaken.seconds,
        measured=_left(certificates),
    )


def _standing(target: Host, shaken: Handshake, chain: tuple[Certificate, ...]) -> tuple[State, Sentence]:
    """Of a host that is believed."""
    protocol, cipher = shaken.protocol, shaken.cipher
    if protocol not in _SAFE:
        text = N_("the host speaks nothing newer than {protocol}, which nobody may use any more")
        return State.DOWN, say(text, protocol=protocol or "?")
    if target.pins and not any(each.pin in target.pins for each in chain):
        text = N_("{title} is believed, and none of the keys of its chain is one that the inventory pins")
        return State.DEGRADED, say(text, title=chain[0].title)
    if protocol == "TLSv1.2" and (objection := _objection(cipher)) is not None:
        return State.DEGRADED, objection
    if (weak := next((each for each in chain if each.weakness and not each.self_issued), None)) is not None:
        return State.DEGRADED, say(N_("{title} is too weak: {weakness}"), title=weak.title, weakness=weak.weakness)
    text = N_("{protocol}; {title} is good until {end}")
    return State.UP, say(text, protocol=protocol, title=chain[0].title, end=chain[0].not_after.date().isoformat())


def _objection(cipher: str) -> Sentence | None:
    """What is wrong with a TLS 1.2 cipher suite, in OpenSSL's words: those of RFC 9325, section 4.2."""
    if "GCM" not in cipher and "CCM" not in cipher and "CHACHA20" not in cipher:
        return say(
            N_("the host chooses {cipher}, which is not sealed (CBC), although better was offered"), cipher=cipher
        )
    if not cipher.startswith(("ECDHE", "DHE")):
        return say(N_("the host chooses {cipher}, which has no forward secrecy"), cipher=cipher)
    return None


def _blamed(target: Host, secrets: Secrets, shaken: Handshake, chain: tuple[Certificate, ...]) -> Sentence | None:
    if not shaken.verify_code:
        return None
    from monitor.certificates.chain import blame

    return blame(chain, anchors(target, secrets), shaken.verify_code, target.server.name, now())


def _left(chain: tuple[Certificate, ...]) -> tuple[Measured, ...]:
    if not chain:
        return ()
    from monitor.certificates.judging import left_days

    at = now()
    return (Measured(name="left_days", value=min(left_days(each, at) for each in chain)),)


def _believed_by(target: Host, context: ssl.SSLContext) -> str:
    whom = target.ca or "the machine's authorities"
    return f"believing {whom} ({context.cert_store_stats()['x509_ca']} loaded)"


PROBE = Probe(ProbeKind.TLS, _targets, _ask, public_files)
