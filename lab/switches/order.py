"""What the process of the emulated switches is told, and what it answers: a line of JSON each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from inventory.model import Platform

__all__ = ["HOST_KEY", "Answer", "Off", "On", "Order", "orders"]

HOST_KEY = "host-key"
"""The file on a switch's disk with its private host key."""


@dataclass(frozen=True, slots=True)
class On:
    """Switch one on."""

    name: str
    platform: Platform
    namespace: str
    address: str
    port: int
    disk: Path
    factory: str
    hashes: dict[str, str] = field(repr=False)
    radius: dict[str, str] = field(repr=False)
    kind: Literal["on"] = "on"


@dataclass(frozen=True, slots=True)
class Off:
    """Take the power from one: what it has not saved is lost."""

    name: str
    kind: Literal["off"] = "off"


Order: TypeAlias = On | Off


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one switch."""

    name: str
    pid: int = 0
    """Of its process; 0 when it is off."""
    why: str = ""
    """Why it did not start."""


orders: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="kind")])
