"""Every way a packet can take through a hook of a packet filter: to be let through, or to be stopped.

What is found is never less than the truth. A rule that may match and may not (a rate, a condition that has no field,
words nobody understood) leaves both ways open. Fields of one family say nothing of packets of the other: a path whose
`family` has both and whose `source` is a network lets that network through of IPv4, and everything of IPv6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.facts.firewall import Action, Chain, Firewall, Hook, Limit, Log, Match, Rule
from monitor.facts.space import EVERYTHING, Field, Names, Space
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
    """The packets that may take it, as they leave: addresses that were translated on the way may be any.

    Not smaller than the truth; larger where rules before it could not be reckoned.
    """
    where: Where
    """The rule that decided, or the line of the policy. For ACCEPT the last base chain with a rule for it counts."""
    chain: str
    """The chain in which it was decided."""
    rule: Rule | None
    """The rule that decided; None: the policy."""
    logs: tuple[Log, ...]
    """The log statements every such packet passes, the deciding rule's among them. A `limited` one writes of some."""
    also: tuple[str, ...]
    """Conditions on the way that have no field (`tcp flags syn`, `limit rate over ...`) or were not understood."""
    trail: tuple[str, ...]
    """The chains it went through."""


@dataclass(frozen=True, slots=True)
class Paths:
    """All ways through a hook, in the order of the lines that decide."""

    found: tuple[Path, ...]
    complete: bool
    """False: there are more than were wanted, or chains call each other in a ring, or one is missing.

    Then nothing is proven by what was found.
    """


def paths(firewall: Firewall, hook: Hook, *, states: frozenset[str] = NEW, most: int = 20_000) -> Paths:
    """Every way of packets in these connection states through a hook, over all its base chains.

    Without base chains there is one way: ACCEPT of everything; ask `firewall.at(hook)` for that case first. Packets
    that a rule keeps away from connection tracking are `untracked`: they count as new ones.
    """
    if states == NEW and any(rule.untracks for chain in firewall.chains.values() for rule in chain.rules):
        states |= {"untracked"}
    walk = _Walk(firewall, hook, most)
    space = EVERYTHING.narrowed(Field.STATE, Names(states))
    ways = [_Way(space)] if space is not None else []
    for chain in firewall.at(hook):
        ways = walk.base(chain, ways)
    for way in ways:
        walk.emit(way, Action.ACCEPT)
    return Paths(tuple(sorted(walk.found, key=lambda path: path.where.line)), walk.complete)


class _Decision(NamedTuple):
    where: Where
    chain: str
    rule: Rule | None


class _Way(NamedTuple):
    """A way that has not ended yet."""

    space: Space
    logs: tuple[Log, ...] = ()
    also: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()
    decided: _Decision | None = None
    """By which an earlier base chain let it through."""


_NOWHERE = Where("", 0, "")
_DEEPEST = 16
"""The kernel takes no deeper calls."""
_PATIENCE = 50
"""Rules tried for each way wanted: a million is a second or two."""


@dataclass(slots=True)
class _Walk:
    firewall: Firewall
    hook: Hook
    most: int
    found: list[Path] = field(default_factory=list)
    complete: bool = True
    accepted: list[_Way] = field(default_factory=list)
    """Let through by the base chain that is walked now."""
    inside: list[str] = field(default_factory=list)
    steps: int = 0
    """Rules tried so far, once for each way."""

    def base(self, chain: Chain, ways: Iterable[_Way]) -> list[_Way]:
        """Through one base chain; what comes out goes on to the next."""
        self.accepted = []
        met, past = _by_family(chain, ways)
        for way in self.through(chain, met):
            policy = chain.base.policy if chain.base is not None else Action.ACCEPT
            where = chain.base.where if chain.base is not None else chain.where
            self.decide(way, policy, _Decision(where, chain.name, None))
        return self.accepted + past

    def through(self, chain: Chain, ways: list[_Way]) -> list[_Way]:
        """Through a chain; the ways that come back from it undecided."""
        if chain.name in self.inside or len(self.inside) >= _DEEPEST:
            self.complete = False
            return []
        self.inside.append(chain.name)
        ways = [way._replace(trail=(*way.trail, chain.name)) for way in ways]
        back: list[_Way] = []
        for rule in chain.rules:
            if self.enough(len(ways) + len(back)):
                ways, back = [], []
                break
            self.steps += len(ways)
            ways = [left for way in ways for left in self.rule(chain, rule, way, back)]
        self.inside.pop()
        return [*back, *ways]

    def enough(self, ways: int) -> bool:
        """Whether there are more ways than wanted, or more rules were tried than anybody will wait for."""
        if len(self.found) + len(self.accepted) + ways > self.most or self.steps > self.most * _PATIENCE:
            self.complete = False
            return True
        return False

    def rule(self, chain: Chain, rule: Rule, way: _Way, back: list[_Way]) -> list[_Way]:
        """Past one rule of a chain: the ways that go on to the next one. Those that return are put to `back`."""
        if rule.verdict is None and rule.log is None:
            return [way]
        taken = _taken(rule, way)
        if taken is None:
            return [way]
        rest = _rest(rule, way.space)
        left = [way._replace(space=rest)] if rest is not None else []
        verdict = rule.verdict
        if verdict is None:
            return self._noted(rule, way, taken, left)
        if verdict.action in {Action.JUMP, Action.GOTO}:
            called = self.firewall.chains.get((chain.table, verdict.chain))
            if called is None:
                self.complete = False
                return left
            returned = self.through(called, [taken])
            if verdict.action is Action.JUMP:
                return [*(again._replace(trail=way.trail) for again in returned), *left]
            back += returned
        elif verdict.action is Action.RETURN:
            back.append(taken)
        else:
            self.decide(taken, verdict.action, _Decision(rule.where, chain.name, rule))
        return left

    def _noted(self, rule: Rule, way: _Way, taken: _Way, left: list[_Way]) -> list[_Way]:
        """Past a rule that only logs. "No more than so many a second" is no reason to tell packets apart."""
        if not left or (rule.limit is Limit.WITHIN and not rule.unknown and _asks_nothing(rule, way.space)):
            return [taken._replace(also=way.also)]
        # Where the others cannot be told from those that are logged, none is said to be.
        return [way] if left[0].space is way.space else [taken, *left]

    def decide(self, way: _Way, action: Action, decision: _Decision) -> None:
        """A way ends in this base chain: for good, unless it was let through."""
        if decision.rule is not None and decision.rule.translation:
            way = way._replace(space=_translated(decision.rule.translation, way.space))
        if action is not Action.ACCEPT:
            self.emit(way._replace(decided=decision), action)
        elif decision.rule is not None or way.decided is None or way.decided.rule is None:
            self.accepted.append(way._replace(decided=decision))
        else:
            self.accepted.append(way)

    def emit(self, way: _Way, action: Action) -> None:
        """A way has ended."""
        if len(self.found) >= self.most:
            self.complete = False
            return
        end = way.decided or _Decision(_NOWHERE, "", None)
        self.found.append(
            Path(self.hook, action, way.space, end.where, end.chain, end.rule, way.logs, way.also, way.trail)
        )


_TABLES = {"ip": Names(frozenset({"ipv4"})), "ip6": Names(frozenset({"ipv6"}))}


def _by_family(chain: Chain, ways: Iterable[_Way]) -> tuple[list[_Way], list[_Way]]:
    """Which ways meet a base chain, and which pass it by: a table of one family does not see the other."""
    seen = _TABLES.get(chain.table.split(" ", 1)[0])
    if seen is None:
        return list(ways), []
    met, past = [], []
    for way in ways:
        inside, outside = way.space.narrowed(Field.FAMILY, seen), way.space.without(Field.FAMILY, seen)
        met += [way._replace(space=inside)] if inside is not None else []
        past += [way._replace(space=outside)] if outside is not None else []
    return met, past


def _taken(rule: Rule, way: _Way) -> _Way | None:
    """The part of a way that a rule takes, or may take; None when it takes nothing."""
    space: Space | None = way.space
    for match in rule.matches:
        space = space.narrowed(match.field, match.values) if space is not None else None
    if space is None:
        return None
    logs = (*way.logs, rule.log) if rule.log is not None else way.logs
    return way._replace(space=space, logs=logs, also=(*way.also, *rule.also, *rule.unknown))


_NEEDS: dict[Field, frozenset[Field]] = {
    **dict.fromkeys((Field.SOURCE, Field.DESTINATION), frozenset({Field.FAMILY})),
    **dict.fromkeys((Field.SOURCE6, Field.DESTINATION6), frozenset({Field.FAMILY})),
    **dict.fromkeys((Field.ICMP_TYPE, Field.ICMP6_TYPE), frozenset({Field.FAMILY, Field.PROTOCOL})),
}
"""Fields that only packets of one family (and protocol) have: a range of them may be cut off without the others."""


def _rest(rule: Rule, space: Space) -> Space | None:
    """The packets a rule surely leaves, or more; None when it surely takes all.

    Exact where the rule asks for one thing the space does not imply, or for one field and what it takes to have it.
    """
    if not rule.sure:
        return space
    asked = [match for match in rule.matches if not space.implies(match.field, match.values)]
    if not asked:
        return None
    if len(asked) == 1:
        return space.without(asked[0].field, asked[0].values)
    needed = {match.field for match in asked}
    for match in asked:
        if needed - {match.field} <= _NEEDS.get(match.field, frozenset()):
            return space.without(match.field, match.values) or _without_all(asked, match, space)
    return space


def _without_all(asked: list[Match], cut: Match, space: Space) -> Space | None:
    """Nothing is left of a field: only packets that do not have it are."""
    others = [match for match in asked if match is not cut]
    return space.without(others[0].field, others[0].values) if len(others) == 1 else space


def _translated(translation: str, space: Space) -> Space:
    if translation.split(" ", 1)[0] in {"snat", "masquerade"}:
        return space.freed(Field.SOURCE, Field.SOURCE6, Field.SOURCE_PORT)
    return space.freed(Field.DESTINATION, Field.DESTINATION6, Field.DESTINATION_PORT)


def _asks_nothing(rule: Rule, space: Space) -> bool:
    """Whether nothing but its rate keeps a rule from matching."""
    return len(rule.also) <= 1 and all(space.implies(match.field, match.values) for match in rule.matches)
