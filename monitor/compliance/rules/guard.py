"""VP-08: no protected address leaves a line in clear, tunnel up or down.

Proven by what the gateway runs (filter, address translation, routes, IPsec policies), by listening on its lines, and by
drills of the last year.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from ipaddress import IPv4Network

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.basis import Basis
from monitor.compliance.grants import own_lines
from monitor.compliance.model import Result, Severity
from monitor.compliance.protected import beyond_tunnels, inside
from monitor.compliance.rule import Case, Judged, Rule
from monitor.compliance.rules.leading import leading_out, passed_over, unread
from monitor.compliance.rules.sayings import doubtful, failed, passed, settled, silent
from monitor.compliance.rules.translated import translated
from monitor.compliance.spaces import V4, V6, names, networks, told, uncovered
from monitor.compliance.ways import PASSES, Ways
from monitor.facts.firewall import Hook
from monitor.facts.ipsec import Ipsec
from monitor.facts.live import DrillReading
from monitor.facts.space import Field, Names, Ranges, Space
from monitor.facts.where import Fact
from monitor.results import State

__all__ = ["VP_08"]

_DRILL_HOLDS = dt.timedelta(days=365)
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
        yield from settled((*_leaks(case, ways, outside), *translated(case, firewall)), otherwise)
    if case.facts.basis is not Basis.INTENDED and case.facts.sections:
        yield from _led(case)
    if case.with_live:
        yield from _heard(case)
        yield from _drilled(case)


def _led(case: Case) -> Iterator[Judged]:
    """What its routes and policies say; nothing is known of a gateway whose gate does not tell them."""
    routing, ipsec = case.facts.routing, case.facts.ipsec
    if routing is None:
        yield Judged(Result.UNKNOWN, say(N_("where packets are sent was not read: the gate does not tell it")))
        return
    message = say(N_("no route, rule or policy leads a protected address out beside the tunnels"))
    otherwise = passed(message, map(case.whole, routing.sources), routing.sources)
    shunts = () if ipsec is None else _shunts(case, ipsec)
    found = (*leading_out(routing, case), *passed_over(routing, case), *shunts, *unread(routing, case))
    yield from settled(found, otherwise)


def _shunts(case: Case, ipsec: Ipsec) -> Iterator[Judged]:
    """What charon is told to let pass as it is."""
    far = beyond_tunnels(case.office, case.device)
    for connection in ipsec.connections:
        for child in connection.children:
            if child.mode == "pass" and _meets(child.remote_networks, far):
                text = N_("{name} lets packets for a tunnel pass without encryption")
                yield failed(say(text, name=child.name), case.evidence(child.where))


def _meets(said: Fact[tuple[str, ...]] | None, far: Ranges) -> bool:
    """Whether networks of a connection have any of these addresses; what is not said is everything."""
    if said is None:
        return True
    try:
        found = networks(IPv4Network(word.partition("[")[0], strict=False) for word in said.value if ":" not in word)
    except ValueError:
        return True
    return bool(found & far)


def _heard(case: Case) -> Iterator[Judged]:
    """What listening on its lines has found."""
    listened = case.live.listened if case.live is not None else ()
    if not listened:
        yield Judged(Result.UNKNOWN, say(N_("nobody has listened yet to what leaves the lines of this device")))
    for each in listened:
        evidence = case.reading(f"listening {each.line}", str(each.cause), each.at)
        text = N_("listening on {line}: {cause}")
        message = say(text, line=each.line, cause=each.cause)
        if each.state is State.DOWN:
            yield failed(message, evidence)
        elif each.state is State.UP:
            yield passed(message, [evidence])
        else:
            yield doubtful(message, evidence)


def _drilled(case: Case) -> Iterator[Judged]:
    """What the drills of the device's tunnels have shown; one whose far end is not ours cannot be drilled."""
    own = {device.name for device in case.office.gateways}
    drilled = {drill.tunnel: drill for drill in (case.live.drills if case.live else ())}
    tunnels = [each for each in case.office.tunnels_of(case.device.name) if own >= {end.device for end in each.ends}]
    for tunnel in tunnels:
        yield _of_drill(case, tunnel.name, drilled.get(tunnel.name))
    if not tunnels:
        yield Judged(Result.UNKNOWN, say(N_("no tunnel of this device can be drilled: no far end is ours")))


def _of_drill(case: Case, tunnel: str, drill: DrillReading | None) -> Judged:
    if drill is None:
        text = N_("no drill has shown yet that nothing leaves in clear while {tunnel} is down")
        return Judged(Result.UNKNOWN, say(text, tunnel=tunnel))
    when, evidence = drill.at.date().isoformat(), case.reading(f"drill {tunnel}", drill.shown, drill.at)
    if not drill.passed:
        text = N_("the drill of {day} has not shown that nothing leaves in clear while {tunnel} is down")
        return failed(say(text, day=when, tunnel=tunnel), evidence)
    if not dt.timedelta(0) <= case.now - drill.at <= _DRILL_HOLDS:
        text = N_("the last drill of {tunnel} is of {day}: it says nothing of today any more")
        return doubtful(say(text, day=when, tunnel=tunnel), evidence)
    text = N_("the drill of {day} has shown that nothing leaves in clear while {tunnel} is down")
    return passed(say(text, day=when, tunnel=tunnel), [evidence])


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
    """The packets of a space that only a tunnel may carry; of IPv6, which none carries, all."""
    if space is None:
        return
    part = space.narrowed(Field.FAMILY, V4)
    part = part and part.narrowed(Field.DESTINATION, networks(inside(case.office, case.device)))
    six = space.narrowed(Field.FAMILY, V6)
    yield from (each for each in (part, six) if each is not None)


def _listed(outside: Names) -> str:
    return ", ".join(sorted(outside.names))


VP_08 = Rule(
    id="VP-08",
    version=3,
    severity=Severity.CRITICAL,
    title=say(N_("Between buildings only through tunnels")),
    rationale=say(N_("When a tunnel goes, routes lead to the line: without a guard everything goes there in clear.")),
    fix=say(N_("Deny protected addresses on every line before anything else is allowed (fosa push does).")),
    judge=_only_through_tunnels,
)
