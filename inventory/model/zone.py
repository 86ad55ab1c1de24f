"""Zones: a VLAN, the class of data in it, and its prefix in each building."""

from __future__ import annotations

from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated

from pydantic import Field

from inventory.model.base import Name, Network, Network6, Text, Value

__all__ = ["DataClass", "Zone", "ZonePrefix"]


class DataClass(StrEnum):
    """The most sensitive data a zone may carry."""

    NONE = "none"
    INTERNAL = "internal"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class ZonePrefix(Value):
    """A zone's network in one building. The first host address is the gateway's unless said otherwise."""

    building: Name
    network: Network
    gateway: IPv4Address | None = None
    network6: Network6 | None = None

    @property
    def gateway_address(self) -> IPv4Address:
        """The gateway's own address in this network."""
        return self.gateway or self.network.network_address + 1

    @property
    def ipv4(self) -> IPv4Network:
        """The network; a second name so that templates read well beside `network6`."""
        return self.network


class Zone(Value):
    """A security zone. IPv6 is denied and logged in it unless a prefix names a `network6`."""

    name: Name
    title: Text
    vlan: Annotated[int, Field(ge=2, le=4094, strict=True)]
    data: DataClass
    prefixes: Annotated[tuple[ZonePrefix, ...], Field(min_length=1)]

    def prefix_in(self, building: str) -> ZonePrefix | None:
        """The zone's prefix in a building, or None where the zone does not reach."""
        for prefix in self.prefixes:
            if prefix.building == building:
                return prefix
        return None
