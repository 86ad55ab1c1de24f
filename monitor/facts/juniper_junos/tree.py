"""The statements that are in force: groups applied, ranges of interfaces taken apart, what is switched off left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from operator import attrgetter

from monitor.facts.juniper_junos.known import KNOWN, NOTHING, Known, understood
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where
from templates.juniper_junos.text import Configuration, Path, Statement, configuration

__all__ = ["Branch", "Read", "number", "read_tree"]

_RUN = re.compile(r"(?P<head>.*)\[(?P<first>[0-9]{1,3})-(?P<last>[0-9]{1,3})\]\Z")
_PORT = re.compile(r"(?P<head>[a-z]+-[0-9]+/[0-9]+/)(?P<number>[0-9]{1,3})\Z")
_MOST = 512
"""Interfaces a range may hold; the largest stack of switches has fewer."""


@dataclass(slots=True)
class Branch:
    """A word of the configuration, and what stands below it."""

    line: int
    """Where it was said first."""
    below: dict[str, Branch] = field(default_factory=dict)
    known: Known = NOTHING
    """What is understood below it."""


_NOTHING = Branch(1)
_ANY: Path = ("",)
"""A statement about anything."""
_PORTS: Path = ("interfaces", "")
"""One about ports nobody can name."""
_LINE_OF = attrgetter("line")


@dataclass(slots=True)
class Read:
    """A text, read."""

    text: Text
    root: Branch
    ranges: dict[str, tuple[str, ...]]
    """Interface ranges and who is in them."""
    lines: int
    """With a statement, or with something that is none: a brace alone does not count."""
    strange: list[Path]
    """Statements that are not understood."""

    def odd(self, words: Path, line: int) -> None:
        """A statement that is not understood."""
        self.strange.append(words)
        self.text.odd(self.text.where(line))

    def at(self, *path: str) -> Branch | None:
        """What is below a path, or None: nothing is said."""
        branch = self.root
        for word in path:
            found = branch.below.get(word)
            if found is None:
                return None
            branch = found
        return branch

    def names(self, *path: str) -> dict[str, Branch]:
        """The words below a path."""
        return (self.at(*path) or _NOTHING).below

    def where(self, branch: Branch | None) -> Where:
        """The line of a branch."""
        return self.text.where((branch or _NOTHING).line)

    def around(self, *path: str) -> Where:
        """The line that would hold what is not said: of the longest part of the path that is there."""
        branch = self.root
        for word in path:
            if word not in branch.below:
                break
            branch = branch.below[word]
        return self.where(branch)

    def value(self, *path: str) -> Fact[str] | None:
        """The first word below a path."""
        return next((Fact(word, self.where(branch)) for word, branch in self.names(*path).items()), None)

    def values(self, *path: str) -> Fact[tuple[str, ...]] | None:
        """Every word below a path."""
        names = self.names(*path)
        return Fact(tuple(names), self.where(next(iter(names.values())))) if names else None

    def number(self, *path: str) -> Fact[int] | None:
        """The number below a path; None also where it is none."""
        found = self.value(*path)
        return Fact(int(found.value), found.where) if found is not None and number(found.value) else None

    def flag(self, *path: str) -> Fact[bool]:
        """Whether something is said; where it is not, the line around it."""
        branch = self.at(*path)
        return Fact(branch is not None, self.around(*path))

    def members(self, name: str) -> tuple[str, ...]:
        """The physical interfaces a name stands for: itself without its unit, or a range."""
        return self.ranges.get(name, (name.partition(".")[0],))


def number(word: str) -> bool:
    """Whether a word is a number that fits anywhere."""
    return word.isascii() and word.isdigit() and len(word) < 10


def read_tree(text: Text) -> Read:
    """Read a text; what is not understood is noted in it."""
    found = configuration(text.text)
    for line in found.odd:
        text.odd(text.where(line))
    counted = {*found.odd, *map(_LINE_OF, found.statements), *map(_LINE_OF, found.inactive)}
    read = Read(text, Branch(1, known=KNOWN), {}, len(counted), [])
    if found.broken:
        read.strange.append(_ANY)
    off = _off(found)
    groups, applied = _planted(read, found, off)
    # What is applied further in goes before what is applied around it (Juniper: "apply-groups").
    for level, name, line in sorted(applied, key=lambda each: -len(each[0])):
        if name not in groups:
            # It may say anything.
            read.odd(("groups", name), line)
        given = [each for each in groups.get(name, ()) if not off(("groups", name, *each.words))]
        for each in given:
            if "apply-groups" in each.words:
                # Groups in groups are not followed.
                read.odd(_ANY, each.line)
            elif not understood(each.words):
                read.odd(each.words, each.line)
        _apply(read.root, level, given)
    read.ranges.update(_ranges(read))
    return read


def _planted(
    read: Read, found: Configuration, off: Callable[[Path], bool]
) -> tuple[dict[str, list[Statement]], list[tuple[Path, str, int]]]:
    """What groups say, by their names, and where they are applied: level, name, line. All else is in the tree."""
    groups: dict[str, list[Statement]] = {}
    applied: list[tuple[Path, str, int]] = []
    for each in found.statements:
        words, line = each
        if words[0] == "groups":
            if len(words) > 2:
                groups.setdefault(words[1], []).append(Statement(words[2:], line))
        elif found.inactive and off(words):
            continue
        elif len(words) > 1 and words[-2] == "apply-groups":
            applied.append((words[:-2], words[-1], line))
        elif not _plant(read.root, words, line):
            read.odd(words, line)
    return groups, applied


def _off(found: Configuration) -> Callable[[Path], bool]:
    """Whether a statement is switched off, by itself or with what it stands in."""
    paths = {each.words for each in found.inactive}
    lengths = sorted({len(each) for each in paths})
    return lambda words: any(words[:length] in paths for length in lengths)


def _plant(root: Branch, words: Path, line: int) -> bool:
    """Whether all of it is understood."""
    branch = root
    for word in words:
        found = branch.below.get(word)
        if found is None:
            known = branch.known
            found = branch.below[word] = Branch(line, {}, known.words.get(word, known.other))
        branch = found
    return branch.known is not NOTHING


# ---- Groups ----------------------------------------------------------------------------------------------------------


def _apply(root: Branch, level: Path, statements: list[Statement]) -> None:
    """A group's statements at a level: what stands there itself goes before them."""
    for each in statements:
        head = each.words[: len(level)]
        if len(head) == len(level) and all(_same(want, word) for want, word in zip(head, level, strict=True)):
            _graft(root, (*level, *each.words[len(level) :]), each.line)


def _same(want: str, word: str) -> bool:
    return fnmatchcase(word, want[1:-1]) if want.startswith("<") and want.endswith(">") else want == word


def _graft(branch: Branch, words: Path, line: int) -> None:
    """As `_plant`; `<ge-*>` stands for each name that fits and is there."""
    for at, word in enumerate(words):
        if word.startswith("<") and word.endswith(">"):
            for name, below in list(branch.below.items()):
                if _same(word, name):
                    _graft(below, words[at + 1 :], line)
            return
        branch = branch.below.setdefault(word, Branch(line))


# ---- Ranges ----------------------------------------------------------------------------------------------------------


def _ranges(read: Read) -> dict[str, tuple[str, ...]]:
    interfaces = read.root.below.get("interfaces", _NOTHING)
    found: dict[str, tuple[str, ...]] = {}
    for name, body in interfaces.below.get("interface-range", _NOTHING).below.items():
        members = tuple(dict.fromkeys(_members(read, interfaces, body)))
        found[name] = members
        for member in members:
            branch = interfaces.below.setdefault(member, Branch(body.line))
            for word, below in body.below.items():
                if word not in {"member", "member-range"}:
                    _merge(branch.below.setdefault(word, Branch(below.line)), below)
    return found


def _merge(into: Branch, other: Branch) -> None:
    for word, below in other.below.items():
        if word in into.below:
            _merge(into.below[word], below)
        elif below.below:
            _merge(into.below.setdefault(word, Branch(below.line)), below)
        else:
            into.below[word] = below


def _members(read: Read, interfaces: Branch, body: Branch) -> Iterator[str]:
    for name, branch in body.below.get("member", _NOTHING).below.items():
        run = _RUN.match(name)
        if run is not None:
            yield from _run(run["head"], int(run["first"]), int(run["last"]))
        elif "*" in name or "[" in name:
            # It also means interfaces that are nowhere in the text.
            read.odd(_PORTS, branch.line)
            yield from (each for each in interfaces.below if fnmatchcase(each, name))
        else:
            yield name
    for first, branch in body.below.get("member-range", _NOTHING).below.items():
        last = next(iter(branch.below.get("to", _NOTHING).below), "")
        ends = _PORT.match(first), _PORT.match(last)
        if ends[0] is None or ends[1] is None or ends[0]["head"] != ends[1]["head"]:
            read.odd(_PORTS, branch.line)
        else:
            yield from _run(ends[0]["head"], int(ends[0]["number"]), int(ends[1]["number"]))


def _run(head: str, first: int, last: int) -> Iterator[str]:
    return (f"{head}{number}" for number in range(first, min(last, first + _MOST) + 1))
