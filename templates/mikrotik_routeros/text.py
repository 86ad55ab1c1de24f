"""RouterOS's text as `/export` prints it and people type it: menus, `add`, `set [ find ... ]`, continued lines.

Source: MikroTik's manual, "Configuration management" (export) and "Scripting" (strings, escapes, `find`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

__all__ = ["VERBS", "Entry", "Path", "Script", "pairs", "parsed", "plain", "quoted", "script"]

Path = tuple[str, ...]
"""A menu: `("interface", "bridge", "port")`."""
VERBS = frozenset({"add", "disable", "enable", "export", "find", "get", "print", "remove", "set", "unset"})
_WRITES = frozenset({"add", "set"})
_NO_TARGET = frozenset("![]")
_LONG = 200_000
"""A logical line that is longer is not read."""
_STRING = r'"(?:[^"\\]|\\.)*+"'
_SUB = rf'\[[^\[\]"]*+(?:{_STRING}[^\[\]"]*+)*+\]'
_TOKEN = re.compile(rf'[ \t\r\f\v]*+(?P<word>(?:[^\s"\[\]]|{_STRING}|{_SUB})++)|[ \t\r\f\v]++\Z', re.DOTALL)
_REFERS = re.compile(rf'[$(\[]|(?:[^";]|{_STRING})*+;')
"""How a value begins that is worked out, or that the end of a command stands in: it belongs to a script."""
_TORN = re.compile(r"#(?:error|interrupted)\b")
"""What an export writes where it could not go on."""
_PROPERTY = re.compile(r"[A-Za-z0-9.][A-Za-z0-9.-]*+\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_ESCAPE = re.compile(rb"\\(?:([0-9A-F]{2})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v", b"_": b" "}
_BARE = re.compile(r"[A-Za-z0-9_.:/,!*@%+-]+\Z")
_SIGNS = {ord('"'): '\\"', ord("\\"): "\\\\", ord("$"): "\\$", 10: "\\n", 13: "\\r", 9: "\\t", ord("?"): "\\3F"}


class Entry(NamedTuple):
    """One command of a text, its strings unescaped."""

    path: Path
    verb: str
    target: str
    """The item by its name or number (`telnet`, `3`); empty where it is found otherwise."""
    find: Mapping[str, str] | None
    """The conditions of `[ find ... ]`, all of which must hold."""
    said: Mapping[str, str]
    """Its properties; one taken back (`!comment`) is empty."""
    line: int
    """Its first line, from 1."""
    raw: str
    """In one line, as written."""


@dataclass(slots=True)
class Script:
    """A text, read."""

    entries: list[Entry] = field(default_factory=list)
    odd: list[tuple[int, str]] = field(default_factory=list)
    """First line and text of what is no command of a configuration."""
    headers: list[tuple[int, Path]] = field(default_factory=list)
    """Lines that only enter a menu."""


def script(text: str) -> Script:
    """Read a text. Never fails; takes time in proportion to its length."""
    found = Script()
    menu: Path = ()
    for number, line in _logical(text):
        said = line.strip()
        first = said[:1]
        if first == "/" and (header := _header(said)) is not None:
            menu = header
            found.headers.append((number, menu))
        elif first == "#":
            if _TORN.match(said):
                found.odd.append((number, said))
        elif first:
            entry = parsed(said, menu, number) if len(said) <= _LONG else None
            if entry is None:
                found.odd.append((number, said))
            else:
                found.entries.append(entry)
    return found


def parsed(said: str, menu: Path = (), number: int = 1) -> Entry | None:
    """One logical line as a command, typed in a menu; None: it is none."""
    entry = _usual(said, menu, number) if menu and '"' not in said and said.isascii() else None
    if entry is not None:
        return entry
    words = said.split() if '"' not in said and "[" not in said and "]" not in said else _words(said)
    if not words or words[0].startswith(":"):
        return None
    path, rest = (menu, words) if words[0] in VERBS else _path(words, menu)
    if not path or not rest:
        return None
    target, find, properties = "", None, dict[str, str]()
    for at, word in enumerate(rest[1:]):
        if (each := _said(word)) is not None:
            properties[each[0]] = each[1]
        elif word[0] == "[":
            find = _conditions(word)
            if find is None:
                return None
        elif at == 0 and "=" not in word:
            target = plain(word)
        else:
            return None
    target = properties.pop("numbers", target)
    return Entry(path, rest[0], target, find, properties, number, said)


def _said(word: str) -> tuple[str, str] | None:
    """A property; None: it is none."""
    if word[0] == "!" and _NAME.match(word[1:]):
        return word[1:], ""
    name, equals, value = word.partition("=")
    if not equals or not _PROPERTY.match(name) or _REFERS.match(value):
        return None
    return name, plain(value)


def _usual(said: str, menu: Path, number: int) -> Entry | None:
    """A line without quotes as an export writes most of them; None: it takes a closer look."""
    verb, _, rest = said.partition(" ")
    if verb not in _WRITES:
        return None
    target, find = "", None
    try:
        if rest.startswith("[ find "):
            conditions, _, rest = rest[7:].partition(" ] ")
            find = dict(map(_pair, conditions.split()))
        words = rest.split()
        if words and "=" not in words[0]:
            target, *words = words
        properties = dict(map(_pair, words))
    except ValueError:
        return None
    if "numbers" in properties or not _NO_TARGET.isdisjoint(target):
        return None
    return Entry(menu, verb, target, find, properties, number, said)


@lru_cache(maxsize=1024)
def _pair(word: str) -> tuple[str, str]:
    """A property without quotes; ValueError: it is none."""
    name, equals, value = word.partition("=")
    if not equals or "[" in value or "]" in value or _REFERS.match(value) or not _PROPERTY.match(name):
        raise ValueError(word)
    return name, value


def pairs(said: Mapping[str, str]) -> str:
    """Properties as they are written, in the order of their names."""
    return " ".join(f"{name}={quoted(value)}" for name, value in sorted(said.items()))


def quoted(value: str) -> str:
    """A value as it may stand in a command. `?` would ask the console for help: it is written as a number."""
    if _BARE.match(value):
        return value
    raw = value.encode("utf-8", "surrogateescape")
    return '"' + "".join(_SIGNS.get(byte) or _sign(byte) for byte in raw) + '"'


def plain(value: str) -> str:
    """What a written value means: quotes and escapes undone, where it is one string."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    if "\\" not in value:
        return value[1:-1]
    raw = _ESCAPE.sub(_meant, value[1:-1].encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")


def _meant(match: re.Match[bytes]) -> bytes:
    if match[1] is not None:
        return bytes([int(match[1], 16)])
    return _LETTERS.get(match[2], match[2])


def _sign(byte: int) -> str:
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:02X}"


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their continuations: a break inside a string is a backslash, and the next line's indentation."""
    parts: list[str] = []
    begun = 1
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r") if raw[-1:] == "\r" else raw
        if parts:
            line = line.lstrip(" \t")
        else:
            begun = number
        if line[-1:] == "\\" and (len(line) - len(line.rstrip("\\"))) % 2 and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
        elif parts:
            yield begun, "".join([*parts, line])
            parts = []
        else:
            yield number, line
    if parts:
        yield begun, "".join(parts)


def _header(said: str) -> Path | None:
    """A line that begins with a slash and only enters a menu."""
    words = said.replace("/", " ").split()
    return tuple(words) if words and all(_NAME.match(word) and word not in VERBS for word in words) else None


def _path(words: Sequence[str], menu: Path) -> tuple[Path, Sequence[str]]:
    """The menu of a command, and the command itself from its verb on; nothing, where there is no verb."""
    path = [] if words[0].startswith("/") else list(menu)
    for at, word in enumerate(words):
        steps = [step for step in word.split("/") if step]
        if steps and steps[-1] in VERBS and all(map(_NAME.match, steps)):
            return (*path, *steps[:-1]), [steps[-1], *words[at + 1 :]]
        if not steps or not all(map(_NAME.match, steps)):
            break
        path += steps
    return (), ()


def _words(said: str) -> list[str] | None:
    """None when a quote or a bracket is left open."""
    found = []
    at = 0
    while at < len(said):
        match = _TOKEN.match(said, at)
        if match is None:
            return None
        if match["word"] is not None:
            found.append(match["word"])
        at = match.end()
    return found


def _conditions(word: str) -> dict[str, str] | None:
    words = word[1:-1].split() if '"' not in word and "[" not in word[1:] else _words(word[1:-1]) or []
    if words[:1] != ["find"]:
        return None
    found = {}
    for each in words[1:]:
        name, equals, value = each.partition("=")
        if equals and _PROPERTY.match(name):
            found[name] = plain(value)
        elif each not in {"where", "and", "&&"}:
            return None
    return found
