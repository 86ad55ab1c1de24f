"""Every way a packet can take through a hook of a packet filter: to be let through, or to be stopped."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.facts.firewall import Action, Firewall, Hook, Log, Rule
from monitor.facts.space import Space
from monitor.facts.where import Where

__all__ = ["NEW", "Path", "Paths", "paths"]

NEW = frozenset({"new"})


@dataclass(frozen=True, slots=True)
class Path:
    """One way: which packets may take it, where it ends, and what is written of it."""

    hook: Hook
    action: Action
    """ACCEPT (by every base chain of the hook), DROP, REJECT or QUEUE."""
    space: Space
    """The packets that may take it. Not smaller than the truth; larger where rules before it could not be reckoned."""
    where: Where
    """The rule that decided, or the line of the policy. For ACCEPT the last base chain with a rule for it counts."""
    chain: str
    """The chain in which it was decided."""
    rule: Rule | None
    """The rule that decided; None: the policy."""
    logs: tuple[Log, ...]
    """The log statements every such packet passes, the deciding rule's among them."""
    also: tuple[str, ...]
    """Conditions on the way that have no field (`tcp flags syn`, `rate over`) or were not understood."""
    trail: tuple[str, ...]
    """The chains it went through."""


@dataclass(frozen=True, slots=True)
class Paths:
    """All ways through a hook, in the order of the rules."""

    found: tuple[Path, ...]
    complete: bool
    """False: there are more than were wanted, or chains go round in a ring. Then nothing is proven by them."""


def paths(firewall: Firewall, hook: Hook, *, states: frozenset[str] = NEW, most: int = 20_000) -> Paths:
    """Every way of packets in these connection states through a hook, over all its base chains.

    A hook without base chains lets everything through: one path to ACCEPT is found only when there is a base chain,
    so ask `firewall.at(hook)` first.
    """
    raise NotImplementedError
