"""FW: what may pass, what is written of what may not, and who may manage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Result, Severity
from monitor.compliance.needs import manager_address
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.entry import from_outside
from monitor.compliance.rules.sayings import failed, passed, settled, silent
from monitor.compliance.spaces import ICMP6, TCP, UDP, Grant, hosts, names, numbers, told, uncovered
from monitor.compliance.ways import Ways
from monitor.facts.firewall import Action, Firewall, Hook, Limit, Log
from monitor.facts.paths import Path
from monitor.facts.space import Field, Space

__all__ = ["FW_01", "FW_02", "FW_08"]

_FILTERED = (Hook.INPUT, Hook.FORWARD, Hook.OUTPUT)
_NOISE_KINDS = names(["broadcast", "multicast"])
_NOISE_ICMP6 = numbers(130, 131, 132, 133, 134, 135, 136, 143)
"""What every host with IPv6 says of itself all the time: listeners, routers, neighbours."""
_MANAGEMENT = {"tcp": (22, 23, 80, 443, 830), "udp": (161,)}
"""SSH, telnet, web, NETCONF, SNMP; the ports the device says it is managed on come to it."""
_MANAGING = frozenset({"ssh", "snmp", "telnet", "http", "https", "netconf"})


# ---- FW-01 -----------------------------------------------------------------------------------------------------------


def _deny_by_default(case: Case) -> Iterator[Judged]:
    firewall, ways = case.facts.firewall, case.ways
    if firewall is None or ways is None:
        yield silent(case)
        return
    found = (judged for hook in _FILTERED for judged in _hook_denies(case, firewall, ways, hook))
    message = say(N_("every way through the firewall is asked for by a flow or by a need of the gateway"))
    yield from settled(found, passed(message, map(case.whole, firewall.sources), firewall.sources))


def _hook_denies(case: Case, firewall: Firewall, ways: Ways, hook: Hook) -> Iterator[Judged]:
    if not any(chain.base is not None and chain.base.kind == "filter" for chain in firewall.at(hook)):
        message = say(N_("nothing is filtered at hook {hook}: everything passes"), hook=hook)
        yield failed(message, *map(case.whole, firewall.sources))
        return
    told_of = set()
    for path, space in ways.passing[hook]:
        if path.where not in told_of and (left := _ungranted(case.grants, path, space)) is not None:
            told_of.add(path.where)
            yield _open(case, path, left)


def _ungranted(grants: Sequence[Grant], path: Path, space: Space) -> Space | None:
    """What of a way nobody asked for."""
    # The comment of a rule says whose it is: that grant first. It proves nothing, it only saves time.
    hint = path.rule.comment.lower() if path.rule is not None else ""
    if uncovered(space, [grant for grant in grants if grant.name == hint]) is None:
        return None
    return uncovered(space, grants)


def _open(case: Case, path: Path, left: Space) -> Judged:
    if path.rule is None:
        message = N_("{hook} lets through by default what no rule stops: {packets}")
    elif path.action is Action.QUEUE:
        message = N_("{hook} leaves it to a program whether these pass, and no flow asks for them: {packets}")
    else:
        message = N_("{hook} lets through what no flow and no need of the gateway asks for: {packets}")
    return failed(say(message, hook=path.hook, packets=told(left)), case.evidence(path.where))


FW_01 = Rule(
    id="FW-01",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("What nobody asked for is denied")),
    rationale=say(N_("A rule that no flow of the inventory asks for is a way in that nobody answers for.")),
    fix=say(N_("Take the rule out (fosa push does), or write the flow it stands for into the inventory.")),
    judge=_deny_by_default,
)


# ---- FW-02 -----------------------------------------------------------------------------------------------------------


def _denials_are_logged(case: Case) -> Iterator[Judged]:
    firewall, ways = case.facts.firewall, case.ways
    if firewall is None or ways is None:
        yield silent(case)
        return
    groups = _collected(case)
    found = [judged for hook in Hook for judged in _silent_denials(case, ways.new[hook].found, groups)]
    if groups is None:
        found.append(Judged(Result.UNKNOWN, say(N_("the text does not say who writes down logged packets"))))
    message = say(N_("every denial of a new connection is written to the log"))
    yield from settled(found, passed(message, map(case.whole, firewall.sources), firewall.sources))


def _collected(case: Case) -> frozenset[int] | None:
    """The netlink groups whose packets become log lines; None where the text does not say."""
    logging = case.facts.logging
    if logging is None or logging.packets is None:
        return None
    return frozenset(packets.group for packets in logging.packets)


def _silent_denials(case: Case, paths: Iterable[Path], groups: frozenset[int] | None) -> Iterator[Judged]:
    told_of = set()
    for path in paths:
        if path.action not in {Action.DROP, Action.REJECT} or path.where in told_of:
            continue
        if not path.logs and not _may_be_silent(path):
            told_of.add(path.where)
            message = say(
                N_("{hook} denies without a line in the log: {packets}"), hook=path.hook, packets=told(path.space)
            )
            yield failed(message, case.evidence(path.where))
        elif path.logs and groups is not None and not any(_heard(log, groups) for log in path.logs):
            told_of.add(path.where)
            message = say(N_("the denial is logged to group {group}, which nobody reads"), group=path.logs[-1].group)
            yield failed(message, case.evidence(path.logs[-1].where))


def _heard(log: Log, groups: frozenset[int]) -> bool:
    return log.group is None or log.group in groups


def _may_be_silent(path: Path) -> bool:
    """Too many at once, broadcast and multicast, IPv6 neighbours: a log full of these hides the rest."""
    if path.rule is not None and path.rule.limit is Limit.OVER:
        return True
    chatter = path.space.implies(Field.PROTOCOL, ICMP6) and path.space.implies(Field.ICMP6_TYPE, _NOISE_ICMP6)
    return chatter or path.space.implies(Field.PACKET_KIND, _NOISE_KINDS)


FW_02 = Rule(
    id="FW-02",
    version=1,
    severity=Severity.HIGH,
    title=say(N_("Denied connections are logged")),
    rationale=say(
        N_("An attempt that leaves no trace cannot be found later, and a wrong rule cannot be found either.")
    ),
    fix=say(N_("Put a log statement before the deny, in a group that the device's packet log reads.")),
    judge=_denials_are_logged,
)


# ---- FW-08 -----------------------------------------------------------------------------------------------------------


def _management_is_closed(case: Case) -> Iterator[Judged]:
    if case.on_switch:
        yield from from_outside(case)
        return
    firewall, ways = case.facts.firewall, case.ways
    if firewall is None or ways is None:
        yield silent(case)
        return
    message = say(N_("only the manager reaches the ports the device is managed by"))
    otherwise = passed(message, map(case.whole, firewall.sources), firewall.sources)
    yield from settled(_strangers(case, ways), otherwise)


def _strangers(case: Case, ways: Ways) -> Iterator[Judged]:
    manager = manager_address(case.office)
    allowed = hosts(() if manager is None else (manager,))
    told_of = set()
    for path, space in ways.reaching:
        for protocol, ports in (("tcp", TCP), ("udp", UDP)):
            part = space.narrowed(Field.PROTOCOL, ports)
            part = part and part.narrowed(Field.DESTINATION_PORT, numbers(*_ports(case, protocol)))
            part = part and part.without(Field.SOURCE, allowed)
            if part is not None and path.where not in told_of:
                told_of.add(path.where)
                message = say(N_("management is open to others than the manager: {packets}"), packets=told(part))
                yield failed(message, case.evidence(path.where))


def _ports(case: Case, protocol: str) -> set[int]:
    said = {s.port for s in case.facts.services if s.name in _MANAGING and s.protocol == protocol}
    return said | set(_MANAGEMENT[protocol])


FW_08 = Rule(
    id="FW-08",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("Only the manager can manage")),
    rationale=say(
        N_("Whoever reaches a management port from a line or a user's computer can try keys and holes on it.")
    ),
    fix=say(N_("Take the rule out (fosa push does); management ports are for the manager's address only.")),
    switch_fix=say(N_("Put an access list with the manager's address on every way in (fosa push does).")),
    judge=_management_is_closed,
)
