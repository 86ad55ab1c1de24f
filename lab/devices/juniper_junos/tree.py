"""A configuration of the emulated Junos, as the tree that `set`, `delete` and `deactivate` change."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256

from lab.devices.juniper_junos.grammar import GRAMMAR, Kind, Node, find
from templates.juniper_junos.nine import MAGIC, hidden
from templates.juniper_junos.text import Path, line

__all__ = ["BadLineError", "Branch", "Tree"]

Branch = dict[str, "Branch"]

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\[|\])|([^\s"]+)')
_SALTS = "QzF3n6B1IREhc7N-dVbiHkq.m"
_ENGINE = b"emulated"


class BadLineError(Exception):
    """A line the device does not take, with the word it stumbles over."""

    def __init__(self, message: str, word: str) -> None:
        super().__init__(message)
        self.word = word


@dataclass(slots=True)
class Tree:
    """A whole configuration. A secret in clear is kept as Junos shows it: `$9$` with a new salt, localized keys."""

    root: Branch = field(default_factory=dict)
    asleep: dict[Path, None] = field(default_factory=dict)
    """Paths that are switched off, in the order they were."""

    def copy(self) -> Tree:
        """The same, for itself."""
        return Tree(deepcopy(self.root), dict(self.asleep))

    def do(self, said: str) -> None:
        """One line as it is loaded. BadLineError; what came before it has been done."""
        words = [quoted or bracket or bare for quoted, bracket, bare in _WORD.findall(said)]
        actions: dict[str, Callable[[Sequence[str]], None]] = {
            "set": self._set_all,
            "delete": self._delete,
            "deactivate": self._sleep,
            "activate": self._wake,
        }
        if len(words) < 2 or words[0] not in actions:
            raise BadLineError("syntax error", words[0] if words else "")
        actions[words[0]](words[1:])

    def get(self, *path: str) -> Branch:
        """What is below a path; nothing, where there is no such path or it is switched off."""
        at = self.root
        for size, word in enumerate(path, 1):
            if word not in at or path[:size] in self.asleep:
                return {}
            at = at[word]
        return at

    def value(self, *path: str) -> str:
        """The one value at a path; empty without one."""
        return next(iter(self.get(*path)), "")

    def lines(self) -> list[str]:
        """As `display set` shows it."""
        return [
            *(line(path) for path in _leaves(self.root, GRAMMAR, ())),
            *(line(p, "deactivate") for p in self.asleep),
        ]

    # ---- Changes -----------------------------------------------------------------------------------------------------

    def _set_all(self, words: Sequence[str]) -> None:
        if "[" in words and words[-1] == "]":
            at = words.index("[")
            for item in words[at + 1 : -1]:
                self._set([*words[:at], item])
        else:
            self._set(words)

    def _set(self, words: Sequence[str]) -> None:
        at, node, left = self.root, GRAMMAR, list(words)
        while left:
            word = left.pop(0)
            below = find(node, word)
            if below is None:
                raise BadLineError("syntax error", word)
            if below.kind in {Kind.FLAG, Kind.LIST}:
                at = at.setdefault(word, {})
                if below.kind is Kind.LIST and below.name != "*":
                    at = at.setdefault(_next(left, word), {})
                # A flag has nothing below it: what follows stands beside it.
                node = below if below.below or below.kind is Kind.LIST else node
            else:
                _put(at, below, word, left)

    def _delete(self, words: Sequence[str]) -> None:
        way: list[tuple[Branch, str, bool]] = []
        at, node = self.root, GRAMMAR
        key = False
        for number, word in enumerate(words):
            if word not in at:
                raise BadLineError("statement not found", words[-1])
            below = node if key else find(node, word)
            if below is not None and below.kind is Kind.VALUE and number + 1 < len(words):
                raise BadLineError("syntax error", words[number + 1])
            way.append((at, word, key or (below is not None and below.name == "*")))
            at = at[word]
            key = not key and below is not None and below.kind is Kind.LIST and below.name != "*"
            node = below or Node("", Kind.ANYTHING)
        for number, (branch, word, keyed) in enumerate(reversed(way)):
            if number and (branch[word] or keyed):
                break
            del branch[word]
        gone = tuple(words)
        self.asleep = {path: None for path in self.asleep if path[: len(gone)] != gone}

    def _sleep(self, words: Sequence[str]) -> None:
        self._there(words)
        self.asleep[tuple(words)] = None

    def _wake(self, words: Sequence[str]) -> None:
        self._there(words)
        self.asleep.pop(tuple(words), None)

    def _there(self, words: Sequence[str]) -> None:
        at = self.root
        for word in words:
            if word not in at:
                raise BadLineError("statement not found", words[-1])
            at = at[word]


def _next(left: list[str], word: str) -> str:
    if not left:
        raise BadLineError("missing argument.", word)
    return left.pop(0)


def _put(at: Branch, node: Node, word: str, left: list[str]) -> None:
    match node.kind:
        case Kind.VALUE:
            at[word] = {_within(node, _next(left, word)): {}}
        case Kind.VALUES:
            at.setdefault(word, {})[_next(left, word)] = {}
        case Kind.SECRET:
            at[word] = {_obscured(_next(left, word)): {}}
        case Kind.KEYED:
            at[word] = _keyed(_next(left, word), _next(left, word))
        case Kind.NUMBER:
            for number in [name for name in at if name.isdigit()]:
                del at[number]
            at[_within(node, word)] = {}
        case _:
            for each in (word, *left):
                at = at.setdefault(each, {})
            left.clear()


def _within(node: Node, value: str) -> str:
    if node.range is not None:
        first, last = node.range
        if not value.isdigit():
            raise BadLineError(f"Invalid numeric value: '{value}'", value)
        if not first <= int(value) <= last:
            raise BadLineError(f"Value {value} is not within range ({first}..{last})", value)
    return value


def _obscured(secret: str) -> str:
    return secret if secret.startswith(("$9$", "$8$")) else hidden(secret, secrets.choice(_SALTS) + "abc")


def _keyed(keyword: str, secret: str) -> Branch:
    """A password becomes a key of this engine (RFC 3414); which bytes Junos shows of it is not known."""
    what = keyword.removesuffix("-password")
    if what == keyword:
        if not keyword.endswith("-key") or not secret.startswith(MAGIC):
            raise BadLineError("syntax error", keyword)
        return {keyword: {secret: {}}}
    if len(secret) < 8:
        raise BadLineError("password must be at least 8 characters long", keyword)
    digest = sha256(_ENGINE + secret.encode()).hexdigest()
    return {f"{what}-key": {hidden(digest, secrets.choice(_SALTS) + "abc"): {}}}


def _leaves(branch: Branch, node: Node, path: Path) -> Iterator[Path]:
    names = list(node.below)
    for word in sorted(branch, key=lambda each: names.index(each) if each in names else len(names)):
        below = find(node, word) or Node("", Kind.ANYTHING)
        inner = branch[word]
        if not inner:
            yield (*path, word)
        elif below.kind is Kind.LIST and below.name != "*":
            for key, entry in inner.items():
                if entry:
                    yield from _leaves(entry, below, (*path, word, key))
                else:
                    yield (*path, word, key)
        else:
            yield from _leaves(inner, below, (*path, word))
