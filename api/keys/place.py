"""Where the authority lies on the manager, and what every use of it begins with."""

from __future__ import annotations

from pathlib import Path

from api.keys import sealed as seal
from api.keys.authority import Authority
from api.keys.sealed import Sealed
from inventory.errors import ConflictError
from inventory.words import gettext as _

__all__ = ["file_of", "opened", "require"]


def file_of(folder: Path) -> Path:
    """The sealed authority in the work's own folder."""
    return folder / "authority" / "authority.json"


def require(folder: Path) -> Sealed:
    """The sealed authority; ConflictError when the office has none."""
    if (sealed := seal.read(file_of(folder))) is None:
        text = _("the office has no authority here yet: fosa keys authority makes one or takes one over")
        raise ConflictError(text)
    return sealed


def opened(folder: Path, passphrase: str) -> Authority:
    """The authority, ready to sign. RefusedError for a wrong passphrase."""
    return Authority.open(require(folder), passphrase)
