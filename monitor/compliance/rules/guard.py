"""VP-08: no protected address leaves a line in clear, tunnel up or down."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network

from inventory.model import Device, Office
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.grants import own_lines
from monitor.compliance.model import Result, Severity
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.sayings import failed, passed, settled, silent
from monitor.compliance.spaces import V4, V6, names, networks, told, uncovered
from monitor.compliance.ways import PASSES, Ways
from monitor.facts.firewall import Hook
from monitor.facts.space import Field, Names, Space

__all__ = ["VP_08"]

_LEAVING = (Hook.FORWARD, Hook.OUTPUT)
_OUTER = frozenset({"ike", "esp"})
"""What carries the tunnels themselves, also to a peer on a private line."""


def _only_through_tunnels(case: Case) -> Iterator[Judged]:
    outside = names(line.interface for line in own_lines(case.office, case.device))
    if not outside.names:
        yield Judged(Result.NOT_APPLICABLE, say(N_("no line to the internet ends here")))
        return
    firewall, ways = case.facts.firewall, case.ways
    if firewall is None or ways is None:
        yield silent(case)
    else:
        message = say(N_("nothing for a protected address can leave {lines} in clear"), lines=_listed(outside))
        otherwise = passed(message, map(case.whole, firewall.sources), firewall.sources)
        yield from settled(_leaks(case, ways, outside), otherwise)
    if case.with_live:
        yield Judged(
            Result.UNKNOWN, say(N_("no drill has shown yet that nothing leaves in clear while a tunnel is down"))
        )


def _leaks(case: Case, ways: Ways, outside: Names) -> Iterator[Judged]:
    carriers = [grant for grant in case.grants if grant.name in _OUTER]
    told_of = set()
    for hook in _LEAVING:
        for path in (*ways.new[hook].found, *ways.lasting[hook].found):
            leaving = path.space.narrowed(Field.OUT_INTERFACE, outside) if path.action in PASSES else None
            for part in _protected(case, leaving):
                if path.where not in told_of and (left := uncovered(part, carriers)) is not None:
                    told_of.add(path.where)
                    message = N_("{hook} lets a protected address leave a line in clear: {packets}")
                    yield failed(say(message, hook=hook, packets=told(left)), case.evidence(path.where))


def _protected(case: Case, space: Space | None) -> Iterator[Space]:
    """The packets of a space that only a tunnel may carry."""
    if space is None:
        return
    for family, field, protected in (
        (V4, Field.DESTINATION, networks(_inside(case.office, case.device))),
        (V6, Field.DESTINATION6, networks(_inside6(case.office))),
    ):
        part = space.narrowed(Field.FAMILY, family) if protected else None
        part = part and part.narrowed(field, protected)
        if part is not None:
            yield part


def _inside(office: Office, device: Device) -> Iterator[IPv4Network]:
    """Every network of the office's own, what lies behind the device's tunnels, and behind anybody's to others."""
    yield from office.prefixes
    for building in office.buildings:
        yield building.prefix
        yield from office.networks_in(building.name)
    for tunnel in office.tunnels:
        far = tunnel.far_end_of(device.name)
        yield from (network for end in tunnel.ends if end is far or end.device is None for network in end.networks)


def _inside6(office: Office) -> Iterator[IPv6Network]:
    for zone in office.zones:
        yield from (prefix.network6 for prefix in zone.prefixes if prefix.network6 is not None)


def _listed(outside: Names) -> str:
    return ", ".join(sorted(outside.names))


VP_08 = Rule(
    id="VP-08",
    version=1,
    severity=Severity.CRITICAL,
    title=say(N_("Between buildings only through tunnels")),
    rationale=say(N_("When a tunnel goes, routes lead to the line: without a guard everything goes there in clear.")),
    fix=say(N_("Deny protected addresses on every line before anything else is allowed (fosa push does).")),
    judge=_only_through_tunnels,
)
