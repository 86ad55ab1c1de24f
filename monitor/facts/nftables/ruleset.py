"""A whole ruleset as a Firewall."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from monitor.facts.firewall import Action, BaseChain, Chain, Firewall, Hook, Rule
from monitor.facts.nftables.rules import read_rule
from monitor.facts.nftables.sets import NamedSet, named_set
from monitor.facts.nftables.tokens import Block, Statement, parse
from monitor.facts.text import Text

__all__ = ["read_ruleset"]

_PRIORITIES = {"raw": -300, "mangle": -150, "dstnat": -100, "filter": 0, "security": 50, "srcnat": 100, "": 0}
_PRIORITY = re.compile("([a-z]*)([+-]?[0-9]{1,9})?")
_IP_FAMILIES = frozenset({"inet", "ip", "ip6"})
"""Chains of other families (bridge, netdev, arp) meet other packets: they have no hook here."""
_OBJECTS = frozenset({"flowtable", "counter", "quota", "limit", "ct", "secmark"})
_QUIET = frozenset({"flush", "destroy", "comment", "devices", "flags"})


def read_ruleset(text: Text) -> Firewall:
    """The firewall of a ruleset, written or listed. Lines that are not understood are odd lines of the text."""
    reader = _Ruleset(text)
    for item in parse(text.text).items:
        reader.top(item)
    return Firewall(reader.chains, (text.source,))


@dataclass(slots=True)
class _Ruleset:
    text: Text
    chains: dict[tuple[str, str], Chain] = field(default_factory=dict)
    sets: dict[str, dict[str, NamedSet]] = field(default_factory=dict)
    """By table and name."""

    def top(self, item: Block | Statement) -> None:
        words = _words(item)
        if isinstance(item, Statement):
            self._unless(item.line, words[0] in _QUIET)
            return
        table = words[words.index("table") + 1 :] if "table" in words else []
        if len(table) not in {1, 2}:
            self._odd(item.line)
            return
        self._table(item, " ".join(table if len(table) == 2 else ["ip", *table]))

    def _table(self, block: Block, name: str) -> None:
        hooked, chains = name.split(maxsplit=1)[0] in _IP_FAMILIES, []
        for item in block.items:
            match _words(item):
                case ["set" | "map", of] if isinstance(item, Block):
                    self._set(item, name, of)
                case ["chain", of] if isinstance(item, Block):
                    chains.append((item, of))
                case ["flags", *flags]:
                    hooked &= "dormant" not in flags
                case [word, *_]:
                    self._unless(item.line, word in (_OBJECTS if isinstance(item, Block) else _QUIET))
        # Rules may name sets that stand behind them.
        for item, of in chains:
            self._chain(item, name, of, hooked=hooked)

    def _set(self, block: Block, table: str, name: str) -> None:
        found, odd = named_set(block)
        self.sets.setdefault(table, {})[name] = found
        for item in odd:
            self._odd(item.line)

    def _chain(self, block: Block, table: str, name: str, *, hooked: bool) -> None:
        base, rules = None, list[Rule]()
        before = self.chains.get((table, name))
        if before is not None:
            base, rules = before.base, list(before.rules)
        for item in block.items:
            words = _words(item)
            if isinstance(item, Block):
                self._odd(item.line)
            elif words[0] == "type":
                base = self._base(words, item.line) if hooked else None
            elif words[0] == "policy":
                base = self._policy(base, words, item.line)
            elif words[0] not in _QUIET:
                rules += self._rules(item, self.sets.get(table, {}))
        self.chains[table, name] = Chain(table, name, tuple(rules), base, self.text.where(block.line))

    def _rules(self, item: Statement, sets: Mapping[str, NamedSet]) -> Sequence[Rule]:
        found = read_rule(item, sets, self.text.where)
        if any(rule.unknown for rule in found):
            self._odd(item.line)
        return found

    def _base(self, words: Sequence[str], line: int) -> BaseChain | None:
        """`type filter hook input priority filter + 10`: without a policy it accepts."""
        said = dict(zip(words[::2], words[1::2], strict=False))
        priority = _priority(words[words.index("priority") + 1 :] if "priority" in words else [])
        try:
            hook = Hook(said.get("hook", ""))
        except ValueError:
            self._unless(line, said.get("hook") in {"ingress", "egress"})
            return None
        self._unless(line, priority is not None)
        return BaseChain(hook, said.get("type", ""), priority or 0, Action.ACCEPT, self.text.where(line))

    def _policy(self, base: BaseChain | None, words: Sequence[str], line: int) -> BaseChain | None:
        known = words[1:] in (["accept"], ["drop"])
        self._unless(line, known)
        if base is None or not known:
            return base
        return BaseChain(base.hook, base.kind, base.priority, Action(words[1]), self.text.where(line))

    def _unless(self, line: int, understood: bool) -> None:
        if not understood:
            self._odd(line)

    def _odd(self, line: int) -> None:
        self.text.odd(self.text.where(line))


def _words(item: Block | Statement) -> list[str]:
    tokens = item.head if isinstance(item, Block) else item.tokens
    return [word for word, _ in tokens]


def _priority(words: Sequence[str]) -> int | None:
    """`filter`, `-5`, `srcnat + 10`, `filter - 5`; None when not understood."""
    found = _PRIORITY.fullmatch("".join(words))
    if found is None or found[1] not in _PRIORITIES:
        return None
    return _PRIORITIES[found[1]] + int(found[2] or 0)
