"""How the office's switches are hardened, and where one of them is let off."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from inventory.model.base import Address, Name, SecretRef, Text, Value
from inventory.model.device import Platform

__all__ = ["BannerLine", "LastResort", "Lockout", "NtpKey", "Radius", "Requirement", "Switching", "Waiver"]

BannerLine = Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Za-z0-9][A-Za-z0-9 ,.:()/-]{0,75}\Z"))]
"""One line of a banner: plain letters only, because a console shows no others."""


class Requirement(StrEnum):
    """What a hardened access switch does; a platform that cannot says so (`templates/<platform>/means.py`)."""

    MANAGEMENT_VLAN = "management_vlan"
    MANAGEMENT_SOURCES = "management_sources"
    SSH_MODERN = "ssh_modern"
    CENTRAL_AAA = "central_aaa"
    LAST_RESORT = "last_resort"
    STRONG_HASH = "strong_hash"
    SNMP_V3 = "snmp_v3"
    SNMP_SHA2 = "snmp_sha2"
    NTP_AUTHENTICATED = "ntp_authenticated"
    TWO_LOG_SERVERS = "two_log_servers"
    BANNER = "banner"
    IDLE_TIMEOUT = "idle_timeout"
    LOCKOUT = "lockout"
    SERVICES_OFF = "services_off"
    LLDP_LIMITED = "lldp_limited"
    VLANS = "vlans"
    VOICE = "voice"
    PORT_SECURITY = "port_security"
    DHCP_SNOOPING = "dhcp_snooping"
    ARP_INSPECTION = "arp_inspection"
    STORM_CONTROL = "storm_control"
    BPDU_GUARD = "bpdu_guard"
    DOT1X = "dot1x"
    UNUSED_DOWN = "unused_down"


class Radius(Value):
    """A server that knows the people who administer."""

    address: Address
    key: SecretRef


class NtpKey(Value):
    """The key time servers prove themselves with."""

    number: Annotated[int, Field(ge=1, le=65535, strict=True)]
    key: SecretRef


class LastResort(Value):
    """The one local account, for the day no RADIUS server answers."""

    user: Name
    hashes: dict[Platform, SecretRef]
    """Its password as each platform keeps it, hashed: what a device stores is what fosa compares."""


class Lockout(Value):
    """After so many wrong passwords an account waits so long."""

    tries: Annotated[int, Field(ge=1, le=10, strict=True)] = 3
    minutes: Annotated[int, Field(ge=1, le=60, strict=True)] = 15


class Waiver(Value):
    """A requirement that is not met for now, with a reason and an end."""

    requirement: Requirement
    device: Name | None = None
    """None: every switch."""
    why: Text
    until: dt.date


class Switching(Value):
    """What holds for every switch that fosa configures."""

    last_resort: LastResort
    mask_key: SecretRef
    """Under which secrets in the texts of switches are masked: 32 characters or more."""
    radius: tuple[Radius, ...] = ()
    second_log_server: Address | None = None
    """Beside `network.log_server`."""
    ntp_key: NtpKey | None = None
    idle_minutes: Annotated[int, Field(ge=1, le=10, strict=True)] = 5
    lockout: Lockout = Lockout()
    banner: Annotated[tuple[BannerLine, ...], Field(min_length=1, max_length=6)] = (
        "Dostep wylacznie dla osob upowaznionych.",
        "Dzialania sa rejestrowane i podlegaja kontroli.",
    )
    storm_percent: Annotated[int, Field(ge=1, le=50, strict=True)] = 5
    waivers: tuple[Waiver, ...] = ()
