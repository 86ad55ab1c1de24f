"""The ways to central platforms, and how certain each fact about them is."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from inventory.model.base import Address, Fqdn, Name, PortNumber, Text, Value

__all__ = ["Channel", "ChannelKind", "Confidence", "PlatformEndpoint"]


class ChannelKind(StrEnum):
    """How a unit reaches a platform."""

    HTTPS_MTLS = "https_mtls"
    HTTPS_WSS = "https_wss"
    IPSEC_L2L = "ipsec_l2l"
    IPSEC_RA = "ipsec_ra"
    PRIVATE_WAN = "private_wan"
    XROAD_SS = "xroad_ss"
    FTPS = "ftps"
    VENDOR_HOSTED = "vendor_hosted"


class Confidence(StrEnum):
    """How far a stated fact may be trusted."""

    CONFIRMED = "confirmed"
    HISTORICAL = "historical"
    ANALOGOUS = "analogous"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"


class PlatformEndpoint(Value):
    """A host of the platform. `pinned` addresses are what the firewall lets through; none means it lets nothing."""

    name: Fqdn
    port: PortNumber
    pinned: tuple[Address, ...] = ()


class Channel(Value):
    """One way to one platform."""

    name: Name
    title: Text
    kind: ChannelKind
    confidence: Confidence
    source: Text
    as_of: dt.date | None = None
    endpoints: Annotated[tuple[PlatformEndpoint, ...], Field(min_length=1)]
    tunnel: Name | None = None
    """The tunnel that carries it, for the IPsec kinds."""

    @property
    def assumed(self) -> bool:
        """Whether nobody has confirmed that this channel exists as written."""
        return self.confidence in {Confidence.ASSUMED, Confidence.UNKNOWN}
