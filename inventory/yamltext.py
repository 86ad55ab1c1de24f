"""YAML text to plain values that know their lines: the core schema of YAML 1.2, without tags, anchors and merge keys.

The text is read as a stream of events from libyaml, so an alias is refused when it is seen, before anything is
expanded, and nesting is counted here, not on the interpreter's stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yaml import CSafeLoader, YAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from inventory.faults import Fault, Severity
from inventory.plain import Path, Value, key_text
from inventory.words import gettext as _
from inventory.yamlfaults import StopReading, refuse_characters, syntax

__all__ = ["Document", "Mark", "parse"]

_DEPTH = 20
_EVENTS = 200_000
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(
    r"(?P<dec>[-+]?[0-9]{1,18})|0o(?P<oct>[0-7]{1,18})|0x(?P<hex>[0-9a-fA-F]{1,15})"
    r"|[-+]?(\.[0-9]{1,18}|[0-9]{1,18}(\.[0-9]{0,18})?)([eE][-+]?[0-9]{1,2})?"
)


@dataclass(slots=True)
class Mark:
    """The line of a value (in a mapping: of its key, counted from 1) and the marks of what is in it."""

    line: int
    keys: dict[str, Mark] = field(default_factory=dict)
    items: list[Mark] = field(default_factory=list)

    def at(self, step: str | int) -> Mark | None:
        """The mark one step further in, None where there is none."""
        if isinstance(step, str):
            return self.keys.get(step)
        return self.items[step] if step < len(self.items) else None


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says. `value` is None where the text could not be understood at all, or says nothing."""

    value: Value
    mark: Mark
    faults: tuple[Fault, ...]


def parse(text: str, file: str) -> Document:
    """Read one document. Never raises: whatever is wrong is in `faults`."""
    reader = _Reader()
    try:
        refuse_characters(text)
        value, mark = reader.read(text)
    except StopReading as stop:
        reader.found.append((stop.line, (), stop.message))
        value, mark = None, Mark(1)
    faults = (Fault(file, line, key_text(value, path), Severity.ERROR, why) for line, path, why in reader.found)
    return Document(value, mark, tuple(faults))


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read. `key` is the key that waits for its value."""

    value: list[Value] | dict[str, Value]
    mark: Mark
    path: Path
    key: tuple[str, int] | None = None
    skip: bool = False
    """Whether the value that comes is refused with its key."""


class _Reader:
    """Builds values from libyaml's events, on a stack of its own."""

    def __init__(self) -> None:
        self.found: list[tuple[int, Path, str]] = []
        self._stack: list[_Open] = []
        self._root: tuple[Value, Mark] = (None, Mark(1))
        self._documents = 0

    def read(self, text: str) -> tuple[Value, Mark]:
        loader = CSafeLoader(text)
        try:
            for _number in range(_EVENTS):
                if not loader.check_event():
                    return self._root
                self._take(loader.get_event())
            raise StopReading(1, _("more values than a file of an inventory can mean: {n}").format(n=_EVENTS))
        except YAMLError as error:
            raise syntax(error, text) from None
        finally:
            loader.dispose()

    def _take(self, event: object) -> None:
        if isinstance(event, ScalarEvent):
            self._refuse_extras(event)
            self._scalar(event)
        elif isinstance(event, CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, NodeEvent):
            self._refuse_extras(event)
            self._open(event)
        elif isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise StopReading(_line(event), _("a second document begins here; one file holds one document"))

    def _refuse_extras(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise StopReading(
                _line(event), _("anchors (&) and aliases (*) are not allowed; write the value where it is needed")
            )
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            self.found.append((_line(event), self._path(), _("tags (!) are not allowed; write the plain value")))

    def _scalar(self, event: ScalarEvent) -> None:
        # A tag makes `implicit` false as well; the style alone says whether the text stood in quotes.
        value = _plain(event.value) if event.style in {None, ""} else event.value
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(top, value, event)
        else:
            self._put(value, Mark(_line(event)))

    def _key(self, top: _Open, key: Value, event: ScalarEvent) -> None:
        line = _line(event)
        top.key = (event.value, line)
        why = None
        if not isinstance(key, str):
            why = _("a key must be text; write {key} in quotes").format(key=f"'{event.value}'")
        elif key == "<<":
            why = _("merge keys (<<) are not allowed; write the keys out")
        elif key in top.mark.keys:
            why = _("the key stands twice; first on line {first}").format(first=top.mark.keys[key].line)
        top.skip = why is not None
        if why is not None:
            self.found.append((line, (*top.path, event.value), why))

    def _open(self, event: NodeEvent) -> None:
        line = _line(event)
        if len(self._stack) >= _DEPTH:
            raise StopReading(line, _("nested more than {depth} levels deep").format(depth=_DEPTH))
        value: list[Value] | dict[str, Value] = {} if isinstance(event, MappingStartEvent) else []
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise StopReading(line, _("a key must be text, not a list or a mapping"))
        mark, path = Mark(line), self._path()
        self._put(value, mark)
        self._stack.append(_Open(value, mark, path))

    def _put(self, value: Value, mark: Mark) -> None:
        if not self._stack:
            self._root = (value, mark)
            return
        top = self._stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
            top.mark.items.append(mark)
            return
        if top.key is not None:
            name, mark.line = top.key
            if not top.skip:
                top.value[name] = value
                top.mark.keys[name] = mark
            top.key = None

    def _path(self) -> Path:
        """Where the value that comes will stand."""
        if not self._stack:
            return ()
        top = self._stack[-1]
        if isinstance(top.value, list):
            return (*top.path, len(top.value))
        return top.path if top.key is None else (*top.path, top.key[0])


def _line(event: object) -> int:
    line: int = event.start_mark.line  # type: ignore[attr-defined]  # every event of PyYAML has marks
    return line + 1


def _plain(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if not (match := _NUMBER.fullmatch(text)):
        return text
    if match["dec"]:
        return int(text)
    if match["oct"]:
        return int(match["oct"], 8)
    return int(match["hex"], 16) if match["hex"] else float(text)
