"""A verb: one thing that can be asked for at the desk, with the shapes of question and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from api.people.model import Action, Caller
from inventory.model.base import Value

__all__ = ["Bound", "Nothing", "Verb", "bound"]

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)


class Nothing(Value):
    """A question without particulars, or an answer that says only that it was done."""


@dataclass(frozen=True, slots=True)
class Verb(Generic[Asked, Answer]):
    """What both ends know. Light to import: client and server share it."""

    name: str
    """As in the audit: `plan.approve`."""
    asked: type[Asked]
    answer: type[Answer]
    action: Action
    """What the caller must be permitted before the handler is asked; whose it is, the handler looks at itself."""
    writes: bool = True
    """Whether it changes anything. What only reads is put into the audit by the desk; what writes, by the handler."""
    unproved: bool = False
    """Whether it may be asked by somebody who has not proved who he is, as `nobody`: the handler asks for the proof."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A verb with who answers it. Handlers run in a thread and may block."""

    verb: Verb[Any, Any]
    handle: Callable[[Caller, Any], Value]


def bound(*pairs: tuple[Verb[Any, Any], Callable[[Caller, Any], Value]]) -> Mapping[str, Bound]:
    """Verbs with their handlers, by name."""
    return {verb.name: Bound(verb, handle) for verb, handle in pairs}
