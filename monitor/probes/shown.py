"""What a platform's host shows in a handshake, and whom it is believed by: for every kind that looks at TLS."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model import Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError
from monitor.probes.base import Outcome, Pace, Secrets, Target, heard, said
from monitor.probes.handshake import Handshake, Server, believing
from monitor.probes.places import ChannelPlace, tls_places
from monitor.refused import Protocol, checked
from monitor.results import State

if TYPE_CHECKING:
    from monitor.certificates.shown import Certificate

__all__ = [
    "Host",
    "anchors",
    "believed_by",
    "chain_of",
    "context_for",
    "describe",
    "hosts",
    "now",
    "public_files",
    "unasked",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Host(Target):
    """A host of a platform that speaks TLS."""

    server: Server
    ca: str | None
    pins: tuple[str, ...]


def hosts(office: Office, pace: Pace) -> Iterator[Host]:
    """Every host of a platform that speaks TLS, where the manager may go."""
    for place in tls_places(office):
        yield host(place, pace)


def host(place: ChannelPlace, pace: Pace) -> Host:
    """The host of one place."""
    endpoint = place.endpoint
    return Host(
        name=place.name,
        subject=f"channel:{place.channel.name}",
        where=f"{place.address} port {endpoint.port}",
        pace=pace,
        server=Server(str(place.address), endpoint.port, endpoint.name),
        ca=place.channel.ca,
        pins=endpoint.pins,
    )


def public_files(office: Office) -> Iterable[str]:
    """The files of authorities that channels name."""
    return (channel.ca for channel in office.channels if channel.ca is not None)


def context_for(target: Host, secrets: Secrets) -> ssl.SSLContext | Outcome:
    """What the host is believed by; or that nothing can be asked, and why."""
    context = believed_by(target.ca, secrets)
    return unasked(context) if isinstance(context, Sentence) else context


def believed_by(ca: str | None, secrets: Secrets) -> ssl.SSLContext | Sentence:
    """The same for whoever is believed by a file of authorities, or by those of the machine; or why nobody is."""
    if ca is None:
        return believing(None)
    if (text := secrets.get(ca)) is None:
        return say(N_("{file} cannot be read: nobody knows whom to believe"), file=ca)
    try:
        return believing(text)
    except ValueError:
        return say(N_("{file} holds no certificate in PEM"), file=ca)


def anchors(target: Host, secrets: Secrets) -> tuple[Certificate, ...]:
    """The authorities of the channel's file; none where it has no file, or a broken one."""
    from monitor.certificates.shown import bundle

    text = None if target.ca is None else secrets.get(target.ca)
    try:
        return () if text is None else bundle(text)
    except NonsenseError:
        return ()


def chain_of(shaken: Handshake) -> tuple[Certificate, ...] | Sentence:
    """The chain as the host shows it, or what is wrong with the first of it that cannot be read."""
    from monitor.certificates.shown import read

    if shaken.garbled is not None:
        return shaken.garbled
    try:
        with checked(Protocol.CERTIFICATE):
            return tuple(map(read, shaken.chain))
    except NonsenseError as error:
        return said(error)


def describe(shaken: Handshake, chain: Iterable[Certificate]) -> str:
    """What came, for the debug page."""
    words = [shaken.protocol, shaken.cipher, *(f"{each.title} ({each.key})" for each in chain)]
    if shaken.alert is not None:
        words.append(f"alert {shaken.alert}")
    return heard(", ".join(filter(None, words)))


def unasked(cause: Sentence) -> Outcome:
    """That nothing was asked, and what is missing."""
    return Outcome(state=State.UNKNOWN, cause=cause, sent="nothing")


def now() -> dt.datetime:
    """The moment certificates are judged at."""
    return dt.datetime.now(dt.UTC)
