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
_SILENT = ("#", "/*", "annotate ", "protect ", "unprotect ")
"""How lines begin that say nothing of what holds."""
_MOVES = frozenset(
    {"copy", "delete", "edit", "insert", "load", "rename", "replace", "rollback", "top", "up", "wildcard"}
)
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
_CHUNK = re.compile(r"(?P<gap>[ \t\n]{0,200}+)(?P<said>[!$-:<-Z\\^-z|~][ \t!$-:<-Z\\^-z|~]{0,400}+)?(?P<mark>[{};])")
"""What most of a text is: bare words of ASCII on one line, and a mark. Bounded, as it is tried again and again."""
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
_COMPACT_AT = {row[0][:2]: tuple(each for each in _COMPACT if each[0][:2] == row[0][:2]) for row in _COMPACT}
_COMPACT_FIRST = frozenset(first for first, _second in _COMPACT_AT)
"""By their first two words, which are never names, and the first of them."""


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
    broken: bool = False
    """Something is torn in it: what stands behind that is not read."""


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
    say = found.statements.append
    for number, raw in enumerate(text.split("\n"), 1):
        words = _words(raw)
        if words is None or (words and not (words[0] == "set" and 1 < len(words) <= _DEPTH)):
            _otherwise(found, words, number, raw)
        elif words:
            path = tuple(words[1:])
            if path[0] in _COMPACT_FIRST or path[-1] == "]":
                found.statements += [Statement(each, number) for each in _spread(path)]
            else:
                say(Statement(path, number))
    return found


def _otherwise(found: Configuration, words: list[str] | None, number: int, raw: str) -> None:
    """A line that sets nothing."""
    if raw.lstrip().startswith(_SILENT):
        return
    action, path = (words[0], tuple(words[1:])) if words else ("", ())
    if action == "deactivate" and 0 < len(path) < _DEPTH:
        found.inactive.append(Statement(path, number))
    elif action == "activate":
        found.inactive = [each for each in found.inactive if each.words != path]
    else:
        found.odd.append(number)
        # It changes what other lines say, or where they stand.
        found.broken = found.broken or action in _MOVES


def _words(said: str) -> list[str] | None:
    """The words of a line, brackets as words of their own; None when a quote is left open, or it is far too long."""
    if len(said) >= _LONG:
        return None
    if '"' not in said and "[" not in said and "]" not in said:
        found = said.split()
    else:
        found = []
        for match in _WORD.finditer(said):
            if match["bad"] is not None:
                return None
            if match["bare"] is not None and match["bare"].startswith("#"):
                return found
            found += [word for word in match.group("quoted", "bare", "list") if word is not None]
    if "#" in said:
        # A note (`## SECRET-DATA`) goes to the end of its line.
        noted = next((at for at, word in enumerate(found) if word.startswith("#") and f'"{word}"' not in said), None)
        return found[:noted]
    return found


def _spread(words: Sequence[str]) -> Iterable[Path]:
    """A line as statements of one value each: `[ a b ]` and compact attributes taken apart."""
    if words[-1] == "]" and "[" in words:
        at = words.index("[")
        return [path for item in words[at + 1 : -1] for path in _spread([*words[:at], item])]
    for prefix, flags in _COMPACT_AT.get(tuple(words[:2]), ()):
        if len(words) > len(prefix) + 1 and _fits(words, prefix):
            return list(_attributes(tuple(words[: len(prefix)]), words[len(prefix) :], flags))
    return (tuple(words),)


def _fits(words: Sequence[str], prefix: Path) -> bool:
    for want, word in zip(prefix, words, strict=False):  # noqa: SIM110  # in a hot loop
        if want not in ("*", word):
            return False
    return True


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

    def chunk(self, gap: str, said: str, mark: str) -> bool:
        """Bare words up to a mark, taken at once; False: they are taken one by one, and so is the gap."""
        words = said.split()
        if self.said or self.torn or self.values is not None or self.many is not None:
            return False
        if words and (words[0][-1] == ":" or "/*" in said):
            return False
        self.line += gap.count("\n")
        self.began, self.said = self.line, words
        self.mark(mark)
        return True

    def word(self, word: str) -> None:
        if not self.said:
            self.began = self.line
        if word == "inactive:" and not self.said:
            self.inactive = True
        elif word in {"protect:", "active:", "replace:"} and not self.said:
            # What is replaced stands above it, and has been taken for what holds.
            self.found.broken = self.found.broken or word == "replace:"
        elif self.values is not None:
            self.values.append(word)
        elif self.many is not None:
            self.odd(self.line)
        else:
            self.said.append(word)

    def mark(self, mark: str) -> None:
        if mark == ";":
            self.end()
        elif mark == "{":
            self.open()
        elif mark == "}":
            self.close()
        elif mark == "[":
            self.torn |= not self.said or self.values is not None
            self.values = []
        else:
            self.many, self.values = self.values, None

    def open(self) -> None:
        if not self.said or self.values is not None or len(self.path) + len(self.said) > _DEPTH:
            self.torn = True
        self.depths.append((len(self.path), len(self.found.statements)))
        self.path += self.said
        if self.inactive:
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
            words = (*self.path, *self.said)
            if self.inactive:
                self.switched_off(*self.said)
            if self.many is None and words[0] not in _COMPACT_FIRST:
                self.found.statements.append(Statement(words, self.began))
            else:
                whole = [words] if self.many is None else [(*words, value) for value in self.many]
                self.found.statements += [Statement(path, self.began) for each in whole for path in _spread(each)]
        self.said, self.many, self.values = [], None, None

    def switched_off(self, *said: str) -> None:
        if 0 < len(self.path) + len(said) <= _DEPTH:
            self.found.inactive.append(Statement((*self.path, *said), self.began))
        self.inactive = False

    def odd(self, number: int) -> None:
        if not self.found.odd or self.found.odd[-1] != number:
            self.found.odd.append(number)


def _from_braces(text: str) -> Configuration:
    read = _Braces()
    at = 0
    while at < len(text):
        chunk = None if read.said else _CHUNK.match(text, at)
        if chunk is not None and read.chunk(*chunk.groups("")):
            at = chunk.end()
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            break
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
    read.found.broken = True
    return read.found
