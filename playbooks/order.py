"""The words of a change: what is ordered, what a device answers at each step, and how it was left."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from inventory.course import Restored
from inventory.sentence import Sentence
from playbooks.drivers.base import Armed, Bundle, FailureKind

__all__ = [
    "Answer",
    "Armed",
    "Backup",
    "Changed",
    "Failed",
    "Fault",
    "Interrupted",
    "Kept",
    "NotBegun",
    "Order",
    "Outcome",
    "Ready",
    "Restored",
    "TakenBack",
    "Unchanged",
    "Unreachable",
    "Well",
]


# ---- What a device answers at a step: small, frozen, picklable, without any text of a device's configuration ---------


@dataclass(frozen=True, slots=True)
class Fault:
    """The step failed."""

    kind: FailureKind
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Backup:
    """BACKUP: what runs was read, and is kept where the actor keeps it."""

    base: str
    """Its `playbooks.plan.fingerprint`."""


@dataclass(frozen=True, slots=True)
class Ready:
    """STAGE: the device found the candidate good. What must be true of it afterwards, as it was before."""

    changed: bool
    """False: it runs like this already, and nothing is left on it."""
    intended: Mapping[str, str]
    """Section -> digest of what it will be."""
    up: frozenset[str] = frozenset()
    """The expected tunnels that were up."""
    carrying: frozenset[str] = frozenset()
    """Those of them that carried traffic both ways."""
    held: frozenset[str] = frozenset()
    """What could be reached from the manager (names of `playbooks.outlook`)."""


@dataclass(frozen=True, slots=True)
class Well:
    """VERIFY: it is as meant, seen from outside."""


@dataclass(frozen=True, slots=True)
class Kept:
    """CONFIRM, or REVERT that comes too late: the change stays."""

    remark: Sentence | None = None
    """What went wrong afterwards, if anything did: it is not in the history, say."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """REVERT: the device runs what it ran, and the change can never come into force."""


Answer: TypeAlias = Backup | Ready | Armed | Well | Kept | TakenBack | Fault
"""COMMIT answers `Armed`: the deadline that the device has really set, and who guards it."""


# ---- How a device was left -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unchanged:
    """There was nothing to do."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The change is in force and confirmed."""

    remark: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """The change did not stay, by this device's fault or by another's of the same wave."""

    reason: Sentence
    restored: Restored


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The device could not be spoken to at all; nothing was changed."""

    reason: Sentence


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Somebody stopped the change before this device was done."""

    restored: Restored


@dataclass(frozen=True, slots=True)
class NotBegun:
    """A wave before its own failed."""


Outcome: TypeAlias = Unchanged | Changed | Failed | Unreachable | Interrupted | NotBegun


# ---- What is asked for -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Order:
    """One device to change."""

    device: str
    bundle: Bundle
    tunnels: frozenset[str] = frozenset()
    """The connections it should have: those that were up must be up afterwards, and carry if they carried."""
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    """8 to 32 of a-z and 0-9, never used before on this device; the same again when a step is done again."""
    base: str = ""
    """Fingerprint of what ran when the plan was made; another one at the backup is a fault. Empty: whatever runs."""
    mates: frozenset[str] = frozenset()
    """Devices of the same wave that change with it or not at all: each is the way to the other."""
    ready: Ready | None = None
    """Set by `change` from STAGE on."""
