"""The office's own lines as they are asked from outside: what the flows let the manager ask, and nobody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Device, Office, Wan
from inventory.pairs import named
from inventory.policy import Oracle

__all__ = ["Outside", "OwnLine", "own_lines"]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A line of one of our gateways, with the address it has."""

    device: Device
    wan: Wan
    address: IPv4Address


class Outside:
    """What the manager may ask of a line as somebody outside would.

    A line of the manager's own building is seen from inside there, whatever is sent to it: nothing may be asked.
    """

    def __init__(self, office: Office) -> None:
        self._oracle = Oracle(office, dt.datetime.now(dt.UTC).date())
        self._manager = office.device(office.network.manager).address

    def may_ask(self, line: OwnLine, protocol: str, port: int) -> bool:
        """Whether a flow lets the manager ask."""
        return self._manager is not None and self._oracle.verdict(self._manager, line.address, protocol, port).allowed


def own_lines(office: Office) -> Iterator[OwnLine]:
    """The lines of our gateways whose addresses do not change."""
    for device in named(office):
        for port in device.ports:
            if port.wan is not None and (address := office.wan(port.wan).address) is not None:
                yield OwnLine(device, office.wan(port.wan), address)
