"""VP-08, by address translation: what belongs into a tunnel must come to it as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.grants import own_lines
from monitor.compliance.protected import beyond_tunnels, inside
from monitor.compliance.rule import Case, Judged
from monitor.compliance.rules.sayings import doubtful, failed
from monitor.compliance.spaces import V4, names, networks, told
from monitor.facts.firewall import Firewall, Hook, Rule
from monitor.facts.paths import Path, paths
from monitor.facts.space import Field, Ranges, Space

__all__ = ["translated"]

_SOURCES = frozenset({"snat", "masquerade"})
_TARGETS = frozenset({"dnat", "redirect"})
_TARGET = re.compile(r"\bto ([0-9.]+)(?:-([0-9.]+))?(?::|$)")


def translated(case: Case, firewall: Firewall) -> Iterator[Judged]:
    """Rules that give packets for a tunnel another sender, or another receiver outside."""
    chains = {name: chain for name, chain in firewall.chains.items() if chain.base is None or chain.base.kind == "nat"}
    only = Firewall(chains, firewall.sources)
    told_of = set()
    for hook in (Hook.PREROUTING, Hook.OUTPUT, Hook.POSTROUTING):
        if not only.at(hook):
            continue
        found = paths(only, hook)
        if not found.complete:
            yield doubtful(say(N_("there are more ways through hook {hook} than can be followed"), hook=hook))
        for path in found.found:
            judged = _judged(case, path)
            if judged is not None and path.where not in told_of:
                told_of.add(path.where)
                yield judged


def _judged(case: Case, path: Path) -> Judged | None:
    rule = path.rule
    word = rule.translation.split(" ", 1)[0] if rule is not None else ""
    if rule is None or word not in _SOURCES | _TARGETS:
        return None
    if word in _SOURCES:
        part = _other_sender(case, path, rule)
        text = N_("packets for a tunnel get another sender, and no longer fit it: {packets}")
        return None if part is None else failed(say(text, packets=told(part)), case.evidence(path.where))
    if not _asked(rule, Field.DESTINATION) & beyond_tunnels(case.office, case.device) or _stays_inside(case, rule):
        return None
    text = N_("packets for a tunnel are sent elsewhere instead: {translation}")
    return failed(say(text, translation=rule.translation), case.evidence(path.where))


def _other_sender(case: Case, path: Path, rule: Rule) -> Space | None:
    """What it takes of packets that do not leave by a line: on a line the guard has stopped them before."""
    if not _asked(rule, Field.SOURCE) & networks(inside(case.office, case.device)):
        return None
    elsewhere = names(["lo", *(line.interface for line in own_lines(case.office, case.device))])
    part = path.space.without(Field.OUT_INTERFACE, elsewhere)
    part = part and part.narrowed(Field.FAMILY, V4)
    return part and part.narrowed(Field.DESTINATION, beyond_tunnels(case.office, case.device))


def _asked(rule: Rule, field: Field) -> Ranges:
    """The addresses a rule asks for, before it changes them; all where it asks for none."""
    values = next((match.values for match in rule.matches if match.field is field), None)
    return values if isinstance(values, Ranges) else networks([IPv4Network("0.0.0.0/0")])


def _stays_inside(case: Case, rule: Rule) -> bool:
    """Whether all it sends packets to is protected, too: then the guard is asked about that."""
    found = _TARGET.search(rule.translation)
    if found is None:
        # To this gateway itself: nothing leaves.
        return rule.translation.startswith("redirect")
    try:
        first, last = IPv4Address(found[1]), IPv4Address(found[2] or found[1])
    except ValueError:
        return False
    kept = networks(inside(case.office, case.device))
    return int(first) <= int(last) and Ranges(((int(first), int(last)),)).within(kept)
