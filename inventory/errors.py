"""Everything fosa raises for a person to read.

    FosaError
    ├── InputError            what was given cannot be worked with
    │   ├── CatalogueError    the catalogue of clauses cannot be taken as it is
    │   ├── ConflictError     what was to be changed has moved meanwhile, or is not in the state for it
    │   ├── InventoryError    the inventory has errors; carries every fault
    │   └── SelectionError    a name was asked for that the inventory does not have
    ├── SecretError       a secret cannot be had; never carries the secret
    ├── RenderError       a configuration cannot be made from the inventory
    ├── DriverError       a device cannot be spoken to, or answers nonsense
    │   └── AccessError       there is no way to it; in inventory.access
    ├── RefusedError      who asks may not do what he asks for, or has not proved who he is
    ├── ServiceError      fosa serve is not there, or does not answer
    ├── StoreError        the store cannot be read or written; carries a sentence, spoken when it is read
    │   └── StoreGoneError    it is not where it should be
    └── LabError          the practice office cannot be built or torn down

Each message says what, where and what to do. A failure of one device among many is a value, not one of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.words import ngettext

if TYPE_CHECKING:
    from inventory.faults import Fault

__all__ = [
    "CatalogueError",
    "ConflictError",
    "DriverError",
    "FosaError",
    "InputError",
    "InventoryError",
    "LabError",
    "RefusedError",
    "RenderError",
    "SecretError",
    "SelectionError",
    "ServiceError",
    "StoreError",
    "StoreGoneError",
]


class FosaError(Exception):
    """The base of all errors a person is meant to read."""


class InputError(FosaError):
    """What was given cannot be worked with: the command exits with 3 and has changed nothing."""


class CatalogueError(InputError):
    """The catalogue of clauses has faults; the message is one line for each."""


class ConflictError(InputError):
    """What was to be changed has moved since it was read, or its state does not allow it; nothing was changed."""


class InventoryError(InputError):
    """The inventory has errors; `faults` holds them in reading order."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        count = len(self.faults)
        head = ngettext("the inventory has {n} error:", "the inventory has {n} errors:", count).format(n=count)
        return "\n".join([head, *map(str, self.faults)])


class SelectionError(InputError):
    """A name was asked for that the inventory does not have."""


class SecretError(FosaError):
    """A secret cannot be had. The message names the reference, never the secret."""


class RenderError(FosaError):
    """A configuration cannot be made from the inventory."""


class DriverError(FosaError):
    """A device cannot be spoken to, or answers what the protocol does not know."""


class RefusedError(FosaError):
    """Who asks may not do what he asks for, or has not proved who he is; nothing was changed."""


class ServiceError(FosaError):
    """`fosa serve` is not there, or does not answer: what needs it cannot be done now."""


class StoreError(FosaError):
    """The store cannot be read or written. Given an `inventory.sentence.Sentence`, it speaks its reader's language."""


class StoreGoneError(StoreError):
    """The store is not where it should be: it was taken away, or has never been made."""


class LabError(FosaError):
    """The practice office cannot be built or torn down."""
