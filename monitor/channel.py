"""One verdict for each way to a platform: secure, healthy, duty met, or not known. Pure: a picture in, readings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from enum import StrEnum

from inventory.channels import duty_of, profile_of, services_of
from inventory.model import Channel, ChannelKind, Office, ServiceStatus
from inventory.model.base import Value
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.duty import AGE, next_deadline
from monitor.hops import APPLICATIONS, Evidence, Hop, HopReading, evidence, hops, worst
from monitor.results import ProbeKind, ProbeResult, State, Watched

__all__ = ["Aspect", "AspectReading", "ChannelReading", "ServiceReading", "judge_channel", "judge_channels"]

_SHOWN_FIRST = (State.DOWN, State.DEGRADED)
_SECURING = (ProbeKind.TLS, ProbeKind.CLIENT_CERTIFICATE, ProbeKind.CERTIFICATE, ProbeKind.REVOCATION)
_TLS = frozenset({ChannelKind.HTTPS_MTLS, ChannelKind.HTTPS_WSS})
_TUNNELS = frozenset({ChannelKind.IPSEC_L2L, ChannelKind.IPSEC_RA})


class Aspect(StrEnum):
    """What a verdict speaks of."""

    SECURE = "secure"
    """Both ends prove who they are, over what is still thought safe."""
    HEALTHY = "healthy"
    """What is asked is answered, by the application itself."""
    DUTY = "duty"
    """The platform is asked every working day."""


class AspectReading(Value):
    """How one aspect stands. UNKNOWN as long as one of its proofs is missing and nothing is known to be wrong."""

    aspect: Aspect
    state: State
    cause: Sentence


class ServiceReading(Value):
    """One service of the platform for this office's areas."""

    name: str
    title: str
    status: ServiceStatus
    areas: tuple[str, ...]
    wanted: bool
    """Whether it has to work for this office: what is not wanted is never an alarm."""
    state: State
    cause: Sentence


class ChannelReading(Value):
    """One way to one platform."""

    channel: str
    title: str
    assumed: bool
    """Whether nobody has confirmed that it exists as written."""
    at: dt.datetime
    aspects: tuple[AspectReading, ...]
    """Without `duty` where nothing is owed."""
    hops: tuple[HopReading, ...]
    failing: Hop | None
    """The first hop on the way that fails; None where none is known to."""
    services: tuple[ServiceReading, ...]
    due: dt.datetime | None
    """By when the platform is to be asked next."""

    def aspect(self, aspect: Aspect) -> AspectReading | None:
        """How one of them stands; None where there is none."""
        return next((each for each in self.aspects if each.aspect is aspect), None)


def judge_channels(office: Office, watched: Watched) -> tuple[ChannelReading, ...]:
    """Every channel of the inventory, in its order."""
    return tuple(judge_channel(office, channel, watched) for channel in office.channels)


def judge_channel(office: Office, channel: Channel, watched: Watched) -> ChannelReading:
    """One of them, at the moment of the picture."""
    seen = evidence(office, channel, watched)
    way = hops(seen)
    duty = _duty(channel, seen)
    aspects = (_secure(channel, seen), _announced(channel, watched.at, _healthy(channel, seen, way)))
    return ChannelReading(
        channel=channel.name,
        title=channel.title,
        assumed=channel.assumed,
        at=watched.at,
        aspects=(*aspects, duty) if duty is not None else aspects,
        hops=way,
        failing=next((each.hop for each in way if each.state is State.DOWN), None),
        services=tuple(_services(office, channel, way)),
        due=_due(office, channel, seen, watched.at),
    )


def _secure(channel: Channel, seen: Evidence) -> AspectReading:
    if channel.kind in _TUNNELS:
        return _of(Aspect.SECURE, seen.tunnel, _needed(seen.tunnel, N_("the inventory names no tunnel for it")))
    needed = {ProbeKind.TLS}
    if channel.kind is ChannelKind.HTTPS_MTLS:
        needed.add(ProbeKind.CLIENT_CERTIFICATE)
    found = [probe for kind in _SECURING for probe in seen.of(kind)]
    # What a certificate gives nobody a chance to find out is no reason to doubt everything else.
    counted = [probe for probe in found if probe.kind in needed or probe.state is not State.UNKNOWN]
    if channel.kind not in _TLS:
        return _of(Aspect.SECURE, _told(counted), _needed(counted, N_("nothing looks at how this kind is secured")))
    missing = next((kind for kind in _SECURING if kind in needed and not seen.of(kind)), None)
    if missing is ProbeKind.TLS:
        return _of(Aspect.SECURE, _told(counted), say(N_("no flow lets fosa shake hands with the platform")))
    if missing is not None:
        return _of(Aspect.SECURE, _told(counted), say(N_("the inventory names no client certificate to be shown")))
    return _of(Aspect.SECURE, _told(counted), None)


def _healthy(channel: Channel, seen: Evidence, way: Iterable[HopReading]) -> AspectReading:
    passed = [(each.state, each.cause) for each in way if each.looked_at and each.hop not in _NOT_HEALTH]
    if not any(seen.of(kind) for kind in APPLICATIONS):
        if channel.kind in _TUNNELS and not seen.probes:
            return _of(Aspect.HEALTHY, passed, say(N_("no flow lets fosa ask through the tunnel")))
        return _of(Aspect.HEALTHY, passed, say(N_("nothing asks the application: the inventory names no canary")))
    return _of(Aspect.HEALTHY, passed, None)


_NOT_HEALTH = frozenset({Hop.TLS, Hop.REGISTRATION})


def _duty(channel: Channel, seen: Evidence) -> AspectReading | None:
    if duty_of(channel) is None:
        return None
    return _of(Aspect.DUTY, _told(seen.of(ProbeKind.DUTY)), _needed(seen.of(ProbeKind.DUTY), N_("nobody takes note")))


def _due(office: Office, channel: Channel, seen: Evidence, at: dt.datetime) -> dt.datetime | None:
    duty = duty_of(channel)
    if duty is None:
        return None
    ages = [
        each.value + (probe.age_s or 0.0)
        for probe in seen.of(ProbeKind.DUTY)
        for each in probe.measured
        if each.name == AGE
    ]
    newest = at - dt.timedelta(seconds=min(ages)) if ages else None
    return next_deadline(duty, office.calendar, newest, at)


def _announced(channel: Channel, at: dt.datetime, reading: AspectReading) -> AspectReading:
    """What fails in an announced outage is no alarm; what works, works."""
    notice = next((each for each in channel.notices if each.covers(at)), None)
    if notice is None or reading.state is State.UP:
        return reading
    text = N_("an outage is announced until {ends}: {reason}")
    cause = say(text, ends=f"{notice.ends:%Y-%m-%d %H:%M %z}", reason=notice.reason)
    return reading.model_copy(update={"state": State.UNKNOWN, "cause": cause})


def _services(office: Office, channel: Channel, way: tuple[HopReading, ...]) -> Iterator[ServiceReading]:
    """Only what verifies the connection is asked; the others are down with the way to them, else nobody knows."""
    application = next(each for each in way if each.hop is Hop.APPLICATION)
    broken = next((each for each in way if each.state is State.DOWN and each.hop is not Hop.REGISTRATION), None)
    known = profile_of(channel)
    for each in services_of(office, channel) if known is not None else ():
        if not each.wanted:
            state, cause = State.UNKNOWN, _unwanted(each.status, ours=each.ours)
        elif each.service.canary and application.looked_at:
            state, cause = application.state, application.cause
        elif broken is not None:
            state, cause = State.DOWN, broken.cause
        else:
            state, cause = State.UNKNOWN, say(N_("nobody asks it: only the dictionary may be asked"))
        yield ServiceReading(
            name=each.service.name,
            title=each.service.title,
            status=each.status,
            areas=each.service.areas,
            wanted=each.wanted,
            state=state,
            cause=cause,
        )


def _unwanted(status: ServiceStatus, *, ours: bool) -> Sentence:
    if status is not ServiceStatus.ACTIVE:
        return say(N_("not in use"))
    return say(N_("in use")) if ours else say(N_("for areas that the office has not"))


def _of(aspect: Aspect, found: Iterable[tuple[State, Sentence]], missing: Sentence | None) -> AspectReading:
    """The worst that was found; where nothing is wrong, and a proof is missing, nobody knows."""
    told = list(found)
    state, cause = worst(told)
    if missing is not None and state not in _SHOWN_FIRST:
        state, cause = State.UNKNOWN, missing
    return AspectReading(aspect=aspect, state=state, cause=cause)


def _told(probes: Iterable[ProbeResult]) -> list[tuple[State, Sentence]]:
    return [(probe.state, probe.cause) for probe in probes]


def _needed(found: Iterable[object], text: str) -> Sentence | None:
    return None if list(found) else say(text)
