"""Plain values as YAML gives them, the paths through them, and both in words."""

from __future__ import annotations

import re
from typing import TypeAlias

from inventory.words import gettext as _

__all__ = ["Path", "Value", "describe", "key_text"]

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"

Path: TypeAlias = "tuple[str | int, ...]"
"""From the top to a value: keys of mappings and places in lists, counted from 0."""

_KEY_LENGTH = 60
_LABELS = ("name", "device", "building", "identity")
_LABEL = re.compile(r"[a-z0-9][a-z0-9.-]*")


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
