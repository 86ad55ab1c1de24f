"""Single packets through a packet filter, rule by rule as the kernel does it: what paths are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.facts.firewall import Action, Chain, Firewall, Hook, Limit, Log, Rule
from monitor.facts.space import Field, Space
from monitor.facts.where import Where

Packet = Mapping[Field, int | str]
"""Every field the packet has: one of IPv4 has no `source6`."""


@dataclass(frozen=True)
class Fate:
    """What became of a packet, by which line, and what was written of it."""

    action: Action
    where: Where
    logs: tuple[Log, ...]


def fate(firewall: Firewall, hook: Hook, packet: Packet) -> Fate:
    """Rates are never exceeded; what is not understood does not match."""
    logs: list[Log] = []
    accepted = Fate(Action.ACCEPT, Where("", 0, ""), ())
    by_rule = False
    for chain in firewall.at(hook):
        assert chain.base is not None
        ended = _through(firewall, chain, packet, logs)
        action, where = ended if ended is not None else (chain.base.policy, chain.base.where)
        if action is not Action.ACCEPT:
            return Fate(action, where, tuple(logs))
        if ended is not None or not by_rule:
            accepted, by_rule = Fate(action, where, ()), ended is not None
    return Fate(accepted.action, accepted.where, tuple(logs))


def _through(firewall: Firewall, chain: Chain, packet: Packet, logs: list[Log]) -> tuple[Action, Where] | None:
    for rule in chain.rules:
        if not _matches(rule, packet):
            continue
        if rule.log is not None:
            logs.append(rule.log)
        if rule.verdict is None:
            continue
        if rule.verdict.action is Action.RETURN:
            return None
        if rule.verdict.action not in {Action.JUMP, Action.GOTO}:
            return rule.verdict.action, rule.where
        ended = _through(firewall, firewall.chains[chain.table, rule.verdict.chain], packet, logs)
        if ended is not None or rule.verdict.action is Action.GOTO:
            return ended
    return None


def _matches(rule: Rule, packet: Packet) -> bool:
    if rule.limit is Limit.OVER or rule.unknown or (rule.also and rule.limit is None):
        return False
    return all(match.field in packet and _in(packet[match.field], match.values) for match in rule.matches)


def _in(value: int | str, values: object) -> bool:
    return value in values  # type: ignore[operator]  # numbers in Ranges, names in Names


def inside(packet: Packet, space: Space) -> bool:
    """Whether a packet is in a space. A field the packet does not have asks nothing of it."""
    return all(_in(value, space[name]) for name, value in packet.items())


def v4(source: int, target: int, protocol: int, port: int, **more: int | str) -> dict[Field, int | str]:
    """A new connection of IPv4; `port` of tcp and udp, the type of icmp."""
    kind = Field.ICMP_TYPE if protocol == 1 else Field.DESTINATION_PORT
    return {
        Field.FAMILY: "ipv4",
        Field.STATE: "new",
        Field.SOURCE: source,
        Field.DESTINATION: target,
        Field.PROTOCOL: protocol,
        kind: port,
        **{Field(name): value for name, value in more.items()},
    }
