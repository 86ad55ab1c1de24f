"""SEG: who is kept apart from whom, as far as a switch does it."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model import PortMode as Wanted
from inventory.model import Requirement, SwitchPorts
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.ports import Plugged, each_port, lacking, undecided
from monitor.compliance.rules.sayings import clean, doubtful, failed, settled, silent
from monitor.facts.switch import PortMode, SwitchPort

__all__ = ["SEG_01"]


def _each_in_its_zone(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.ports is None:
        yield silent(case)
    elif not case.planned:
        yield doubtful(say(N_("the inventory does not say what the ports are for")))
    else:
        message = say(N_("every open port is in the VLAN of its zone, and trunks carry no other"))
        yield from settled(_misplaced(case, switch.ports), clean(case, message, switch.sources))


def _misplaced(case: Case, ports: tuple[SwitchPort, ...]) -> Iterator[Judged]:
    every = [one for one in each_port(case, ports) if not one.port.shut]
    routed = [one for one in every if one.port.mode is PortMode.ROUTED]
    message = N_("these ports route by themselves, past the gateway's rules: {ports}")
    yield from lacking(case, message, routed, Requirement.VLANS)
    vlans = {zone.name: zone.vlan for zone in case.office.zones}
    for one in every:
        if one.wanted is not None and one.port.mode is not PortMode.ROUTED:
            yield from _port(case, one, one.wanted, vlans)
    vague = [one for one in every if one.port.mode is PortMode.UNKNOWN and one.wanted is not None]
    yield from undecided(case, N_("which VLANs these ports carry cannot be told: {ports}"), vague)


def _port(case: Case, one: Plugged, wanted: SwitchPorts, vlans: dict[str, int]) -> Iterator[Judged]:
    port = one.port
    if wanted.mode is Wanted.ACCESS:
        if port.mode is PortMode.TRUNK:
            yield _wrong(case, one, N_("{port} is a trunk, and the inventory wants an access port"))
        elif port.mode is PortMode.ACCESS:
            yield from _untagged(case, one, wanted, vlans)
    elif wanted.mode is Wanted.TRUNK:
        if port.mode is PortMode.ACCESS:
            yield _wrong(case, one, N_("{port} is an access port, and the inventory wants a trunk"))
        elif port.mode is PortMode.TRUNK:
            yield from _tagged(case, one, {vlans[zone] for zone in wanted.tagged if zone in vlans})


def _untagged(case: Case, one: Plugged, wanted: SwitchPorts, vlans: dict[str, int]) -> Iterator[Judged]:
    vlan = None if wanted.zone is None else vlans.get(wanted.zone)
    if one.port.vlan is None:
        message = say(N_("which VLAN {port} is in does not stand in the text"), port=one.port.name)
        yield doubtful(message, case.evidence(one.port.where))
    elif one.port.vlan != vlan:
        told = N_("{port} is in VLAN {vlan}, and the inventory says {zone} ({wanted})")
        yield _wrong(case, one, told, vlan=one.port.vlan, zone=wanted.zone or "?", wanted=vlan or "?")
    voice = None if wanted.voice is None else vlans.get(wanted.voice)
    if one.port.voice is not None and one.port.voice != voice:
        told = N_("{port} has VLAN {vlan} for telephones, which the inventory does not say")
        yield _wrong(case, one, told, vlan=one.port.voice)


def _tagged(case: Case, one: Plugged, wanted: set[int]) -> Iterator[Judged]:
    if one.port.tagged is None:
        yield _wrong(case, one, N_("{port} carries every VLAN there is"))
        return
    strange = [span for span in one.port.tagged if not _all_in(span, wanted)]
    if strange:
        shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in strange)
        yield _wrong(case, one, N_("{port} carries VLANs that the inventory does not say: {vlans}"), vlans=shown)


def _all_in(span: tuple[int, int], wanted: set[int]) -> bool:
    first, last = span
    return last - first < len(wanted) and all(number in wanted for number in range(first, last + 1))


def _wrong(case: Case, one: Plugged, message: str, **values: object) -> Judged:
    where = case.evidence(one.port.where)
    return failed(say(message, port=one.port.name, **values), where, requirement=Requirement.VLANS)


SEG_01 = Rule(
    id="SEG-01",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Every port is in the VLAN of its zone")),
    rationale=say(N_("A printer or a guest in the case workers' VLAN passes no gateway on its way to their data.")),
    fix=say(N_("Put the port into the VLAN of its zone (fosa push does), or correct the inventory.")),
    judge=_each_in_its_zone,
)
