"""Reads one rule. What is not understood is kept, never guessed: such a rule may match, or may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monitor.facts.firewall import Rule
from monitor.facts.nftables.matches import HEADS, match
from monitor.facts.nftables.reader import Reader
from monitor.facts.nftables.sets import NamedSet
from monitor.facts.nftables.statements import STATEMENTS
from monitor.facts.nftables.tokens import Statement
from monitor.facts.where import Where

__all__ = ["read_rule"]


def read_rule(statement: Statement, sets: Mapping[str, NamedSet], where: Callable[[int], Where]) -> tuple[Rule, ...]:
    """The rules a statement makes: one, or one for each entry of its verdict map."""
    reader = Reader(statement.tokens, sets, where)
    while reader.at < len(reader.tokens):
        start = reader.at
        if match(reader):
            continue
        handler = STATEMENTS.get(reader.peek())
        if handler is not None and handler(reader):
            continue
        reader.at = max(reader.at, start + 1)
        while reader.at < len(reader.tokens) and not (reader.peek() in STATEMENTS or reader.peek() in HEADS):
            reader.at += 1
        reader.draft.unknown.append(reader.text(start))
    return reader.draft.rules(where, statement.line)
