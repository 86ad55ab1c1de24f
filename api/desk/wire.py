"""What goes over the desk's socket beside the verbs' own values: headers, limits, errors, lines of progress."""

from __future__ import annotations

from inventory import errors
from inventory.errors import ConflictError, FosaError, InputError, RefusedError
from inventory.model.base import Value

__all__ = ["BODY_LIMIT", "FROM", "LINE_LIMIT", "SESSION", "Told", "Wrong", "raised", "status_of", "wrong"]

BODY_LIMIT = 1 << 20
"""Bytes of a question."""
LINE_LIMIT = 1 << 20
"""Bytes of a line of progress."""
SESSION, FROM = "Fosa-Session", "Fosa-From"


class Wrong(Value):
    """Why there is no answer."""

    error: str
    """The class of inventory.errors it was."""
    text: str
    """Spoken in the language that was asked for."""


class Told(Value):
    """A line of progress: `line` is JSON of whoever told it."""

    id: int
    line: str
    last: bool = False
    """Nothing more will be told; `line` is empty then. A stream that stops without it was cut off."""


def wrong(error: FosaError) -> Wrong:
    """An error as it goes over the socket."""
    return Wrong(error=type(error).__name__, text=str(error))


def status_of(error: FosaError) -> int:
    """The HTTP status that goes with an error."""
    match error:
        case ConflictError():
            return 409
        case InputError():
            return 400
        case RefusedError():
            return 403
        case _:
            return 500


def raised(found: Wrong) -> FosaError:
    """The error again: of its class where a text is all that carries, else of the one above."""
    kind = getattr(errors, found.error, None) if found.error in errors.__all__ else None
    if not isinstance(kind, type) or not issubclass(kind, FosaError):
        return FosaError(found.text)
    return InputError(found.text) if kind is errors.InventoryError else kind(found.text)
