"""What a backup says of itself."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from inventory.model.base import Value

__all__ = ["Dumped", "Manifest", "Member", "Part", "Root"]


class Root(StrEnum):
    """The folders a backup holds. In the order they are taken: each may name what lies in those before it."""

    WORK = "work"
    """Of the state folder: the engine's database, the archive, keys, the authority."""
    LEDGER = "ledger"
    STORE = "store"
    INVENTORY = "inventory"
    """The office's own folder, with its secrets."""
    DATABASES = "databases"
    """Those that lie on a server, a file each."""


class Part(StrEnum):
    """What may lie on a server. In the order they are taken: what the ledger tells is never older than what the engine
    believes.
    """

    ENGINE = "engine"
    LEDGER = "ledger"
    STORE = "store"


class Dumped(Value):
    """A database of a server."""

    path: str
    """The member that holds it."""
    parts: tuple[Part, ...]
    program: int
    """The version of what wrote it: no older one reads it."""


class Member(Value):
    """One file, or an empty folder: then there is no hash."""

    path: str
    """`ROOT/path/in/it`."""
    size: int
    mode: int
    sha256: str


class Manifest(Value):
    """What is in a backup."""

    at: dt.datetime
    fosa: str
    office: str
    audit: int
    """The number of the newest record of the audit in it; 0 without one."""
    members: tuple[Member, ...]
    dumps: tuple[Dumped, ...] = ()

    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members)
