"""What the watch may ask of a platform beside whether it is there: nothing personal, and nothing that writes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Fqdn, Name, PortNumber, SecretRef, Value

__all__ = ["Canary", "FtpLogin", "FtpName", "HealthCheck", "Sha256", "TimeStamps", "WebPath", "XmlName"]

WebPath = Annotated[str, StringConstraints(pattern=re.compile(r"^/[A-Za-z0-9._~/%?=&+-]{0,199}\Z"))]
"""The part of an address behind host and port: `/slowniki?wsdl`."""

XmlName = Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]{0,99}\Z"))]

Sha256 = Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9a-f]{64}\Z"))]

FtpName = Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}\Z"))]


class Canary(Value):
    """A service of the platform that is asked now and then, as the office's own programs ask it."""

    path: WebPath
    """Of the service's description: `/slowniki?wsdl`."""
    operation: XmlName | None = None
    """One that takes nothing and only reads, such as a dictionary; without it only the description is read."""
    endpoint: Fqdn | None = None
    """One of the channel's hosts; without it the first."""
    every_min: Annotated[int, Field(ge=5, le=1440, strict=True)] = 5
    sha256: Sha256 | None = None
    """Of the description as it is known; without it, it is held against the first one that the watch has seen."""


class HealthCheck(Value):
    """The health-check port of an X-Road security server of the office's own, plain HTTP (X-Road's ug-ss)."""

    device: Name
    port: PortNumber
    """X-Road has none switched on by itself."""


class FtpLogin(Value):
    """The account that a file exchange is entered with."""

    user: FtpName
    password: SecretRef
    endpoint: Fqdn | None = None
    """One of the channel's hosts; without it the first."""


class TimeStamps(Value):
    """A time-stamp authority (RFC 3161) among the channel's hosts."""

    endpoint: Fqdn
    path: WebPath = "/"
    tls: bool = False
    """Stamps prove themselves: most authorities speak plain HTTP. They are believed by the channel's `ca`."""
