"""The ways to central platforms, and how certain each fact about them is."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Address, Fqdn, Name, PortNumber, SecretRef, Text, Value
from inventory.model.duty import DailyDuty, Notice, ServiceSaid
from inventory.model.question import Canary, FtpLogin, HealthCheck, TimeStamps

__all__ = ["Channel", "ChannelKind", "ClientCertificate", "Confidence", "KeyPin", "PlatformEndpoint", "PublicFile"]

KeyPin = Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Za-z0-9+/]{43}=\Z"))]
"""SHA-256 over a certificate's SubjectPublicKeyInfo, in Base64 (RFC 7469, section 2.4)."""

PublicFile = Annotated[
    str,
    StringConstraints(
        pattern=re.compile(r"^public:[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*){0,7}\Z")
    ),
]
"""A file of the inventory folder that is no secret: `public:ca/csizs.pem`."""


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
    pins: tuple[KeyPin, ...] = ()
    """Keys, one of which must be in the chain the host shows; none means that any trusted chain will do."""


class ClientCertificate(Value):
    """What the office proves itself with to a platform."""

    secret: SecretRef
    """PEM: the certificate, its issuers, and its private key; or PKCS#12 in Base64."""
    password: SecretRef | None = None
    """Of the private key, or of the PKCS#12."""
    lead_days: Annotated[int, Field(ge=0, le=365, strict=True)] = 0
    """How long its issuer takes to issue the next one."""


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
    ca: PublicFile | None = None
    """PEM of the authorities its hosts are believed by; without it those that the machine trusts."""
    client_certificate: ClientCertificate | None = None
    canary: Canary | None = None
    health: HealthCheck | None = None
    """Of the office's own security server, for `xroad_ss`."""
    ftp: FtpLogin | None = None
    """For `ftps`."""
    time_stamps: TimeStamps | None = None
    profile: Name | None = None
    """What fosa ships of the platform: `pl-csizs-empatia`. What stands here goes before it."""
    services: tuple[ServiceSaid, ...] = ()
    """Of the profile, as they stand for this office."""
    duty: DailyDuty | None = None
    """To look every working day; without it what the profile says."""
    notices: tuple[Notice, ...] = ()
    """Announced outages."""

    @property
    def assumed(self) -> bool:
        """Whether nobody has confirmed that this channel exists as written."""
        return self.confidence in {Confidence.ASSUMED, Confidence.UNKNOWN}
