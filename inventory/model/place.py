"""Where things stand: buildings, rooms, lines to the internet."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from inventory.model.base import Address, InterfaceName, Name, Network, Text, Value

__all__ = ["Building", "Room", "Wan", "WanRole"]


class Building(Value):
    """One building of the office with the address block all its zones lie in."""

    name: Name
    title: Text
    street: Text | None = None
    prefix: Network
    hub: bool = False
    """The building whose gateway the other buildings' tunnels end at; exactly one."""


class Room(Value):
    """A room, for finding a box."""

    name: Name
    building: Name
    title: Text
    locked: bool = False


class WanRole(StrEnum):
    """What a line is for."""

    PRIMARY = "primary"
    BACKUP = "backup"


class Wan(Value):
    """One line to the internet. `address` is empty where the provider gives a changing one."""

    name: Name
    building: Name
    provider: Text
    role: WanRole = WanRole.PRIMARY
    device: Name | None = None
    interface: InterfaceName | None = None
    address: Address | None = None
    prefix_length: Annotated[int, Field(ge=8, le=32, strict=True)] | None = None
    gateway: Address | None = None
    down_mbit: Annotated[int, Field(gt=0, strict=True)] | None = None
    up_mbit: Annotated[int, Field(gt=0, strict=True)] | None = None
    mtu: Annotated[int, Field(ge=1280, le=9000, strict=True)] = 1500
    assumed: bool = False
