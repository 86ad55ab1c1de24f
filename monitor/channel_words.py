"""A channel's verdict in the words people read: one sentence how it is, and by when something is owed."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from inventory.words import gettext as _
from monitor.channel import Aspect, AspectReading, ChannelReading
from monitor.hops import Hop
from monitor.results import State

__all__ = ["aspect", "hop", "verdict"]


def aspect(reading: AspectReading) -> str:
    """One aspect in a word or two."""
    return {
        Aspect.SECURE: {
            State.UP: _("secure"),
            State.DEGRADED: _("secure, with something to be looked at"),
            State.DOWN: _("not secure"),
            State.UNKNOWN: _("not known whether it is secure"),
        },
        Aspect.HEALTHY: {
            State.UP: _("healthy"),
            State.DEGRADED: _("works, not as it should"),
            State.DOWN: _("does not work"),
            State.UNKNOWN: _("not known whether it works"),
        },
        Aspect.DUTY: {
            State.UP: _("duty met"),
            State.DEGRADED: _("duty due"),
            State.DOWN: _("duty missed"),
            State.UNKNOWN: _("not known whether the duty is met"),
        },
    }[reading.aspect][reading.state]


def hop(value: Hop) -> str:
    """A hop on the way."""
    return {
        Hop.LAN: _("own network"),
        Hop.GATEWAY: _("gateway"),
        Hop.WAN: _("line to the internet"),
        Hop.DNS: _("names"),
        Hop.TCP: _("connection"),
        Hop.TLS: _("encryption"),
        Hop.CLIENT_CERTIFICATE: _("our certificate"),
        Hop.APPLICATION: _("application of the platform"),
        Hop.REGISTRATION: _("registration, domain system, or people"),
    }[value]


def verdict(reading: ChannelReading, zone: ZoneInfo) -> str:
    """How it is, what fails first, and the next duty: one sentence."""
    parts = [", ".join(map(aspect, reading.aspects)), *_failing(reading), *_due(reading, zone)]
    return _("{channel}: {parts}.").format(channel=reading.channel, parts="; ".join(parts))


def _failing(reading: ChannelReading) -> Iterator[str]:
    if reading.failing is not None:
        at = next(each for each in reading.hops if each.hop is reading.failing)
        yield _("fails first: {hop} ({cause})").format(hop=hop(at.hop), cause=at.cause)


def _due(reading: ChannelReading, zone: ZoneInfo) -> Iterator[str]:
    if reading.due is None:
        return
    text = (
        _("overdue since {when}: look for applications")
        if reading.due < reading.at
        else _("next: look for applications by {when}")
    )
    yield text.format(when=f"{reading.due.astimezone(zone):%Y-%m-%d %H:%M}")
