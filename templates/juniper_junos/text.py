"""Junos's configuration text, with braces or as `set` lines, as one list of statements. Linear, never raises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Configuration", "Path", "Statement", "configuration", "line"]

Path = tuple[str, ...]

_DEPTH = 64
"""Words of a statement; the longest that Junos has are about half as long."""
_ACTIONS = frozenset({"set", "deactivate", "activate", "protect", "unprotect", "annotate", "delete", "edit", "top"})
_LONG = 20_000
"""Characters of a `set` line; a longer one is no configuration."""
_QUOTED = r'"(?P<quoted>(?:[^"\\]++|\\.)*+)"'
_WORD = re.compile(
    _QUOTED + r'|(?P<bare>[^\s"\[\]]++(?:\[[^\s"\[\]]*+\][^\s"\[\]]*+)*+)|(?P<list>[\[\]])|(?P<space>\s++)|(?P<bad>.)'
)
"""Brackets without a space in them belong to the word before them: `ge-0/0/[0-5]`."""
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\f\v]++)|(?P<end>\n)|(?P<note>/\*)|(?P<comment>#[^\n]*+)|(?P<mark>[{};\[\]])|"
    + _QUOTED
    + r'|(?P<bare>[^\s"{};#\[\]]++(?:\[[^\s"{};#\[\]]*+\][^\s"{};#\[\]]*+)*+)|(?P<bad>.)',
    re.DOTALL,
)
_PLAIN = re.compile(r"[A-Za-z0-9_./:,+*<>=%!?-]+\Z")

_COMPACT: tuple[tuple[Path, frozenset[str]], ...] = (
    (("system", "ntp", "server", "*"), frozenset({"prefer"})),
    (("system", "ntp", "authentication-key", "*"), frozenset()),
    (("system", "radius-server", "*"), frozenset()),
    (("system", "accounting", "destination", "radius", "server", "*"), frozenset()),
    (("system", "tacplus-server", "*"), frozenset({"single-connection"})),
    (("access", "radius-server", "*"), frozenset()),
    (("routing-options", "static", "route", "*"), frozenset({"discard", "reject", "retain", "no-readvertise"})),
    (("switch-options", "interface", "*", "interface-mac-limit"), frozenset()),
    (("switch-options", "voip", "interface", "*"), frozenset()),
)
"""Where several attributes stand behind each other on one line, and which of them have no value.

`display set` gives each a line of its own, braces give them one: both become the former here.
"""
_BY_FIRST = {row[0][0]: tuple(each for each in _COMPACT if each[0][0] == row[0][0]) for row in _COMPACT}


class Statement(NamedTuple):
    """One statement, as `display set` would show it without the word `set`. Words are as written between quotes."""

    words: Path
    line: int
    """From 1."""


@dataclass(slots=True)
class Configuration:
    """A text, read."""

    statements: list[Statement] = field(default_factory=list)
    inactive: list[Statement] = field(default_factory=list)
    """Paths that are switched off with all below them."""
    odd: list[int] = field(default_factory=list)
    """Lines that are no configuration text, in order."""

    def off(self, words: Path) -> bool:
        """Whether a statement is switched off."""
        return any(words[: len(each.words)] == each.words for each in self.inactive)


def configuration(text: str) -> Configuration:
    """Read a text in either form: whichever its first word belongs to."""
    first = next(_first_words(text), "")
    return _from_lines(text) if first in _ACTIONS else _from_braces(text)


def line(words: Sequence[str], action: str = "set") -> str:
    """A statement as a `set` line."""
    return " ".join((action, *(word if _PLAIN.match(word) else f'"{word}"' for word in words)))


def _first_words(text: str) -> Iterator[str]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        said = text[start:end].strip()
        if said and not said.startswith(("#", "/*", "*", "{master", "[edit")):
            yield said.split(None, 1)[0]
        start = end + 1


# ---- set lines -------------------------------------------------------------------------------------------------------


def _from_lines(text: str) -> Configuration:
    found = Configuration()
    for number, raw in enumerate(text.split("\n"), 1):
        said = raw.strip()
        if not said or said.startswith(("#", "/*")):
            continue
        words = _words(said) if len(said) < _LONG else None
        if words is None or not 1 < len(words) <= _DEPTH or words[0] not in {"set", "deactivate"}:
            if not said.startswith("annotate "):
                found.odd.append(number)
            continue
        path = tuple(words[1:])
        if words[0] == "deactivate":
            found.inactive.append(Statement(path, number))
        elif path[0] in _BY_FIRST or path[-1] == "]":
            found.statements += [Statement(each, number) for each in _spread(path)]
        else:
            found.statements.append(Statement(path, number))
    return found


def _words(said: str) -> list[str] | None:
    """The words of a line, brackets as words of their own; None when a quote is left open."""
    if '"' not in said and "[" not in said and "]" not in said:
        return said.split()
    found = []
    for match in _WORD.finditer(said):
        if match["bad"] is not None:
            return None
        found += [word for word in match.group("quoted", "bare", "list") if word is not None]
    return found


def _spread(words: Sequence[str]) -> Iterable[Path]:
    """A line as statements of one value each: `[ a b ]` and compact attributes taken apart."""
    if words[-1] == "]" and "[" in words:
        at = words.index("[")
        return [path for item in words[at + 1 : -1] for path in _spread([*words[:at], item])]
    for prefix, flags in _BY_FIRST.get(words[0], ()):
        if len(words) > len(prefix) + 1 and _fits(words, prefix):
            return list(_attributes(tuple(words[: len(prefix)]), words[len(prefix) :], flags))
    return (tuple(words),)


def _fits(words: Sequence[str], prefix: Path) -> bool:
    return all(want in {"*", word} for word, want in zip(words, prefix, strict=False))


def _attributes(prefix: Path, words: Sequence[str], flags: frozenset[str]) -> Iterator[Path]:
    at = 0
    if words[0].isdigit():
        # A bare number stands for itself: `interface-mac-limit 3 packet-action drop`.
        yield (*prefix, words[0])
        at = 1
    while at < len(words):
        size = 1 if words[at] in flags else 2
        yield (*prefix, *words[at : at + size])
        at += size


# ---- Braces ----------------------------------------------------------------------------------------------------------


class _Braces:
    """Statements out of braces, with a stack: no depth of nesting costs more than another."""

    def __init__(self) -> None:
        self.found = Configuration()
        self.path: list[str] = []
        self.depths: list[tuple[int, int]] = []
        """For each open brace: how long the path was, and how many statements there were."""
        self.said: list[str] = []
        self.values: list[str] | None = None
        self.many: list[str] | None = None
        self.line = self.began = 1
        self.inactive = False
        self.torn = False
        """A brace or a bracket stands where none can: what follows may belong to anything."""

    def word(self, word: str) -> None:
        if not self.said:
            self.began = self.line
        if word == "inactive:" and not self.said:
            self.inactive = True
        elif word in {"protect:", "active:", "replace:"} and not self.said:
            pass
        elif self.values is not None:
            self.values.append(word)
        elif self.many is not None:
            self.odd(self.line)
        else:
            self.said.append(word)

    def mark(self, mark: str) -> None:
        match mark:
            case "[":
                self.torn |= not self.said or self.values is not None
                self.values = []
            case "]":
                self.many, self.values = self.values, None
            case "{":
                self.open()
            case "}":
                self.close()
            case ";":
                self.end()

    def open(self) -> None:
        if not self.said or self.values is not None or len(self.path) + len(self.said) > _DEPTH:
            self.torn = True
        self.depths.append((len(self.path), len(self.found.statements)))
        self.path += self.said
        self.switched_off()
        self.said = []

    def close(self) -> None:
        if self.said:
            self.odd(self.line)
            self.said = []
        self.torn |= not self.depths
        if self.depths:
            length, before = self.depths.pop()
            if len(self.found.statements) == before and 0 < len(self.path) <= _DEPTH:
                self.found.statements.append(Statement(tuple(self.path), self.line))
            del self.path[length:]

    def end(self) -> None:
        if not self.said or len(self.path) + len(self.said) > _DEPTH:
            self.odd(self.line)
        else:
            words = [*self.path, *self.said]
            self.switched_off(*self.said)
            for value in self.many if self.many is not None else [None]:
                whole = words if value is None else [*words, value]
                self.found.statements += (Statement(path, self.began) for path in _spread(whole))
        self.said, self.many, self.values = [], None, None

    def switched_off(self, *said: str) -> None:
        if self.inactive and len(self.path) + len(said) <= _DEPTH:
            self.found.inactive.append(Statement((*self.path, *said), self.began))
        self.inactive = False

    def odd(self, number: int) -> None:
        if not self.found.odd or self.found.odd[-1] != number:
            self.found.odd.append(number)


def _from_braces(text: str) -> Configuration:
    read = _Braces()
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match["note"] and (end := text.find("*/", at)) >= 0:
            read.line += text.count("\n", at, end)
            at = end + 2
        elif match["note"] or match["bad"] == '"' or read.torn:
            return _broken_off(read, text)
        else:
            _take(read, match)
    if read.depths:
        # Cut off, or a brace too many: how much of it is not there, or somewhere else, nobody can say.
        read.line, read.torn = 1, True
        read.found.odd.clear()
    if read.torn:
        return _broken_off(read, text)
    if read.said or read.values is not None:
        read.odd(read.began if read.said else read.line)
    return read.found


def _take(read: _Braces, match: re.Match[str]) -> None:
    match match.lastgroup:
        case "end":
            read.line += 1
        case "mark":
            read.mark(match[0])
        case "bare":
            read.word(match[0])
        case "quoted":
            read.word(match["quoted"])
            read.line += match[0].count("\n")
        case "bad":
            read.odd(read.line)
        case _:
            pass


def _broken_off(read: _Braces, text: str) -> Configuration:
    """An open quote or comment, a torn brace: nothing behind it can be trusted to be what it looks like."""
    for number in range(read.line, text.count("\n") + 2):
        read.odd(number)
    return read.found
