"""What is known of a central platform: data with a source and a certainty for each item, shipped with fosa."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Fqdn, Name, PortNumber, Text, Value
from inventory.model.channel import ChannelKind, Confidence
from inventory.model.duty import DailyDuty, ServiceStatus

__all__ = [
    "AreaCode",
    "ContactKnown",
    "Duty",
    "DutyTimes",
    "Initiator",
    "LeadTime",
    "PlatformService",
    "Profile",
    "ProfileCertificate",
    "ProfileEndpoint",
    "ProfileRates",
    "ProfileTime",
    "ProfileWay",
    "Source",
    "Sourced",
    "Unknown",
]

AreaCode = Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Z]{2,5}(\+[A-Z]{2,5})?\Z"))]
"""An area of social assistance as the platform calls it: `PS`, `SR`, `FA`, `WR+SPZ`."""


class Initiator(StrEnum):
    """Who opens connections."""

    UNIT = "unit"
    PLATFORM = "platform"
    BOTH = "both"


class Source(Value):
    """Where something stands."""

    name: Name
    title: Text
    as_of: dt.date | None = None


class Sourced(Value):
    """What somebody has said: who, by the name of a source of the profile, and how far that may be trusted."""

    source: Name
    confidence: Confidence


class ProfileWay(Sourced):
    """How the platform is reached."""

    kind: ChannelKind
    initiator: Initiator


class ProfileEndpoint(Sourced):
    """A host the platform is known by."""

    name: Fqdn
    port: PortNumber
    role: Name


class LeadTime(Sourced):
    """How long an issuer takes."""

    days: Annotated[int, Field(ge=0, le=365, strict=True)]


class ProfileCertificate(Sourced):
    """What a unit proves itself with."""

    role: Text
    lead_days: LeadTime | None = None


class PlatformService(Sourced):
    """One service of the platform."""

    name: Name
    title: Text
    status: ServiceStatus
    areas: tuple[AreaCode, ...] = ()
    """Of the units it is for; none means all."""
    canary: bool = False
    """Whether asking it is how a connection is verified."""


class DutyTimes(Sourced, DailyDuty):
    """By when on a working day."""


class Duty(Sourced):
    """What a unit has to do every working day."""

    title: Text
    times: DutyTimes


class ProfileRates(Sourced):
    """How often hosts of the platform may be looked at."""

    ping_s: Annotated[int, Field(ge=1, le=3600, strict=True)]
    canary_min: Annotated[int, Field(ge=1, le=1440, strict=True)]


class ProfileTime(Sourced):
    """How far a clock may be off, in seconds."""

    warn_s: Annotated[int, Field(ge=1, le=3600, strict=True)]
    late_s: Annotated[int, Field(ge=1, le=3600, strict=True)]


class ContactKnown(Sourced):
    """Whom to call."""

    title: Text
    phone: Text | None = None
    hours: Text | None = None


class Unknown(Value):
    """What nobody has told, and whom to ask."""

    what: Text
    ask: Text


class Profile(Value):
    """A central platform. What is None or missing is unknown: nothing is looked at, and nothing is guessed."""

    name: Name
    title: Text
    country: Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Z]{2}\Z"))]
    version: Annotated[str, StringConstraints(pattern=re.compile(r"^20[0-9]{2}\.[0-9]{1,2}\.[0-9]{1,3}\Z"))]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    way: ProfileWay
    endpoints: tuple[ProfileEndpoint, ...] = ()
    certificate: ProfileCertificate | None = None
    services: tuple[PlatformService, ...] = ()
    duty: Duty | None = None
    rates: ProfileRates | None = None
    time: ProfileTime | None = None
    contacts: tuple[ContactKnown, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    def source(self, name: str) -> Source:
        """The source of that name; KeyError when there is none."""
        for source in self.sources:
            if source.name == name:
                return source
        raise KeyError(name)
