"""Differences as pages show them: sections of lines, each of a kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.plans.model import Diff

__all__ = ["Section", "sections"]

_KINDS = {"+": "add", "-": "del", "@": "at"}


@dataclass(frozen=True, slots=True)
class Section:
    """The difference in one section."""

    name: str
    added: int
    removed: int
    lines: tuple[tuple[str, str], ...]
    """Kind (`add`, `del`, `at`, or nothing) and text."""


def sections(diffs: Iterable[Diff]) -> tuple[Section, ...]:
    """In the order they came."""
    return tuple(_section(diff) for diff in diffs)


def _section(diff: Diff) -> Section:
    lines = tuple((_KINDS.get(line[:1], ""), line) for line in diff.lines)
    kinds = [kind for kind, _line in lines]
    return Section(diff.section, kinds.count("add"), kinds.count("del"), lines)
