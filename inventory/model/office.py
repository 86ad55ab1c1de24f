"""The office: everything an inventory says, in one frozen tree."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated, Protocol, TypeVar

from pydantic import Field, StringConstraints

from inventory.model.base import Address, Fqdn, Name, Network, Text, Value
from inventory.model.change import Changes
from inventory.model.channel import Channel
from inventory.model.device import Access, Cluster, Device, DeviceKind, Group, Link
from inventory.model.place import Building, Room, Wan
from inventory.model.policy import Flow, Service
from inventory.model.snmp import Snmp
from inventory.model.switching import Switching
from inventory.model.tunnel import Tunnel
from inventory.model.zone import Zone

__all__ = [
    "Calendar",
    "Contact",
    "CryptoProfileName",
    "DataSet",
    "DomainSystem",
    "NetworkServices",
    "Office",
    "OfficeKind",
    "ProtectionLevel",
    "Stated",
]


class OfficeKind(StrEnum):
    """Kinds of Polish social-assistance units."""

    OPS = "OPS"
    MOPS = "MOPS"
    GOPS = "GOPS"
    MGOPS = "MGOPS"
    MOPR = "MOPR"
    PCPR = "PCPR"
    CUS = "CUS"


class ProtectionLevel(StrEnum):
    """Security levels of the 2004 regulation (basic, raised, high); internet access means high."""

    BASIC = "basic"
    RAISED = "raised"
    HIGH = "high"


class CryptoProfileName(StrEnum):
    """Named allow-lists of algorithms; see `inventory.crypto`."""

    RFC_MIN = "rfc-min"
    EU_BSI = "eu-bsi"
    CNSA = "cnsa"


class Calendar(Value):
    """Working hours, and the days off beside Poland's public holidays."""

    timezone: Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Za-z]+/[A-Za-z_]+\Z"))] = "Europe/Warsaw"
    opens: dt.time = dt.time(7, 30)
    closes: dt.time = dt.time(15, 30)
    holidays: Annotated[str, StringConstraints(pattern=re.compile(r"^PL\Z"))] = "PL"
    closed: tuple[dt.date, ...] = ()


class Stated(Value):
    """Totals somebody has written down, to be held against what is itemised."""

    source: Text
    buildings: Annotated[int, Field(ge=1, strict=True)] | None = None
    devices: Annotated[int, Field(ge=0, strict=True)] | None = None
    kinds: dict[DeviceKind, Annotated[int, Field(ge=0, strict=True)]] = Field(default_factory=dict)


class NetworkServices(Value):
    """Who manages, who keeps the logs, who tells the time."""

    manager: Name
    """The device fosa works from: the only source of management connections."""
    log_server: Name
    time_sources: Annotated[tuple[Address, ...], Field(min_length=2)]
    resolvers: tuple[Address, ...] = ()
    """Who is asked for the addresses of the platforms' hosts."""
    snmp: Snmp


class DataSet(Value):
    """A registered set of personal data."""

    name: Name
    title: Text
    sensitive: bool = True
    zones: tuple[Name, ...] = ()
    assumed: bool = False


class DomainSystem(Value):
    """A system the office's work runs on."""

    name: Name
    title: Text
    vendor: Text | None = None
    version: Text | None = None
    area: Text | None = None
    device: Name | None = None
    zone: Name | None = None
    service: Name | None = None
    assumed: bool = False


class Contact(Value):
    """A role to call, not a person."""

    name: Name
    title: Text
    phone: Text | None = None
    email: Text | None = None
    hours: Text | None = None


class Office(Value):
    """An office and its network."""

    name: Name
    title: Text
    kind: OfficeKind
    teryt: Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9]{4}([0-9]{2}([0-9])?)?\Z"))] | None = None
    keso: Annotated[str, StringConstraints(pattern=re.compile(r"^[A-Z0-9-]{1,20}\Z"))] | None = None
    protection: ProtectionLevel
    crypto: CryptoProfileName = CryptoProfileName.EU_BSI
    domain: Fqdn
    prefixes: Annotated[tuple[Network, ...], Field(min_length=1)]
    """Everything inside: no address of these may ever leave a WAN in clear."""
    calendar: Calendar = Calendar()
    changes: Changes = Changes()
    stated: Stated | None = None
    network: NetworkServices
    switching: Switching | None = None
    """Needed as soon as fosa configures a switch."""

    buildings: Annotated[tuple[Building, ...], Field(min_length=1)]
    rooms: tuple[Room, ...] = ()
    wans: tuple[Wan, ...] = ()
    zones: tuple[Zone, ...] = ()
    devices: tuple[Device, ...] = ()
    access: tuple[Access, ...] = ()
    links: tuple[Link, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    groups: tuple[Group, ...] = ()
    services: tuple[Service, ...] = ()
    flows: tuple[Flow, ...] = ()
    tunnels: tuple[Tunnel, ...] = ()
    channels: tuple[Channel, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    domain_systems: tuple[DomainSystem, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def managed(self) -> tuple[Device, ...]:
        """The devices fosa configures, in the inventory's order."""
        return tuple(device for device in self.devices if device.managed)

    @property
    def gateways(self) -> tuple[Device, ...]:
        """Those of them that are Linux gateways."""
        return tuple(device for device in self.devices if device.gateway)

    @property
    def switches(self) -> tuple[Device, ...]:
        """Those of them that are switches."""
        return tuple(device for device in self.managed if device.platform is not None and device.platform.switch)

    @property
    def hub(self) -> Building:
        """The building the tunnels of the others end at."""
        return next(building for building in self.buildings if building.hub)

    def device(self, name: str) -> Device:
        """The device of that name; KeyError when there is none."""
        return _named(self.devices, name)

    def building(self, name: str) -> Building:
        """The building of that name; KeyError when there is none."""
        return _named(self.buildings, name)

    def zone(self, name: str) -> Zone:
        """The zone of that name; KeyError when there is none."""
        return _named(self.zones, name)

    def wan(self, name: str) -> Wan:
        """The line of that name; KeyError when there is none."""
        return _named(self.wans, name)

    def service(self, name: str) -> Service:
        """The service of that name; KeyError when there is none."""
        return _named(self.services, name)

    def channel(self, name: str) -> Channel:
        """The channel of that name; KeyError when there is none."""
        return _named(self.channels, name)

    def access_to(self, device: str) -> Access | None:
        """How to reach a device, or None where nobody has said."""
        return next((access for access in self.access if access.device == device), None)

    def emulated(self, device: str) -> bool:
        """Whether an emulation answers in the place of a device."""
        access = self.access_to(device)
        return access is not None and access.emulated

    def read_with(self, device: Device) -> frozenset[str]:
        """References of the secrets it takes to read a device; none where nobody has said how to reach it."""
        access = self.access_to(device.name)
        if access is None:
            return frozenset()
        refs = {access.read.key, access.read.enable}
        if device in self.switches and self.switching is not None:
            # Secrets in its text are masked by whoever reads it.
            refs.add(self.switching.mask_key)
        return frozenset(ref for ref in refs if ref is not None)

    def tunnels_of(self, device: str) -> tuple[Tunnel, ...]:
        """The tunnels that end on a device."""
        return tuple(tunnel for tunnel in self.tunnels if tunnel.end_of(device))

    def networks_in(self, building: str) -> tuple[IPv4Network, ...]:
        """The zone networks of a building, in zone order."""
        return tuple(prefix.network for zone in self.zones for prefix in zone.prefixes if prefix.building == building)


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


def _named(items: tuple[_T, ...], name: str) -> _T:
    for item in items:
        if item.name == name:
            return item
    raise KeyError(name)
