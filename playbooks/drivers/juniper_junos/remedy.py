"""The way from one Junos text to another: pieces that differ are deleted and set anew. Pure.

Junos itself finds the difference when it compares the candidate with what runs, and commits all of it or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from playbooks.drivers.cli.session import Remedy
from playbooks.drivers.juniper_junos.scope import Scope, scope_of
from templates.juniper_junos.shown import ordered
from templates.juniper_junos.text import Configuration, Path, Statement, configuration, line

__all__ = ["remedy"]


@dataclass(frozen=True, slots=True)
class _Side:
    """One text, in pieces."""

    pieces: dict[Path, list[Statement]]
    rest: list[Statement]
    """What belongs to no piece."""


def remedy(running: str, intended: str) -> Remedy:
    """What is to be typed, and what runs afterwards."""
    before, after = configuration(running), configuration(intended)
    scope = scope_of(before.statements, after.statements)
    theirs, ours = _side(before, scope), _side(after, scope)
    asleep = _Asleep(before, after, scope)
    emptied = _emptied(before, [*theirs.rest, *after.statements])
    lines = list(asleep.woken())
    for piece in dict.fromkeys((*theirs.pieces, *ours.pieces)):
        has, wants = theirs.pieces.get(piece, []), ours.pieces.get(piece, [])
        if ordered(has) != ordered(wants) or _within(before, piece) != _within(after, piece):
            if has and piece[1:2] not in {(group,) for group in emptied}:
                lines.append(line(piece, "delete"))
            lines += (line(each.words) for each in wants)
            lines += (line(path, "deactivate") for path in sorted(_within(after, piece)))
    lines += _forgotten(before, emptied)
    lines += (line(path, "deactivate") for path in asleep.lulled())
    left = [line(each.words) for each in theirs.rest if not _names(each.words, emptied)]
    whole = [*left, *(line(each.words) for each in after.statements)]
    whole += (line(path, "deactivate") for path in asleep.left())
    return Remedy(tuple(lines), "".join(f"{each}\n" for each in dict.fromkeys(whole)), tuple(left))


def _side(read: Configuration, scope: Scope) -> _Side:
    side = _Side({}, [])
    for each in read.statements:
        piece = scope.piece(each.words)
        if piece is None:
            side.rest.append(each)
        else:
            side.pieces.setdefault(piece, []).append(each)
    return side


def _within(read: Configuration, piece: Path) -> frozenset[Path]:
    """What of a piece is switched off on its own."""
    return frozenset(each.words for each in read.inactive if each.words[: len(piece)] == piece)


def _emptied(read: Configuration, rest: Iterable[Statement]) -> frozenset[str]:
    """Groups of which nothing is left."""
    before = {each.words[1] for each in read.statements if each.words[0] == "groups" and len(each.words) > 2}
    return frozenset(before - {each.words[1] for each in rest if each.words[0] == "groups" and len(each.words) > 1})


def _forgotten(read: Configuration, groups: frozenset[str]) -> Iterator[str]:
    """A group without anything in it may not be applied."""
    for each in read.statements:
        if each.words[-2:-1] == ("apply-groups",) and each.words[-1] in groups and each.words[0] != "groups":
            yield line(each.words, "delete")
    yield from (line(("groups", group), "delete") for group in sorted(groups))


def _names(words: Path, groups: frozenset[str]) -> bool:
    return words[-2:-1] == ("apply-groups",) and words[-1] in groups


class _Asleep:
    """What is switched off in the running text, and what becomes of it."""

    def __init__(self, before: Configuration, after: Configuration, scope: Scope) -> None:
        self._before, self._after, self._scope = before, after, scope
        wanted = {each.words for each in after.inactive}
        ours = [each.words for each in (*before.statements, *after.statements) if scope.piece(each.words) is not None]
        self._above = [
            path
            for path in (each.words for each in before.inactive)
            if path not in wanted and scope.piece(path) is None and any(words[: len(path)] == path for words in ours)
        ]
        """Switched off with something of ours below."""

    def woken(self) -> Iterator[str]:
        """Switch on what holds something of ours, and each part off again that is none of ours."""
        for path in self._above:
            yield line(path, "activate")
            yield from (line(part, "deactivate") for part in self._parts(path))

    def lulled(self) -> Iterator[Path]:
        """What is to be switched off above the pieces."""
        known = {each.words for each in self._before.inactive}
        yield from (
            each.words
            for each in self._after.inactive
            if each.words not in known and self._scope.piece(each.words) is None
        )

    def left(self) -> Iterator[Path]:
        """What is switched off in the end."""
        yield from (each.words for each in self._after.inactive)
        for path in (each.words for each in self._before.inactive):
            if path in self._above:
                yield from self._parts(path)
            elif self._scope.piece(path) is None:
                yield path

    def _parts(self, path: Path) -> Iterator[Path]:
        """The largest parts below a path in which nothing is ours."""
        below = [each.words for each in self._before.statements if each.words[: len(path)] == path]
        held = {
            words[:size]
            for words in below
            if self._scope.piece(words) is not None
            for size in range(len(path), len(words) + 1)
        }
        parts = dict.fromkeys(
            words[: next((size for size in range(len(path) + 1, len(words)) if words[:size] not in held), len(words))]
            for words in below
            if self._scope.piece(words) is None
        )
        return iter(parts)
