"""Secrets in rendered text: a placeholder until the moment the text leaves for its device."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from inventory.errors import RenderError, SecretError
from inventory.words import gettext as _
from templates.filters import Fragment

if TYPE_CHECKING:
    from pydantic import SecretStr

__all__ = ["fill", "placeholder", "references"]

_REF = r"(?:env:[A-Z_][A-Z0-9_]*|(?:file|vault):[A-Za-z0-9_./#-]+)"
_PLACEHOLDER = re.compile(rf"@secret\{{({_REF})\}}@")
_FITS = re.compile(r"[\x20-\x7e]{8,256}")


def placeholder(ref: str) -> Fragment:
    """What stands in a text for the secret at `ref`."""
    if not re.fullmatch(_REF, ref):
        raise RenderError(_("{ref} is not a reference to a secret").format(ref=repr(ref)[:80]))
    return Fragment(f"@secret{{{ref}}}@")


def references(text: str) -> frozenset[str]:
    """The references a text needs."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, get: Callable[[str], SecretStr]) -> str:
    """The text with its secrets in it. SecretError names the reference of one that cannot stand between quotes."""
    return _PLACEHOLDER.sub(lambda match: _checked(match[1], get(match[1]).get_secret_value()), text)


def _checked(ref: str, secret: str) -> str:
    if not _FITS.fullmatch(secret) or '"' in secret or "\\" in secret:
        raise SecretError(
            _("the secret {ref} must be 8 to 256 printable ASCII characters without quote and backslash").format(
                ref=ref
            )
        )
    return secret
