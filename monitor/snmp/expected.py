"""Which devices are polled, how, and by which way: from the inventory alone, never from what happens to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from inventory.model import (
    Device,
    DeviceKind,
    DeviceSnmp,
    DeviceStatus,
    Office,
    Platform,
    SnmpAuthentication,
    SnmpPrivacy,
    SnmpVersion,
)
from inventory.policy import Oracle
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.results import State
from monitor.snmp.model import Polled

__all__ = ["Credential", "ExpectedPoll", "Manner", "Way", "expected_polls", "poll_secrets", "unpolled"]

KINDS = frozenset({DeviceKind.SWITCH, DeviceKind.FIREWALL, DeviceKind.PRINTER, DeviceKind.UPS, DeviceKind.ACCESS_POINT})
"""Polled as soon as they have an address and are in use; others where the inventory says how."""
_SHA1_ONLY = frozenset({Platform.CISCO_IOS, Platform.HP_PROCURVE})
"""What fosa configures there authenticates with SHA-1, everywhere else with SHA-256 (their templates)."""
_GRACE = 2.5


class Way(StrEnum):
    """Through which of the library's doors tables are walked."""

    QUICK = "quick"
    """`monitor.snmp.fast`, where it can be gone and no rate is kept to; else the public one."""
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a device is asked. Seconds."""

    period_s: float
    timeout_s: float
    """For one answer."""
    poll_s: float
    """For a whole poll."""
    repetitions: int
    """Rows asked for at once, to begin with."""
    most_repetitions: int
    rate: float | None
    """Questions a second at most; None: as fast as it answers."""
    way: Way = Way.QUICK

    @property
    def fresh_s(self) -> float:
        """Older than this a poll proves nothing: one may be lost to a busy moment."""
        return _GRACE * self.period_s + self.poll_s


_USUAL = Manner(period_s=60.0, timeout_s=2.0, poll_s=25.0, repetitions=25, most_repetitions=50, rate=None)
_GENTLE = Manner(period_s=300.0, timeout_s=4.0, poll_s=60.0, repetitions=8, most_repetitions=12, rate=40.0)
"""Printers: a small processor that has pages to print."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a device is asked with; the secrets by reference."""

    version: SnmpVersion
    user: str = ""
    auth: str = ""
    priv: str = ""
    authentication: SnmpAuthentication = SnmpAuthentication.SHA256
    privacy: SnmpPrivacy = SnmpPrivacy.AES128
    community: str = ""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The references it needs."""
        return tuple(ref for ref in (self.auth, self.priv, self.community) if ref)


@dataclass(frozen=True, slots=True)
class ExpectedPoll:
    """A device that the inventory wants polled."""

    device: str
    address: IPv4Address
    port: int
    credential: Credential
    manner: Manner
    hindrance: Sentence | None = None
    """Why it cannot be asked, as far as the inventory tells."""
    through: str | None = None
    """The tunnel that leads to it, where it stands behind one."""


def expected_polls(office: Office) -> tuple[ExpectedPoll, ...]:
    """Every device that is polled, in the order of the inventory, also those nobody lets the manager reach."""
    oracle = Oracle(office, dt.datetime.now(dt.UTC).date())
    return tuple(
        ExpectedPoll(
            device=device.name,
            address=device.address,
            port=161 if device.snmp is None else device.snmp.port,
            credential=_credential(office, device),
            manner=_GENTLE if device.kind is DeviceKind.PRINTER else _USUAL,
            hindrance=_hindrance(office, device, oracle),
            through=_through(office, device),
        )
        for device in office.devices
        if device.address is not None and _is_polled(device)
    )


def poll_secrets(office: Office) -> frozenset[str]:
    """The references of the secrets that polling needs."""
    return frozenset(ref for poll in expected_polls(office) for ref in poll.credential.secrets)


def unpolled(poll: ExpectedPoll, at: dt.datetime) -> Polled:
    """A device that has not been asked yet."""
    cause = poll.hindrance or say(N_("not asked yet"))
    return Polled(device=poll.device, state=State.UNKNOWN, cause=cause, since=at, fresh_s=poll.manner.fresh_s)


def _is_polled(device: Device) -> bool:
    if device.status is not DeviceStatus.IN_USE:
        return False
    if device.snmp is None:
        return device.kind in KINDS
    return device.snmp.version is not SnmpVersion.OFF


def _credential(office: Office, device: Device) -> Credential:
    usual, own = office.network.snmp, device.snmp or DeviceSnmp()
    if own.version is SnmpVersion.V2C:
        return Credential(SnmpVersion.V2C, community=own.community or "")
    return Credential(
        SnmpVersion.V3,
        user=own.user or usual.user,
        auth=own.auth or usual.auth,
        priv=own.priv or usual.priv,
        authentication=own.authentication or _authentication(office, device),
        privacy=own.privacy or (SnmpPrivacy.AES128 if device.managed else usual.privacy),
    )


def _authentication(office: Office, device: Device) -> SnmpAuthentication:
    if not device.managed:
        return office.network.snmp.authentication
    return SnmpAuthentication.SHA1 if device.platform in _SHA1_ONLY else SnmpAuthentication.SHA256


def _hindrance(office: Office, device: Device, oracle: Oracle) -> Sentence | None:
    """A gateway lets the manager in by itself; hosts of one network speak past every gateway."""
    manager = office.device(office.network.manager)
    if manager.address is None:
        return say(N_("the manager has no address in the inventory"))
    assert device.address is not None  # noqa: S101  only such are polled
    if device.gateway or device.name == manager.name or _are_together(office, manager.address, device.address):
        return None
    port = 161 if device.snmp is None else device.snmp.port
    if oracle.verdict(manager.address, device.address, "udp", port).allowed:
        return None
    return say(
        N_("no flow of the inventory lets {manager} ask {device} by SNMP (udp/{port})"),
        manager=manager.name,
        device=device.name,
        port=port,
    )


def _are_together(office: Office, one: IPv4Address, other: IPv4Address) -> bool:
    networks = (prefix.network for zone in office.zones for prefix in zone.prefixes)
    return any(one in network and other in network for network in networks)


def _through(office: Office, device: Device) -> str | None:
    """The tunnel from the manager's building whose far end has the device behind it and whose near end has not."""
    manager = office.device(office.network.manager)
    if device.building == manager.building:
        return None
    here = {gateway.name for gateway in office.gateways if gateway.building == manager.building}
    for tunnel in office.tunnels:
        near = [end for end in tunnel.ends if end.device in here]
        far = [end for end in tunnel.ends if end.device is not None and end.device not in here]
        if near and any(device.address in network for end in far for network in end.networks):
            return tunnel.name
    return None
