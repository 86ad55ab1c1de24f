"""L2: what keeps a plugged-in device from being more than one device in one VLAN."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.model import Platform, Requirement
from inventory.model import PortMode as Wanted
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Severity
from monitor.compliance.plugged import Plugged
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.ports import holds, lacking, of_ports, open_access, undecided
from monitor.compliance.rules.sayings import doubtful, failed, listed, passed, settled, silent, unsaid
from monitor.facts.switch import Layer2, PortMode, SwitchFacts
from monitor.facts.where import Fact

__all__ = ["L2_01", "L2_02", "L2_03", "L2_04", "L2_05"]

_VAGUE = N_("whether these ports are access ports cannot be told: {ports}")


# ---- L2-01 -----------------------------------------------------------------------------------------------------------


def _unused_are_shut(case: Case) -> Iterator[Judged]:
    yield from of_ports(case, _open_for_nobody, N_("every port that nobody uses is shut"))


def _open_for_nobody(case: Case, _switch: SwitchFacts) -> Iterator[Judged]:
    if not case.planned:
        yield doubtful(say(N_("the inventory does not say what the ports are for")))
        return
    every = case.plugged
    unused = [one for one in every if not one.port.shut and one.wanted and one.wanted.mode is Wanted.UNUSED]
    strange = [one for one in every if not one.port.shut and one.wanted is None]
    yield from lacking(case, N_("these ports are unused and not shut: {ports}"), unused, Requirement.UNUSED_DOWN)
    message = N_("these ports are not shut, and the inventory does not know them: {ports}")
    yield from lacking(case, message, strange, Requirement.UNUSED_DOWN)
    seen = {one.port.name.casefold() for one in case.plugged}
    unseen = [name for name, port in case.planned.items() if port.mode is Wanted.UNUSED and name not in seen]
    if unseen:
        yield doubtful(say(N_("the text does not tell whether these ports are shut: {ports}"), ports=listed(unseen)))


L2_01 = Rule(
    id="L2-01",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Unused ports are shut")),
    rationale=say(N_("An open socket in a corridor is a way into the network for whoever passes by.")),
    fix=say(N_("Shut the port (fosa push does), or write into the inventory what it is for.")),
    judge=_unused_are_shut,
)

# ---- L2-02 -----------------------------------------------------------------------------------------------------------


def _known_devices_only(case: Case) -> Iterator[Judged]:
    yield from of_ports(case, _for_anybody, N_("every access port asks for 802.1X or limits who may show himself"))


def _for_anybody(case: Case, _switch: SwitchFacts) -> Iterator[Judged]:
    access, vague = open_access(case)
    asked = [one for one in access if one.wanted is not None and one.wanted.dot1x and not one.port.dot1x]
    yield from lacking(case, N_("the inventory asks for 802.1X on these ports: {ports}"), asked, Requirement.DOT1X)
    free = [one for one in access if not one.port.dot1x and one.port.macs is None and one not in asked]
    message = N_("any number of devices may use these ports: {ports}")
    yield from lacking(case, message, free, Requirement.PORT_SECURITY)
    yield from undecided(case, _VAGUE, [one for one in vague if not one.port.dot1x and one.port.macs is None])


L2_02 = Rule(
    id="L2-02",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("Access ports know who is plugged in")),
    rationale=say(N_("A port that takes any device takes a stranger's, and a switch under a desk with ten more.")),
    fix=say(N_("Set 802.1X or port security on the port (fosa push does).")),
    judge=_known_devices_only,
)

# ---- L2-03 -----------------------------------------------------------------------------------------------------------


def _no_false_servers(case: Case) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.layer2 is None or switch.ports is None:
        yield silent(case)
        return
    layer2 = switch.layer2
    message = say(N_("DHCP snooping and ARP inspection are on in every user VLAN, and only uplinks are trusted"))
    facts = [fact for fact in (layer2.snooping, layer2.inspection) if fact is not None]
    otherwise = passed(message, (case.evidence(fact.where) for fact in facts), switch.sources)
    yield from settled(_unguarded(case, switch, layer2), otherwise)


def _unguarded(case: Case, switch: SwitchFacts, layer2: Layer2) -> Iterator[Judged]:
    wanted = _user_vlans(case, switch)
    snooping = N_("DHCP snooping is not on in these VLANs: {vlans}")
    yield from _covers(case, layer2.snooping, wanted, snooping, Requirement.DHCP_SNOOPING)
    inspection = N_("ARP inspection is not on in these VLANs: {vlans}")
    yield from _covers(case, layer2.inspection, wanted, inspection, Requirement.ARP_INSPECTION)
    every = [one for one in case.plugged if not one.port.shut and not one.uplink]
    message = N_("DHCP servers are trusted on these ports, which are no uplinks: {ports}")
    yield from lacking(case, message, [one for one in every if one.port.snooping_trusted], Requirement.DHCP_SNOOPING)
    message = N_("ARP answers are trusted on these ports, which are no uplinks: {ports}")
    yield from lacking(case, message, [one for one in every if one.port.arp_trusted], Requirement.ARP_INSPECTION)


def _user_vlans(case: Case, switch: SwitchFacts) -> list[int]:
    """The VLANs of the building that are on this switch, less the one it is managed in."""
    zones = [zone for zone in case.office.zones if zone.name != case.device.zone]
    reach = sorted(zone.vlan for zone in zones if zone.prefix_in(case.device.building) is not None)
    if switch.vlans is None:
        return reach
    here = {vlan.number for vlan in switch.vlans}
    return [number for number in reach if number in here]


def _covers(
    case: Case,
    fact: Fact[tuple[tuple[int, int], ...]] | None,
    wanted: list[int],
    message: str,
    requirement: Requirement,
) -> Iterator[Judged]:
    if fact is None:
        if wanted:
            yield unsaid(case, requirement)
        return
    if bare := [number for number in wanted if not holds(fact.value, number)]:
        said = say(message, vlans=listed(map(str, bare)))
        yield failed(said, case.evidence(fact.where), requirement=requirement)


L2_03 = Rule(
    id="L2-03",
    version=1,
    severity=Severity.MEDIUM,
    title=say(N_("No false DHCP servers, no false neighbours")),
    rationale=say(N_("Who answers first for the gateway's address reads everything its neighbours send.")),
    fix=say(N_("Set DHCP snooping and ARP inspection in every user VLAN, trusted on uplinks only (fosa push does).")),
    judge=_no_false_servers,
)

# ---- L2-04 -----------------------------------------------------------------------------------------------------------


def _no_loops(case: Case) -> Iterator[Judged]:
    yield from of_ports(case, _loops, N_("access ports stop loops and storms"))


def _loops(case: Case, switch: SwitchFacts) -> Iterator[Judged]:
    tree = None if switch.layer2 is None else switch.layer2.spanning_tree
    if tree is None:
        yield doubtful(say(N_("the text does not say whether a spanning tree is on")))
    elif tree.value == "none":
        none = say(N_("no spanning tree is on"))
        yield failed(none, case.evidence(tree.where), requirement=Requirement.BPDU_GUARD)
    default = None if switch.layer2 is None else switch.layer2.bpdu_guard_default
    by_edge = default is not None and default.value
    access, vague = open_access(case)
    bare = [one for one in access if not (one.port.bpdu_guard or (by_edge and one.port.edge))]
    message = N_("these access ports would take part in the spanning tree (no BPDU guard): {ports}")
    yield from lacking(case, message, bare, Requirement.BPDU_GUARD)
    message = N_("these access ports do not limit broadcasts: {ports}")
    yield from lacking(case, message, [one for one in access if not one.port.storm], Requirement.STORM_CONTROL)
    yield from undecided(case, _VAGUE, [one for one in vague if not (one.port.bpdu_guard and one.port.storm)])


L2_04 = Rule(
    id="L2-04",
    version=1,
    severity=Severity.LOW,
    title=say(N_("A loop or a storm stops at the access port")),
    rationale=say(N_("One cable plugged into two sockets can take a whole building off the network.")),
    fix=say(N_("Set BPDU guard and storm control on access ports (fosa push does).")),
    judge=_no_loops,
)

# ---- L2-05 -----------------------------------------------------------------------------------------------------------


def _clean_trunks(case: Case) -> Iterator[Judged]:
    fine = N_("nothing is in VLAN 1, and trunks carry no zone untagged")
    yield from of_ports(case, _untagged, fine)


def _untagged(case: Case, _switch: SwitchFacts) -> Iterator[Judged]:
    every = [one for one in case.plugged if not one.port.shut and one.port.mode is not PortMode.ROUTED]
    first = [one for one in every if one.port.vlan == 1 and _carried(case, one)]
    yield from lacking(case, N_("these ports carry VLAN 1, the one every switch has: {ports}"), first)
    zones = {zone.vlan for zone in case.office.zones if zone.prefix_in(case.device.building) is not None}
    native = [one for one in every if one.port.mode is PortMode.TRUNK and one.port.vlan in zones]
    yield from lacking(case, N_("these trunks carry the VLAN of a zone untagged: {ports}"), native)
    vague = [one for one in every if one.port.mode is PortMode.UNKNOWN]
    yield from undecided(case, N_("whether these ports become trunks is left to negotiation: {ports}"), vague)


def _carried(case: Case, one: Plugged) -> bool:
    """Whether what is untagged passes. IOS keeps data of VLAN 1 off a trunk whose list of allowed VLANs lacks it.

    Cisco, "Configuring VLAN Trunks": only its own protocols go on using VLAN 1 there.
    """
    port = one.port
    if case.facts.platform is not Platform.CISCO_IOS or port.mode is not PortMode.TRUNK:
        return True
    return port.tagged is None or holds(port.tagged, 1)


L2_05 = Rule(
    id="L2-05",
    version=1,
    severity=Severity.LOW,
    title=say(N_("Trunks carry what they were told to, tagged")),
    rationale=say(N_("What is untagged on a trunk, or in VLAN 1, can be reached from a port nobody thought of.")),
    fix=say(N_("Give every port its zone's VLAN, and trunks an untagged VLAN that nothing is in (fosa push does).")),
    judge=_clean_trunks,
)
