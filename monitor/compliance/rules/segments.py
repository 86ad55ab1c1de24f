"""SEG: who is kept apart from whom, as far as a switch does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inventory.model import PortMode as Wanted
from inventory.model import Requirement, SwitchPorts
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Severity
from monitor.compliance.plugged import Plugged
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.ports import lacking, of_ports, undecided
from monitor.compliance.rules.sayings import doubtful
from monitor.facts.switch import PortMode, SwitchFacts

__all__ = ["SEG_01"]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong with a port: the same value for all ports of which the same is to be said."""

    message: str
    values: tuple[tuple[str, object], ...] = ()


_UNKNOWN = _Wrong(N_("which VLANs these ports carry cannot be told: {ports}"))


def _each_in_its_zone(case: Case) -> Iterator[Judged]:
    yield from of_ports(case, _misplaced, N_("every open port is in the VLAN of its zone, and trunks carry no other"))


def _misplaced(case: Case, _switch: SwitchFacts) -> Iterator[Judged]:
    if not case.planned:
        yield doubtful(say(N_("the inventory does not say what the ports are for")))
        return
    vlans = {zone.name: zone.vlan for zone in case.office.zones}
    same: dict[_Wrong, list[Plugged]] = {}
    for one in case.plugged:
        for wrong in () if one.port.shut else _port(one, vlans):
            same.setdefault(wrong, []).append(one)
    for wrong, ports in same.items():
        if wrong is _UNKNOWN:
            yield from undecided(case, wrong.message, ports)
        else:
            yield from lacking(case, wrong.message, ports, Requirement.VLANS, **dict(wrong.values))


def _port(one: Plugged, vlans: dict[str, int]) -> Iterator[_Wrong]:
    mode, wanted = one.port.mode, one.wanted
    if mode is PortMode.ROUTED:
        yield _Wrong(N_("these ports route by themselves, past the gateway's rules: {ports}"))
    elif wanted is None or wanted.mode is Wanted.UNUSED:
        # L2-01 says it.
        return
    elif mode is PortMode.UNKNOWN:
        yield _UNKNOWN
    elif wanted.mode is Wanted.ACCESS:
        if mode is PortMode.TRUNK:
            yield _Wrong(N_("these ports are trunks, and the inventory wants access ports: {ports}"))
        else:
            yield from _untagged(one, wanted, vlans)
    elif mode is PortMode.ACCESS:
        yield _Wrong(N_("these ports are access ports, and the inventory wants trunks: {ports}"))
    else:
        yield from _tagged(one, {vlans[zone] for zone in wanted.tagged if zone in vlans})


def _untagged(one: Plugged, wanted: SwitchPorts, vlans: dict[str, int]) -> Iterator[_Wrong]:
    vlan = None if wanted.zone is None else vlans.get(wanted.zone)
    if one.port.vlan is None:
        yield _UNKNOWN
    elif one.port.vlan != vlan:
        message = N_("these ports are in VLAN {vlan}, and the inventory says {zone} ({wanted}): {ports}")
        yield _Wrong(message, (("vlan", one.port.vlan), ("zone", wanted.zone or "?"), ("wanted", vlan or "?")))
    voice = None if wanted.voice is None else vlans.get(wanted.voice)
    if one.port.voice is not None and one.port.voice != voice:
        message = N_("these ports have VLAN {vlan} for telephones, which the inventory does not say: {ports}")
        yield _Wrong(message, (("vlan", one.port.voice),))


def _tagged(one: Plugged, wanted: set[int]) -> Iterator[_Wrong]:
    if one.port.tagged is None:
        yield _Wrong(N_("these trunks carry every VLAN there is: {ports}"))
        return
    strange = [span for span in one.port.tagged if not _all_in(span, wanted)]
    if strange:
        shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in strange)
        yield _Wrong(
            N_("these trunks carry VLANs {vlans}, which the inventory does not say: {ports}"), (("vlans", shown),)
        )


def _all_in(span: tuple[int, int], wanted: set[int]) -> bool:
    first, last = span
    return last - first < len(wanted) and all(number in wanted for number in range(first, last + 1))


SEG_01 = Rule(
    id="SEG-01",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Every port is in the VLAN of its zone")),
    rationale=say(N_("A printer or a guest in the case workers' VLAN passes no gateway on its way to their data.")),
    fix=say(N_("Put the port into the VLAN of its zone (fosa push does), or correct the inventory.")),
    judge=_each_in_its_zone,
)
