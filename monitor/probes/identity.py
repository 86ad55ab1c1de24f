"""How a host of a channel is entered: where it is, whom it is believed by, and what it is shown."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.errors import FosaError
from inventory.model import Channel, ClientCertificate, PlatformEndpoint
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.probes.base import Secrets, said
from monitor.probes.handshake import Server
from monitor.probes.shown import believed_by
from monitor.probes.ways import Ways

__all__ = ["Door", "context", "door", "references"]


@dataclass(frozen=True, slots=True)
class Door:
    """One host of a channel."""

    server: Server
    ca: str | None
    shows: ClientCertificate | None
    objection: Sentence | None
    """Why it is not asked; None where it is."""

    @property
    def where(self) -> str:
        """For people."""
        return f"{self.server.name} port {self.server.port}"


def door(channel: Channel, name: str | None, ways: Ways) -> Door:
    """The host of that name, or the channel's first; at the first of its addresses that the manager may go to."""
    endpoint = next((each for each in channel.endpoints if name in {None, each.name}), channel.endpoints[0])
    address = next((each for each in endpoint.pinned if ways.lead_to(each, "tcp", endpoint.port)), None)
    return Door(
        server=Server("" if address is None else str(address), endpoint.port, endpoint.name),
        ca=channel.ca,
        shows=channel.client_certificate,
        objection=None if address is not None else _objection(endpoint),
    )


def references(channel: Channel) -> Iterator[str]:
    """What `context` needs the texts of."""
    found = [channel.ca]
    if channel.client_certificate is not None:
        found += [channel.client_certificate.secret, channel.client_certificate.password]
    return (ref for ref in found if ref is not None)


def context(entered: Door, secrets: Secrets) -> ssl.SSLContext | Sentence:
    """For a host that proves who it is, over nothing that can be broken; or why nobody can be believed or shown."""
    made = believed_by(entered.ca, secrets)
    if isinstance(made, Sentence):
        return made
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers("DEFAULT:@SECLEVEL=2")
    if entered.shows is None:
        return made
    if (text := secrets.get(entered.shows.secret)) is None:
        return say(N_("{ref} cannot be read: there is nothing to show"), ref=entered.shows.secret)
    from monitor.certificates.holding import hold, show

    try:
        show(made, hold(text, secrets.get(entered.shows.password or "")))
    except FosaError as error:
        return said(error)
    return made


def _objection(endpoint: PlatformEndpoint) -> Sentence:
    if not endpoint.pinned:
        return say(N_("no address is pinned for {name}: nobody is let through to it"), name=endpoint.name)
    return say(N_("no flow lets the manager go to {place}"), place=f"{endpoint.name} port {endpoint.port}")
