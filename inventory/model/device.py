"""Devices, what joins them, and how fosa reaches them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from inventory.model.base import Address, HostKey, InterfaceName, Mac, Name, PortNumber, SecretRef, Text, Value
from inventory.model.snmp import DeviceSnmp
from inventory.model.switchport import SwitchPorts

__all__ = [
    "Access",
    "Cluster",
    "Device",
    "DeviceKind",
    "DeviceStatus",
    "Esp",
    "Group",
    "Link",
    "LinkEnd",
    "Login",
    "Platform",
    "Port",
    "Purchase",
]


class DeviceKind(StrEnum):
    """What a box is."""

    FIREWALL = "firewall"
    SWITCH = "switch"
    PRINTER = "printer"
    COMPUTER = "computer"
    SERVER = "server"
    ACCESS_POINT = "access_point"
    MOBILE_TERMINAL = "mobile_terminal"
    UPS = "ups"


class DeviceStatus(StrEnum):
    """Where a box is in its life."""

    IN_USE = "in_use"
    STORED = "stored"
    RETIRED = "retired"


class Platform(StrEnum):
    """Whose configuration language a managed device speaks. A platform is a folder under `templates/`."""

    LINUX_GATEWAY = "linux_gateway"
    CISCO_IOS = "cisco_ios"
    JUNIPER_JUNOS = "juniper_junos"
    HP_PROCURVE = "hp_procurve"
    ARUBA_AOSCX = "aruba_aoscx"
    MIKROTIK_ROUTEROS = "mikrotik_routeros"

    @property
    def switch(self) -> bool:
        """Whether it is spoken to by its command line or NETCONF, and switches."""
        return self is not Platform.LINUX_GATEWAY


class Esp(StrEnum):
    """Who encrypts on a Linux gateway: the kernel (an XFRM interface) or charon's kernel-libipsec (a TUN)."""

    KERNEL = "kernel"
    USERSPACE = "userspace"


class Port(Value):
    """A port of a device. On a gateway it carries one zone, one WAN or nothing yet."""

    name: InterfaceName
    zone: Name | None = None
    wan: Name | None = None
    mac: Mac | None = None


class Login(Value):
    """One account on a device: where, who, which pinned host key, where the secret is."""

    address: Address
    port: PortNumber = 22
    user: Name
    host_key: HostKey | None = None
    """Without it the device is refused: a host key is never learned by itself."""
    key: SecretRef
    """A private key; on a switch that takes none, the password."""
    enable: SecretRef | None = None
    """The password of the privileged mode, where a switch asks for one."""


class Access(Value):
    """How fosa reaches a device: two accounts, neither of them root."""

    device: Name
    read: Login
    write: Login
    emulated: bool = False
    """An emulation answers there, no device: said wherever the device is shown."""


class Purchase(Value):
    """When, for how much and from which budget a device was bought."""

    date: dt.date
    price_pln: Annotated[Decimal, Field(ge=0)] | None = None
    budget: Text | None = None


class Device(Value):
    """One box. Only a device with a `platform` is configured by fosa."""

    name: Name
    kind: DeviceKind
    building: Name
    room: Name | None = None
    zone: Name | None = None
    address: Address | None = None
    platform: Platform | None = None
    vendor: Text | None = None
    model: Text | None = None
    firmware: Text | None = None
    serial: Text | None = None
    mac: Mac | None = None
    ports: tuple[Port, ...] = ()
    switch_ports: tuple[SwitchPorts, ...] = ()
    """Of a switch: what each of its ports is for, by the device's own names."""
    esp: Esp = Esp.KERNEL
    stands_by: Name | None = None
    """The gateway whose place it takes when that one fails (`inventory.pairs`): both have the same ports, and each has
    a management address of its own, which never moves."""
    snmp: DeviceSnmp | None = None
    """How it is read by SNMP, where that is not as the office says."""
    owner: Text | None = None
    status: DeviceStatus = DeviceStatus.IN_USE
    bought: Purchase | None = None
    support_end: dt.date | None = None
    assumed: bool = False

    @property
    def managed(self) -> bool:
        """Whether fosa writes this device's configuration."""
        return self.platform is not None and self.status is DeviceStatus.IN_USE

    @property
    def gateway(self) -> bool:
        """Whether it is a Linux gateway that fosa configures."""
        return self.managed and self.platform is Platform.LINUX_GATEWAY


class LinkEnd(Value):
    """A port of a device."""

    device: Name
    port: InterfaceName


class Link(Value):
    """A cable: port to port."""

    name: Name
    ends: tuple[LinkEnd, LinkEnd]


class Cluster(Value):
    """Devices that stand in for each other."""

    name: Name
    devices: Annotated[tuple[Name, ...], Field(min_length=2)]


class Group(Value):
    """Devices that are known only as a count."""

    name: Name
    kind: DeviceKind
    building: Name
    zone: Name
    count: Annotated[int, Field(gt=0, strict=True)]
    assumed: bool = False
