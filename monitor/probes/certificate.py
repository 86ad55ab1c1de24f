"""How long certificates are good for, and whether they do for what they are used as: ours, authorities, hosts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inventory.errors import FosaError
from inventory.model import ClientCertificate, Login, Office, Platform
from inventory.pairs import seat
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard, said
from monitor.probes.client_certificate import references
from monitor.probes.handshake import disbelieving, shake
from monitor.probes.shown import Host, chain_of, hosts, now, unasked
from monitor.results import Measured, ProbeKind, State
from templates.linux_gateway.gate.managed import CERTIFICATE

if TYPE_CHECKING:
    from monitor.certificates.shown import Certificate

__all__ = ["PROBE", "Gateway", "ask", "of_gateway"]

_OURS = Pace(period_s=3600.0, timeout_s=10.0)
_THEIRS = Pace(period_s=3600.0, timeout_s=15.0, own=False, turn=2)
_GATEWAYS = Pace(period_s=3600.0, timeout_s=20.0, again_s=300.0)
_WORSE = (State.UP, State.DEGRADED, State.DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held(Target):
    """A certificate of ours."""

    shows: ClientCertificate


@dataclass(frozen=True, slots=True, kw_only=True)
class _File(Target):
    """A file of authorities."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(Target):
    """What a gateway of ours proves itself with, and by whose word it believes others."""

    device: str
    login: Login


def _targets(office: Office) -> Iterator[Target]:
    for channel in office.channels:
        subject = f"channel:{channel.name}"
        if (shows := channel.client_certificate) is not None:
            yield _Held(name=f"{channel.name}/ours", subject=subject, where=shows.secret, pace=_OURS, shows=shows)
        if channel.ca is not None:
            yield _File(name=f"{channel.name}/ca", subject=subject, where=channel.ca, pace=_OURS, file=channel.ca)
    yield from hosts(office, _THEIRS)
    yield from _gateways(office)


def _gateways(office: Office) -> Iterator[Gateway]:
    """Those with a tunnel for which certificates are shown."""
    for device in office.gateways:
        access = office.access_to(device.name)
        shows = any(tunnel.authentication.psk is None for tunnel in office.tunnels_of(seat(office, device.name)))
        if access is not None and shows and device.platform is Platform.LINUX_GATEWAY:
            yield Gateway(
                name=f"{device.name}/own",
                subject=f"device:{device.name}",
                where=f"{device.name} {CERTIFICATE}",
                pace=_GATEWAYS,
                device=device.name,
                login=access.read,
            )


def _secrets(office: Office) -> Iterator[str]:
    yield from references(office)
    yield from (gateway.login.key for gateway in _gateways(office))


async def ask(target: Target, secrets: Secrets) -> Outcome:
    """As `Probe.ask`."""
    try:
        if isinstance(target, _Held):
            return _of_ours(target, secrets)
        if isinstance(target, _File):
            return _of_file(target, secrets)
        if isinstance(target, Host):
            return await _of_host(target)
        if isinstance(target, Gateway):
            # The watch has a way (monitor.holders); this process has none.
            return unasked(say(N_("this process has no way to its gateway")))
    except FosaError as error:
        return Outcome(state=State.DOWN, cause=said(error), sent=target.where)
    raise TypeError(target)


def _of_ours(target: _Held, secrets: Secrets) -> Outcome:
    from monitor.certificates.holding import hold
    from monitor.certificates.judging import Role, standing

    if (text := secrets.get(target.shows.secret)) is None:
        return unasked(say(N_("{ref} cannot be read"), ref=target.shows.secret))
    holding = hold(text, secrets.get(target.shows.password or ""))
    at = now()
    # The lead time is that of whoever issues ours: its issuers' own certificates are not ours to renew.
    verdicts = [
        standing(holding.certificate, Role.CLIENT, at, target.shows.lead_days),
        *(standing(each, Role.AUTHORITY, at, ours=False) for each in holding.issuers),
    ]
    return _outcome(target, (holding.certificate, *holding.issuers), verdicts, at)


def _of_file(target: _File, secrets: Secrets) -> Outcome:
    from monitor.certificates.judging import Role, standing
    from monitor.certificates.shown import bundle

    if (text := secrets.get(target.file)) is None:
        return unasked(say(N_("{ref} cannot be read"), ref=target.file))
    at = now()
    found = bundle(text)
    verdicts = [standing(each, Role.AUTHORITY, at) for each in found]
    if any(state is not State.DOWN for state, _cause in verdicts):
        # Beside one that is good, one that has ended does no harm.
        verdicts = [(State.DEGRADED if state is State.DOWN else state, cause) for state, cause in verdicts]
    return _outcome(target, found, verdicts, at)


def of_gateway(target: Gateway, held: Sequence[tuple[str, bool]], seconds: float) -> Outcome:
    """Of PEM texts, each with whether it is an authority's. NonsenseError where one is none."""
    from monitor.certificates.judging import Role, standing
    from monitor.certificates.shown import bundle

    at = now()
    found = [(each, authority) for text, authority in held for each in bundle(text)]
    verdicts = [standing(each, Role.AUTHORITY if authority else Role.PEER, at) for each, authority in found]
    return replace(_outcome(target, [each for each, _authority in found], verdicts, at), seconds=seconds)


async def _of_host(target: Host) -> Outcome:
    from monitor.certificates.judging import Role, standing

    shaken = await shake(target.server, disbelieving())
    chain = chain_of(shaken)
    if isinstance(chain, Sentence):
        return Outcome(state=State.DOWN, cause=chain, sent=target.where, seconds=shaken.seconds)
    if not chain:
        return Outcome(
            state=State.UNKNOWN,
            cause=shaken.problem or say(N_("the host shows no certificate")),
            sent=target.where,
            seconds=shaken.seconds,
        )
    at = now()
    roles = (Role.SERVER, *(Role.AUTHORITY for _each in chain[1:]))
    verdicts = [standing(each, role, at, ours=False) for each, role in zip(chain, roles, strict=True)]
    return _outcome(target, chain, verdicts, at)


def _outcome(
    target: Target, found: Sequence[Certificate], verdicts: Sequence[tuple[State, Sentence]], at: dt.datetime
) -> Outcome:
    """The worst of them; of equally bad ones the one that ends first."""
    from monitor.certificates.judging import left_days

    ranked = zip(verdicts, found, strict=True)
    (state, cause), _of = min(ranked, key=lambda one: (-_WORSE.index(one[0][0]), one[1].not_after))
    return Outcome(
        state=state,
        cause=cause,
        sent=target.where,
        received=heard(", ".join(f"{each.title} ({each.key}, {each.not_after:%Y-%m-%d})" for each in found)),
        measured=(Measured(name="left_days", value=min(left_days(each, at) for each in found)),),
    )


PROBE = Probe(ProbeKind.CERTIFICATE, _targets, ask, _secrets)
