"""A rule while it is being read, and the rules it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.facts.firewall import Action, Limit, Log, Match, Rule, Verdict
from monitor.facts.space import Field, Values, meet
from monitor.facts.where import Where

__all__ = ["Branch", "Draft"]

_ORDER = {name: at for at, name in enumerate(Field)}


class Branch(NamedTuple):
    """One entry of a verdict map or of a set of concatenations: conditions of its own, and perhaps a verdict."""

    matches: Mapping[Field, Values]
    verdict: Verdict | None
    line: int


@dataclass(slots=True)
class Draft:
    """What has been read of a rule so far."""

    matches: dict[Field, Values] = field(default_factory=dict)
    branches: list[Branch] | None = None
    also: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    log: Log | None = None
    limit: Limit | None = None
    translation: str = ""
    comment: str = ""
    untracks: bool = False

    def ask(self, name: Field, values: Values) -> None:
        """One more condition."""
        self.matches[name] = meet(self.matches[name], values) if name in self.matches else values

    def rules(self, where: Callable[[int], Where], line: int) -> tuple[Rule, ...]:
        """The rule; one for each entry where it has branches, in the order of their keys."""
        if self.verdict is None and self.translation and not self.translation.startswith("tproxy"):
            self.verdict = Verdict(Action.ACCEPT)
        if self.branches is None:
            return (self._rule(self.matches, self.verdict, where(line)),)
        rules = [self._rule(self._with(b.matches), b.verdict or self.verdict, where(b.line)) for b in self.branches]
        return tuple(sorted(rules, key=_key))

    def _with(self, more: Mapping[Field, Values]) -> dict[Field, Values]:
        mine = self.matches
        return {**mine, **{name: meet(mine[name], more[name]) if name in mine else more[name] for name in more}}

    def _rule(self, matches: Mapping[Field, Values], verdict: Verdict | None, where: Where) -> Rule:
        return Rule(
            where=where,
            matches=tuple(Match(name, matches[name]) for name in sorted(matches, key=_ORDER.__getitem__)),
            verdict=verdict,
            log=self.log,
            limit=self.limit,
            also=tuple(self.also),
            unknown=tuple(self.unknown),
            translation=self.translation,
            comment=self.comment,
            untracks=self.untracks,
        )


def _key(rule: Rule) -> str:
    """Entries never overlap, so their order changes nothing; a fixed one makes equal rulesets equal."""
    return repr([(match.field.value, _plain(match.values)) for match in rule.matches])


def _plain(values: Values) -> object:
    return values.spans if not hasattr(values, "names") else sorted(values.names)
