"""YAML text to plain values that know their lines: the core schema of YAML 1.2, without tags, anchors and merge keys.

The text is read as a stream of events from libyaml, so an alias is refused when it is seen, before anything is
expanded, and nesting is counted here, not on the interpreter's stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from yaml import CSafeLoader, YAMLError  # type: ignore[import-untyped]  # PyYAML ships no types
from yaml.events import (  # type: ignore[import-untyped]  # as above
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from inventory.faults import Fault, Severity
from inventory.words import gettext as _
from inventory.words import ngettext

__all__ = ["Document", "Mark", "Path", "Value", "describe", "key_text", "parse"]

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"

Path: TypeAlias = "tuple[str | int, ...]"
"""From the top to a value: keys of mappings and places in lists, counted from 0."""

_DEPTH = 20
_KEY_LENGTH = 60
_LABELS = ("name", "device", "building", "identity")
_LABEL = re.compile(r"[a-z0-9][a-z0-9.-]*")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TAB_INDENT = re.compile(r"^ *\t\s*(?=[^\s#])", re.MULTILINE)
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


class _StopReading(Exception):  # noqa: N818  not an error: the end of reading, with the reason
    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line, self.message = line, message


def parse(text: str, file: str) -> Document:
    """Read one document. Never raises: whatever is wrong is in `faults`."""
    reader = _Reader()
    try:
        _refuse_characters(text)
        value, mark = reader.read(text)
    except _StopReading as stop:
        reader.found.append((stop.line, (), stop.message))
        value, mark = None, Mark(1)
    faults = (Fault(file, line, key_text(value, path), Severity.ERROR, why) for line, path, why in reader.found)
    return Document(value, mark, tuple(faults))


def key_text(root: Value, path: Path) -> str:
    """A path as people write it: `devices[gw-k].ports[vlan30].zone`; an item without a name has its place, from 0."""
    text, value = "", root
    for step in path:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
            text += f"[{_label(value) or step}]"
        else:
            value = value.get(step) if isinstance(value, dict) else None
            text += f".{_shown(step)}" if text else _shown(step)
    return text


def _shown(key: str) -> str:
    short = key if len(key) <= _KEY_LENGTH else f"{key[:_KEY_LENGTH]}…"
    return short if short.isprintable() else repr(short)


def describe(value: Value) -> str:
    """A value in words, for a fault: what was found."""
    match value:
        case None:
            return _("nothing")
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _("the number {number}").format(number=value)
        case str():
            return _("the text {text}").format(text=f"'{_shown(value)}'" if value.isprintable() else _shown(value))
        case list():
            return _("a list")
        case _:
            return _("a mapping")


def _label(value: Value) -> str | None:
    if not isinstance(value, dict):
        return None
    labels = (label for key in _LABELS if isinstance(label := value.get(key), str))
    return next((label for label in labels if _LABEL.fullmatch(label)), None)


def _refuse_characters(text: str) -> None:
    if match := _NOT_TEXT.search(text):
        code = f"U+{ord(match[0]):04X}"
        line = text.count("\n", 0, match.start()) + 1
        raise _StopReading(line, _("the character {code} does not belong in a text file").format(code=code))
    if tabs := [text.count("\n", 0, match.start()) + 1 for match in _first_tabs(text)]:
        raise _StopReading(tabs[0], _tabs_message(len(tabs)))


def _first_tabs(text: str) -> list[re.Match[str]]:
    return list(_TAB_INDENT.finditer(text)) if "\t" in text else []


def _tabs_message(count: int) -> str:
    return ngettext(
        "the line begins with a tab; YAML is indented with spaces",
        "this and other lines ({n} in all) begin with a tab; YAML is indented with spaces",
        count,
    ).format(n=count)


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
            while loader.check_event():
                self._take(loader.get_event())
        except YAMLError as error:
            raise _syntax(error, text) from None
        finally:
            loader.dispose()
        return self._root

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
                raise _StopReading(_line(event), _("a second document begins here; one file holds one document"))

    def _refuse_extras(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _StopReading(
                _line(event), _("anchors (&) and aliases (*) are not allowed; write the value where it is needed")
            )
        if event.tag is not None:
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
            raise _StopReading(line, _("nested more than {depth} levels deep").format(depth=_DEPTH))
        value: list[Value] | dict[str, Value] = {} if isinstance(event, MappingStartEvent) else []
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            raise _StopReading(line, _("a key must be text, not a list or a mapping"))
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


def _syntax(error: YAMLError, text: str) -> _StopReading:
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    begin = getattr(error, "context_mark", None)
    if mark is None or (begin is not None and problem == "found unexpected end of stream"):
        mark = begin
    if mark is None:
        return _StopReading(1, _("not YAML: {why}").format(why=error))
    why = _why(str(problem or error), text[mark.index : mark.index + 1])
    if begin is not None and "flow" in str(getattr(error, "context", None)) and begin.line != mark.line:
        why = _("{why} (it began on line {line})").format(why=why, line=begin.line + 1)
    return _StopReading(mark.line + 1, _("not YAML: {why}").format(why=why))


def _why(problem: str, character: str) -> str:
    """Plain words for what libyaml says most often; its own words for the rest."""
    if "cannot start any token" in problem:
        if character == "\t":
            return _("a tab stands where only spaces may stand")
        return _("{character} cannot begin a value; put the value in quotes").format(character=character)
    known = {
        "mapping values are not allowed in this context": _(
            "a colon too many, or wrong indentation; put a text with a colon in quotes"
        ),
        "could not find expected ':'": _("a key without its colon"),
        "did not find expected key": _("wrong indentation, or a quote or comma is missing"),
        "did not find expected '-' indicator": _("wrong indentation: the list began further left or right"),
        "did not find expected ',' or ']'": _("a list in brackets is not closed, or a comma is missing"),
        "did not find expected ',' or '}'": _("a mapping in braces is not closed, or a comma is missing"),
        "found unexpected end of stream": _("a quote is not closed"),
        "did not find expected <document start>": _("something stands before the first key or after the last value"),
    }
    return known.get(problem, problem)
