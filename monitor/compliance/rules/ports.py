"""What rules on ports say in the same way: one finding for all ports that lack the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from inventory.model import Requirement
from inventory.sentence import say
from monitor.compliance.model import Evidence
from monitor.compliance.plugged import Plugged
from monitor.compliance.rule import Case, Judged
from monitor.compliance.rules.sayings import clean, doubtful, failed, listed, settled, silent
from monitor.facts.switch import PortMode, SwitchFacts

__all__ = ["holds", "lacking", "of_ports", "open_access", "undecided"]


def of_ports(case: Case, found: Callable[[Case, SwitchFacts], Iterator[Judged]], fine: str) -> Iterator[Judged]:
    """What is found of the ports, or `fine`."""
    switch = case.facts.switch
    if switch is None or switch.ports is None:
        yield silent(case)
        return
    yield from settled(found(case, switch), clean(case, say(fine), switch.sources))


def open_access(case: Case) -> tuple[list[Plugged], list[Plugged]]:
    """The open ports for people's devices, and those of which nobody can say whether they are such ports."""
    every = [one for one in case.plugged if not one.port.shut and not one.uplink]
    vague = [one for one in every if one.wanted is None and one.port.mode is PortMode.UNKNOWN]
    return [one for one in every if one.access], vague


def lacking(
    case: Case, message: str, ports: list[Plugged], requirement: Requirement | None = None, **values: object
) -> Iterator[Judged]:
    """One failure for all these ports; `message` has a place for {ports}."""
    if ports:
        said = say(message, ports=_names(ports), **values)
        yield failed(said, *_places(case, ports), requirement=requirement)


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
