"""What a command asks a person for on the terminal, and how it makes a question for the desk of what was given."""

from __future__ import annotations

import sys
from typing import Any, TypeVar

import typer
from pydantic import ValidationError

from inventory.errors import InputError, RefusedError
from inventory.model.base import Value
from inventory.words import gettext as _

__all__ = ["asked", "hidden", "terminal", "typed"]

Question = TypeVar("Question", bound=Value)


def asked(kind: type[Question], /, **given: Any) -> Question:  # noqa: ANN401  whatever the command line holds
    """The question for the desk; InputError names what of it cannot be."""
    try:
        return kind(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(_("{where}: {why}").format(where=where, why=first["msg"])) from error


def terminal() -> None:
    """Go on only where a person sits: nothing that is piped or redirected sees a password."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RefusedError(_("this asks for passwords, and so only on a terminal"))


def hidden(text: str) -> str:
    """What somebody types unseen."""
    return str(typer.prompt(text, hide_input=True))


def typed(text: str) -> str:
    """What somebody types."""
    return str(typer.prompt(text))
