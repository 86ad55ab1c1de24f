"""Where probes may go: what the flows of the inventory let the manager speak to, and no other place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Channel, ChannelKind, Office, PlatformEndpoint
from inventory.policy import Oracle

__all__ = ["ChannelPlace", "channel_places", "tls_places"]

_SECURED = frozenset({ChannelKind.HTTPS_MTLS, ChannelKind.HTTPS_WSS})
_TLS_PORTS = frozenset({443, 990, 8443})
"""Where TLS begins with the first byte, whatever the channel (443 and 990 by IANA)."""


@dataclass(frozen=True, slots=True)
class ChannelPlace:
    """One pinned address of a platform's endpoint."""

    channel: Channel
    endpoint: PlatformEndpoint
    address: IPv4Address

    @property
    def name(self) -> str:
        """`csizs/ws.example.gov:443`, with the address where the endpoint has several."""
        port = f"{self.channel.name}/{self.endpoint.name}:{self.endpoint.port}"
        return port if len(self.endpoint.pinned) == 1 else f"{port}/{self.address}"


def channel_places(office: Office) -> Iterator[ChannelPlace]:
    """Pinned addresses of the channels' endpoints that a flow lets the manager reach today."""
    manager = office.device(office.network.manager)
    if manager.address is None:
        return
    oracle = Oracle(office, dt.datetime.now(dt.UTC).date())
    for channel in office.channels:
        for endpoint in channel.endpoints:
            for address in endpoint.pinned:
                if oracle.verdict(manager.address, address, "tcp", endpoint.port).allowed:
                    yield ChannelPlace(channel, endpoint, address)


def tls_places(office: Office) -> Iterator[ChannelPlace]:
    """Those of them where TLS begins with the first byte."""
    for place in channel_places(office):
        if place.channel.kind in _SECURED or place.endpoint.port in _TLS_PORTS:
            yield place
