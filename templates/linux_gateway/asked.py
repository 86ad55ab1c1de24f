"""Whose answers a gateway takes note of: those of a platform that the office has to ask every working day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.channels import askers, duty_of
from inventory.model import Device, Office

__all__ = ["Asked", "asked"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One port of one platform, and the machines of domain systems that ask it."""

    channel: str
    platform: tuple[IPv4Address, ...]
    systems: tuple[IPv4Address, ...]
    port: int


def asked(office: Office, device: Device, today: dt.date) -> Iterator[Asked]:
    """Of every channel with such a duty, where this is the gateway that a domain system stands behind."""
    for channel in office.channels:
        if duty_of(channel) is None:
            continue
        here = (each.address for each in askers(office, channel, today) if each.building == device.building)
        systems = tuple(sorted(address for address in here if address is not None))
        for port in sorted({endpoint.port for endpoint in channel.endpoints}):
            pinned = {a for endpoint in channel.endpoints if endpoint.port == port for a in endpoint.pinned}
            if systems and pinned:
                yield Asked(channel.name, tuple(sorted(pinned)), systems, port)
