"""Certificates as the register knows them: facts only, never a private key."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from inventory.model.base import Value

__all__ = ["Certificate", "Delivered", "Due", "Known", "Level", "Revocations", "SharedKey"]


class Known(StrEnum):
    """How the register came by a certificate."""

    ISSUED = "issued"
    """The office's authority has signed it here."""
    FOUND = "found"
    """A gateway has it."""
    IMPORTED = "imported"
    """Somebody has shown it: facts about somebody else's."""
    AUTHORITY = "authority"
    """The office's authority itself."""


class Certificate(Value):
    """One certificate. Its key on the shelf is its fingerprint."""

    fingerprint: str
    """SHA-256 over the DER form, hexadecimal."""
    serial: str
    """Hexadecimal, lower case, as `openssl x509 -serial` says it but for the case."""
    subject: str
    issuer: str
    identities: tuple[str, ...]
    """The names it is valid for, as DNS names and addresses."""
    not_before: dt.datetime
    not_after: dt.datetime
    known: Known
    where: str
    """A device's name, or where else it is used, in the words of who has shown it."""
    lead_days: int = 0
    """How long whoever issues it takes to issue another."""
    revoked_at: dt.datetime | None = None
    why: str = ""
    """Why it was revoked."""
    gone: bool = False
    """Another has taken its place: its end is nobody's concern any more."""


class Level(StrEnum):
    """How near the end of a certificate is."""

    FINE = "fine"
    SOON = "soon"
    """At most 90 days, its issuer's time taken off."""
    URGENT = "urgent"
    """At most 14 days."""
    OVER = "over"
    """It has ended, or can no longer be replaced in time."""
    REVOKED = "revoked"
    GONE = "gone"


class Due(Value):
    """A certificate that must be replaced by and by."""

    certificate: Certificate
    days: int
    """How many are left to ask for the next one; below 0 it is too late."""
    threshold: int
    """Which of 90, 60, 45, 30, 14, 7 and 0 days it has passed last."""
    level: Level


class Revocations(Value):
    """What is revoked, signed beforehand for every day up to `last`, so that no key is needed on most days."""

    first: dt.date
    last: dt.date
    number: int
    """Of the first day's list; each day's is one more."""
    lists: tuple[str, ...]
    """PEM, one a day."""
    revoked: dict[str, dt.datetime]
    """What they hold: serial number and when. A list taken over with an authority may name what nobody knows here."""

    def of(self, day: dt.date) -> tuple[int, str]:
        """Number and text of a day's list; of the last one after the last day, of the first one before the first."""
        place = min(max((day - self.first).days, 0), len(self.lists) - 1)
        return self.number + place, self.lists[place]


class Delivered(Value):
    """Which list a device has."""

    number: int
    at: dt.datetime


class SharedKey(Value):
    """What a tunnel between our own gateways lives by instead of certificates: where its key is, and for how long."""

    tunnel: str
    reference: str
    previous: str | None = None
    """Where the key before it is, while both are taken: a rotation that is not finished."""
    since: dt.datetime | None = None
    """None: nobody has looked yet."""
    older: bool = False
    """Whether it was in use before fosa first looked: then it is older than `since`."""
