"""A switch's ports as its text has them, beside what the inventory wants of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.model import Device, SwitchPorts
from inventory.model import PortMode as Wanted
from monitor.facts.model import Facts
from monitor.facts.switch import PortMode, SwitchPort

__all__ = ["Plugged", "planned", "plugged"]


@dataclass(frozen=True, slots=True)
class Plugged:
    """A port, read and wanted."""

    port: SwitchPort
    wanted: SwitchPorts | None
    """None: the inventory does not name it."""

    @property
    def uplink(self) -> bool:
        """Whether it leads to another switch or a gateway, as the inventory says."""
        return self.wanted is not None and self.wanted.uplink

    @property
    def access(self) -> bool:
        """Whether somebody's device is plugged in here, by the text or by the inventory."""
        if self.port.shut or self.uplink:
            return False
        return self.port.mode is PortMode.ACCESS or (self.wanted is not None and self.wanted.mode is Wanted.ACCESS)


def planned(device: Device) -> dict[str, SwitchPorts]:
    """What the inventory says of a switch's ports, by their names in small letters."""
    return {name.casefold(): ports for ports in device.switch_ports for name in ports.names}


def plugged(facts: Facts, wanted: Mapping[str, SwitchPorts]) -> tuple[Plugged, ...]:
    """Every port of the text."""
    return tuple(_each(facts, wanted))


def _each(facts: Facts, wanted: Mapping[str, SwitchPorts]) -> Iterator[Plugged]:
    ports = facts.switch.ports if facts.switch is not None else None
    return (Plugged(port, wanted.get(port.name.casefold())) for port in ports or ())
