"""The ways into a switch: how one may come, from where, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import TypeAlias

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.needs import manager_address
from monitor.compliance.rule import Case, Judged
from monitor.compliance.rules.sayings import clean, doubtful, failed, listed, settled, silent
from monitor.compliance.spaces import hosts, networks
from monitor.facts.space import Ranges
from monitor.facts.switch import AccessEntry, AccessList, Line, SwitchFacts
from monitor.facts.where import Where

__all__ = ["CLEAR_NAMES", "at_the_device", "from_outside", "from_strangers", "in_clear", "over_the_network", "usable"]

_EVERYWHERE = networks([IPv4Network("0.0.0.0/0")])
_WHOLE_DEVICE = "control-plane"
"""Where a list is applied that everything to the device itself must pass."""
_VTY, _WEB, _SNMP = "vty", "http", "snmp"
CLEAR_NAMES = frozenset({"ftp", "telnet", "rexec", "rlogin", "rsh", "tftp"})


def at_the_device(line: Line) -> bool:
    """Whether one has to stand before the device to use it: a console or auxiliary port."""
    return line.name.casefold().startswith(("con", "aux", "serial"))


def over_the_network(line: Line) -> bool:
    """Whether it is a way in for sessions from elsewhere; the web server is judged by what is said of it."""
    return not at_the_device(line) and not _of_web(line)


def usable(line: Line, switch: SwitchFacts) -> bool:
    """Whether somebody can come in by it as things are set."""
    if _of_web(line):
        web = switch.web
        return web is None or any(fact is None or fact.value for fact in (web.http, web.https))
    return at_the_device(line) or line.transports is None or bool(set(line.transports.value) - {"none"})


def _of_web(line: Line) -> bool:
    return line.name.casefold().startswith(("web", "http"))


# ---- MG-01: how ------------------------------------------------------------------------------------------------------


def in_clear(case: Case) -> Iterator[Judged]:
    """Whether something without encryption is opened."""
    switch = case.facts.switch
    if switch is None or switch.lines is None:
        yield silent(case)
        return
    message = say(N_("no telnet, rsh, FTP or TFTP is opened"))
    yield from settled(_clear(case, switch.lines), clean(case, message, switch.sources))


def _clear(case: Case, lines: Iterable[Line]) -> Iterator[Judged]:
    for service in case.facts.services:
        if service.name in CLEAR_NAMES:
            message = say(N_("{service} is open on port {port}"), service=service.name, port=service.port)
            yield failed(message, case.evidence(service.where), requirement=Requirement.SERVICES_OFF)
    for line in filter(over_the_network, lines):
        if line.transports is None:
            message = say(N_("the text does not say by which protocols {line} is entered"), line=line.name)
            yield doubtful(message, case.evidence(line.where))
        elif open_ := sorted(CLEAR_NAMES & set(line.transports.value)):
            message = say(N_("{line} is entered by {services}"), line=line.name, services=", ".join(open_))
            yield failed(message, case.evidence(line.transports.where), requirement=Requirement.SERVICES_OFF)


# ---- MG-05 and FW-08: from where -------------------------------------------------------------------------------------


def from_strangers(case: Case) -> Iterator[Judged]:
    """MG-05: whether anybody but the manager may come."""
    manager = manager_address(case.office)
    allowed = hosts(() if manager is None else (manager,))
    yield from _admitting(case, allowed, N_("only the manager is let in to log in, to the web server and to SNMP"))


def from_outside(case: Case) -> Iterator[Judged]:
    """FW-08: whether anybody outside the management zone may come."""
    manager = manager_address(case.office)
    zone = next((zone for zone in case.office.zones if zone.name == case.device.zone), None)
    inside = [prefix.network for prefix in zone.prefixes] if zone is not None else []
    allowed = Ranges.of((*hosts(() if manager is None else (manager,)), *networks(inside)))
    yield from _admitting(case, allowed, N_("nobody outside the management zone is let in to manage the device"))


def _admitting(case: Case, allowed: Ranges, fine: str) -> Iterator[Judged]:
    switch = case.facts.switch
    if switch is None or switch.lines is None or switch.access_lists is None:
        yield silent(case)
        return
    # Most ways have the same list: what it lets in is reckoned once.
    lists = [(one, tuple(_strangers(one.entries, allowed))) for one in switch.access_lists]
    found = [judged for way in _ways(case, switch) for judged in _way(case, way, lists)]
    yield from settled([*found, *_unseen(case, switch)], clean(case, say(fine), switch.sources))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way in from elsewhere."""

    name: str
    kind: str
    """Where a list for it would be applied: `vty`, `http`, `snmp`."""
    access_list: str | None
    """Named at the way itself."""
    where: Where | None


def _ways(case: Case, switch: SwitchFacts) -> Iterator[_Way]:
    for line in switch.lines or ():
        if over_the_network(line) and usable(line, switch):
            named = None if line.access_list is None else line.access_list.value
            yield _Way(line.name, _VTY, named, line.where)
    web = switch.web
    for fact in () if web is None else (web.http, web.https):
        if fact is not None and fact.value:
            lists = (line.access_list for line in switch.lines or () if _of_web(line))
            yield _Way("web", _WEB, next((each.value for each in lists if each is not None), None), fact.where)
    snmp = case.facts.snmp
    if snmp is not None and (snmp.communities or any(user.level for user in snmp.users)):
        where = [*(user.where for user in snmp.users if user.level), *(one.where for one in snmp.communities)]
        yield _Way("SNMP", _SNMP, None, where[0])


def _unseen(case: Case, switch: SwitchFacts) -> Iterator[Judged]:
    """Ways in of which the text does not say whether they are there."""
    if switch.web is None or switch.web.http is None or switch.web.https is None:
        yield doubtful(say(N_("the text does not say whether the web server is on")))
    if case.facts.snmp is None:
        yield doubtful(say(N_("the text does not say whether SNMP is answered")))


_Strangers: TypeAlias = tuple[tuple[AccessEntry, Ranges], ...]
"""Entries of a list that let somebody in who should not be, and whom."""


def _way(case: Case, way: _Way, lists: Iterable[tuple[AccessList, _Strangers]]) -> Iterator[Judged]:
    place = () if way.where is None else (case.evidence(way.where),)
    if way.access_list is not None:
        applied = [mine for mine in lists if mine[0].name == way.access_list]
        if not applied:
            unknown = N_("{way} names the access list {name}, which is not in the text")
            yield doubtful(say(unknown, way=way.name, name=way.access_list), *place)
    else:
        applied = [mine for mine in lists if not {way.kind, way.name, _WHOLE_DEVICE}.isdisjoint(mine[0].applied)]
        if not applied:
            message = say(N_("{way} is open to every address"), way=way.name)
            yield failed(message, *place, requirement=Requirement.MANAGEMENT_SOURCES)
    for _one, strangers in applied:
        for entry, stranger in strangers:
            said = say(N_("{way} lets {sources} in"), way=way.name, sources=_shown(stranger))
            yield failed(said, case.evidence(entry.where), requirement=Requirement.MANAGEMENT_SOURCES)


def _strangers(entries: Iterable[AccessEntry], allowed: Ranges) -> Iterator[tuple[AccessEntry, Ranges]]:
    """Whom each entry lets in of those whom the ones before it have left over: the first that fits decides."""
    left = _EVERYWHERE
    for entry in entries:
        if not left:
            return
        mine = left & networks(entry.sources) if entry.sources else left
        left = left - mine
        if entry.permits and (stranger := mine - allowed):
            yield entry, stranger


def _shown(ranges: Ranges) -> str:
    spans = (summarize_address_range(IPv4Address(first), IPv4Address(last)) for first, last in ranges)
    return listed(str(network).removesuffix("/32") for span in spans for network in span)
