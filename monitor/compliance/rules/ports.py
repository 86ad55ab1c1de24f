"""A switch's ports as its text has them, beside what the inventory wants of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from inventory.model import PortMode as Wanted
from inventory.model import Requirement, SwitchPorts
from inventory.sentence import say
from monitor.compliance.model import Evidence
from monitor.compliance.rule import Case, Judged
from monitor.compliance.rules.sayings import doubtful, failed, listed
from monitor.facts.switch import PortMode, SwitchPort

__all__ = ["Plugged", "each_port", "holds", "lacking", "open_access", "undecided"]


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


def each_port(case: Case, ports: Iterable[SwitchPort]) -> Iterator[Plugged]:
    """Every port of the text."""
    return (Plugged(port, case.planned.get(port.name.casefold())) for port in ports)


def open_access(case: Case, ports: Iterable[SwitchPort]) -> tuple[list[Plugged], list[Plugged]]:
    """The open ports for people's devices, and those of which nobody can say whether they are such ports."""
    every = [one for one in each_port(case, ports) if not one.port.shut and not one.uplink]
    vague = [one for one in every if one.wanted is None and one.port.mode is PortMode.UNKNOWN]
    return [one for one in every if one.access], vague


def lacking(case: Case, message: str, ports: list[Plugged], requirement: Requirement | None = None) -> Iterator[Judged]:
    """One failure for all these ports; `message` has a place for {ports}."""
    if ports:
        yield failed(say(message, ports=_names(ports)), *_places(case, ports), requirement=requirement)


def undecided(case: Case, message: str, ports: list[Plugged]) -> Iterator[Judged]:
    """The same of ports that are not known well enough."""
    if ports:
        yield doubtful(say(message, ports=_names(ports)), *_places(case, ports))


def holds(spans: Iterable[tuple[int, int]], number: int) -> bool:
    """Whether a VLAN is in one of these ranges."""
    return any(first <= number <= last for first, last in spans)


def _names(ports: list[Plugged]) -> str:
    return listed(one.port.name for one in ports)


def _places(case: Case, ports: list[Plugged]) -> Iterator[Evidence]:
    return (case.evidence(one.port.where) for one in ports)
