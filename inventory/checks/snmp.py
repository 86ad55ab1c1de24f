"""How devices are read by SNMP: what fits together, and what is weak."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.problem import Path, Problem, error, note, warning
from inventory.model import Device, DeviceSnmp, Office, SnmpAuthentication, SnmpPrivacy, SnmpVersion
from inventory.words import gettext as _

__all__ = ["check"]

_WEAK = frozenset({SnmpAuthentication.MD5, SnmpPrivacy.DES})
_OF_V3 = ("user", "auth", "priv", "authentication", "privacy")


def check(office: Office) -> Iterator[Problem]:
    """What the office says, and what its devices have of their own."""
    snmp = office.network.snmp
    yield from _weak(("network", "snmp"), snmp.authentication, snmp.privacy)
    for i, device in enumerate(office.devices):
        if device.snmp is not None:
            yield from _own(("devices", i, "snmp"), device, device.snmp)


def _own(path: Path, device: Device, own: DeviceSnmp) -> Iterator[Problem]:
    if own.version is not SnmpVersion.OFF and device.address is None:
        yield error(path, _("a device without an address cannot be asked"))
    if own.version is SnmpVersion.V2C:
        if own.community is None:
            yield error(path, _("version v2c needs a community"))
        yield warning(
            path, _("version v2c: the community and all figures go over the network in clear; use v3 where it can")
        )
    elif own.community is not None:
        yield error((*path, "community"), _("only version v2c has a community"))
    if own.version is not SnmpVersion.V3:
        for key in _OF_V3:
            if getattr(own, key) is not None:
                yield note((*path, key), _("says nothing: only version v3 has it"))
    else:
        yield from _weak(path, own.authentication, own.privacy)


def _weak(path: Path, *used: SnmpAuthentication | SnmpPrivacy | None) -> Iterator[Problem]:
    for one, key in zip(used, ("authentication", "privacy"), strict=True):
        if one in _WEAK:
            yield warning((*path, key), _("{algorithm} can be broken; use sha256 and aes128").format(algorithm=one))
