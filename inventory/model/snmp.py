"""How devices are read by SNMP: the office's one user, and what a device has of its own."""

from __future__ import annotations

from enum import StrEnum

from inventory.model.base import Name, PortNumber, SecretRef, Value

__all__ = ["DeviceSnmp", "Snmp", "SnmpAuthentication", "SnmpPrivacy", "SnmpVersion"]


class SnmpVersion(StrEnum):
    """What a device is asked with."""

    V3 = "v3"
    V2C = "v2c"
    """The community goes over the network in clear; for devices that know nothing better."""
    OFF = "off"
    """It is not asked."""


class SnmpAuthentication(StrEnum):
    """What proves a message (RFC 3414, RFC 7860)."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


class SnmpPrivacy(StrEnum):
    """What encrypts a message (RFC 3414, RFC 3826; AES with longer keys as most makers do it, which is no RFC)."""

    DES = "des"
    AES128 = "aes128"
    AES192 = "aes192"
    AES256 = "aes256"


class Snmp(Value):
    """The one SNMPv3 user that may read, authPriv."""

    user: Name
    auth: SecretRef
    priv: SecretRef
    authentication: SnmpAuthentication = SnmpAuthentication.SHA256
    """Of devices that fosa does not configure; the others have what fosa writes."""
    privacy: SnmpPrivacy = SnmpPrivacy.AES128
    traps: bool = True
    """Whether the watch listens to what devices tell by themselves (UDP 162)."""


class DeviceSnmp(Value):
    """How one device is read, where it is not as the office says; what is left out is the office's."""

    version: SnmpVersion = SnmpVersion.V3
    user: Name | None = None
    auth: SecretRef | None = None
    priv: SecretRef | None = None
    authentication: SnmpAuthentication | None = None
    privacy: SnmpPrivacy | None = None
    community: SecretRef | None = None
    """Of version 2c."""
    port: PortNumber = 161
