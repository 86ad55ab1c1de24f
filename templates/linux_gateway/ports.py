"""The interfaces of one gateway: which zone or line is on each, with addresses."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from inventory.errors import RenderError
from inventory.model import Device, Office
from inventory.words import gettext as _

__all__ = ["TUNNEL_INTERFACE", "WanPort", "ZonePort", "wan_ports", "zone_ports"]

TUNNEL_INTERFACE = "ipsec0"
"""Decrypted traffic arrives here and leaves here, whoever encrypts."""

_TAKEN = frozenset({"lo", "all", "default", TUNNEL_INTERFACE})


@dataclass(frozen=True, slots=True)
class ZonePort:
    """An interface with a zone's network behind it."""

    interface: str
    zone: str
    vlan: int
    address: IPv4Address
    network: IPv4Network
    network6: IPv6Network | None

    @property
    def address6(self) -> IPv6Address | None:
        """The gateway's own address in the zone's IPv6 network: the first."""
        return None if self.network6 is None else self.network6.network_address + 1

    @property
    def prefix_length6(self) -> int:
        """The length of the zone's IPv6 network; 0 where it has none."""
        return 0 if self.network6 is None else self.network6.prefixlen

    @property
    def prefix_length(self) -> int:
        """The length of the zone's IPv4 network."""
        return self.network.prefixlen


@dataclass(frozen=True, slots=True)
class WanPort:
    """An interface with a line to the internet behind it. No address means the provider gives a changing one."""

    interface: str
    wan: str
    address: IPv4Address | None
    prefix_length: int | None
    gateway: IPv4Address | None
    mtu: int
    backup: bool


def zone_ports(office: Office, device: Device) -> tuple[ZonePort, ...]:
    """The zone interfaces, in the order the device lists them."""
    found = []
    for port in device.ports:
        if port.zone is None:
            continue
        zone = office.zone(port.zone)
        prefix = zone.prefix_in(device.building)
        if prefix is None:
            raise RenderError(
                _("{device}: port {port} is in zone {zone}, which has no network in building {building}").format(
                    device=device.name, port=port.name, zone=zone.name, building=device.building
                )
            )
        found.append(
            ZonePort(
                interface=_free(device, port.name),
                zone=zone.name,
                vlan=zone.vlan,
                address=prefix.gateway_address,
                network=prefix.network,
                network6=prefix.network6,
            )
        )
    return tuple(found)


def wan_ports(office: Office, device: Device) -> tuple[WanPort, ...]:
    """The interfaces to the internet, in the order the device lists them."""
    found = []
    for port in device.ports:
        if port.wan is None:
            continue
        wan = office.wan(port.wan)
        found.append(
            WanPort(
                interface=_free(device, port.name),
                wan=wan.name,
                address=wan.address,
                prefix_length=wan.prefix_length,
                gateway=wan.gateway,
                mtu=wan.mtu,
                backup=wan.role == "backup",
            )
        )
    return tuple(found)


def _free(device: Device, interface: str) -> str:
    """A port's name, which must not be one that means something else in the rendered rules."""
    if interface in _TAKEN or sum(port.name == interface for port in device.ports) > 1:
        raise RenderError(
            _("{device}: port name {port} is taken; give each port its own name").format(
                device=device.name, port=interface
            )
        )
    return interface
