"""A packet filter as values, in nobody's language: chains of rules that packets meet in the order of the hooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.facts.space import Field, Values
from monitor.facts.where import Where

__all__ = ["Action", "BaseChain", "Chain", "Firewall", "Hook", "Limit", "Log", "Match", "Rule", "Verdict"]


class Hook(StrEnum):
    """Where packets are stopped on their way."""

    PREROUTING = "prerouting"
    INPUT = "input"
    FORWARD = "forward"
    OUTPUT = "output"
    POSTROUTING = "postrouting"


class Action(StrEnum):
    """What a rule does with a packet in the end."""

    ACCEPT = "accept"
    """Let pass by this base chain; the next one of the hook is asked too."""
    DROP = "drop"
    REJECT = "reject"
    """Dropped, and the sender is told."""
    QUEUE = "queue"
    """Some other program decides."""
    JUMP = "jump"
    GOTO = "goto"
    RETURN = "return"


class Limit(StrEnum):
    """When a rule with a rate (or a quota) matches."""

    WITHIN = "within"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Match:
    """One condition. "Not among" is already turned round: the values are those that match."""

    field: Field
    values: Values


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a packet, and for jump and goto in which chain."""

    action: Action
    chain: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """A log statement."""

    prefix: str
    group: int | None
    """The netlink group; None: the kernel's own log."""
    limited: bool
    """Only while within a rate that stands before it in its rule."""
    where: Where


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, or one entry of a verdict map: those stand as a rule each, in the order of their keys."""

    where: Where
    matches: tuple[Match, ...]
    verdict: Verdict | None
    """None: the packet goes on to the next rule."""
    log: Log | None = None
    limit: Limit | None = None
    also: tuple[str, ...] = ()
    """Conditions that are understood and have no field here (`tcp flags syn`): the rule may match, or may not."""
    unknown: tuple[str, ...] = ()
    """What was not understood: the rule may match, or may not."""
    translation: str = ""
    """What it makes of addresses: `snat ip to 203.0.113.10`."""
    comment: str = ""
    untracks: bool = False
    """Keeps connection tracking away from the packet: its state will be `untracked`."""

    @property
    def sure(self) -> bool:
        """Whether its matches are all there is to it."""
        return not (self.also or self.unknown or self.limit)


@dataclass(frozen=True, slots=True)
class BaseChain:
    """What ties a chain to a hook."""

    hook: Hook
    kind: str
    """`filter`, `nat`, `route`."""
    priority: int
    """The lowest first."""
    policy: Action
    where: Where


@dataclass(frozen=True, slots=True)
class Chain:
    """Rules in the order packets meet them."""

    table: str
    """Family and name: `inet fosa`. Jumps stay within a table."""
    name: str
    rules: tuple[Rule, ...]
    base: BaseChain | None
    where: Where


@dataclass(frozen=True, slots=True)
class Firewall:
    """Everything that filters. Sets and maps are dissolved into the rules that use them."""

    chains: Mapping[tuple[str, str], Chain]
    """By table and name."""
    sources: tuple[str, ...]
    """The sections it was read from."""

    def at(self, hook: Hook) -> tuple[Chain, ...]:
        """The base chains of a hook, in the order packets meet them."""
        found = [chain for chain in self.chains.values() if chain.base is not None and chain.base.hook is hook]
        return tuple(sorted(found, key=lambda chain: chain.base.priority if chain.base else 0))
