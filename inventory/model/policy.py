"""What may speak with what: services and flows."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field, StringConstraints

from inventory.model.base import Name, Text, Value

__all__ = ["Endpoint", "EndpointKind", "EndpointText", "Flow", "PortSpec", "Service", "ServicePort"]

_PORT = re.compile(r"^(?P<protocol>tcp|udp)/(?P<first>[1-9][0-9]{0,4})(-(?P<last>[1-9][0-9]{0,4}))?\Z")

ServicePort = Annotated[
    str, StringConstraints(pattern=re.compile(r"^((tcp|udp)/[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?|icmp/echo)\Z"))
]
"""`tcp/443`, `udp/5000-5010` or `icmp/echo`."""


class PortSpec(NamedTuple):
    """A service's port, parsed. `first` and `last` are 0 for `icmp`."""

    protocol: str
    first: int
    last: int


class Service(Value):
    """A named set of ports. No ports means: the vendor has not said; flows that need it are listed, not rendered."""

    name: Name
    title: Text | None = None
    ports: tuple[ServicePort, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the ports are known."""
        return bool(self.ports)

    @property
    def specs(self) -> tuple[PortSpec, ...]:
        """The ports, parsed."""
        return tuple(_parse_port(port) for port in self.ports)


def _parse_port(text: str) -> PortSpec:
    if (match := _PORT.match(text)) is None:
        return PortSpec("icmp", 0, 0)
    first = int(match["first"])
    return PortSpec(match["protocol"], first, int(match["last"] or first))


class EndpointKind(StrEnum):
    """What an end of a flow names."""

    ZONE = "zone"
    DEVICE = "device"
    CHANNEL = "channel"
    GATEWAYS = "gateways"
    INTERNET = "internet"
    LINES = "lines"
    """The addresses of the office's own lines in other buildings: what the internet sees of them."""


EndpointText = Annotated[
    str,
    StringConstraints(
        pattern=re.compile(
            r"^(zone:[a-z][a-z0-9-]{0,30}(@[a-z][a-z0-9-]{0,30})?|(device|channel):[a-z][a-z0-9-]{0,30}|gateways|internet|lines)\Z"
        )
    ),
]
"""`zone:ps` (everywhere), `zone:ps@b` (in one), `device:dc-k`, `channel:csizs`, `gateways`, `internet`, `lines`."""


class Endpoint(NamedTuple):
    """One end of a flow, parsed."""

    kind: EndpointKind
    name: str
    building: str | None

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """Parse a text that already matched `EndpointText`."""
        kind, _, rest = text.partition(":")
        name, _, building = rest.partition("@")
        return cls(EndpointKind(kind), name, building or None)


class Flow(Value):
    """Traffic that is allowed, with who asked for it, why, and until when."""

    name: Name
    source: Annotated[tuple[EndpointText, ...], Field(alias="from", min_length=1)]
    destination: Annotated[tuple[EndpointText, ...], Field(alias="to", min_length=1)]
    services: Annotated[tuple[Name, ...], Field(min_length=1)]
    owner: Text
    purpose: Text
    legal_basis: Text | None = None
    review: dt.date | None = None
    until: dt.date | None = None
    log: bool = False

    @property
    def sources(self) -> tuple[Endpoint, ...]:
        """The source ends, parsed."""
        return tuple(Endpoint.parse(text) for text in self.source)

    @property
    def destinations(self) -> tuple[Endpoint, ...]:
        """The destination ends, parsed."""
        return tuple(Endpoint.parse(text) for text in self.destination)
