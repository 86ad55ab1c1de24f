"""The hash chain of the audit: each entry carries the hash of the one before. Pure.

An entry's hash is SHA-256 over its canonical JSON (keys sorted, no spaces, UTF-8), the hash before it included.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json

from pydantic import Field

from inventory.model.base import Value

__all__ = ["BEGINNING", "Deed", "Entry", "digest", "entry_hash", "link"]

BEGINNING = "0" * 64
"""What stands in the place of the hash before the first entry."""


class Deed(Value):
    """Something a person or a schedule did, read or tried. Holds no secret."""

    who: str
    """An account's name, `schedule:NAME`, or `nobody` for somebody who could not say who he is."""
    origin: str
    """From where: `console`, `socket uid 1000`, `page 127.0.0.1`, `token abc123`, `schedule`."""
    action: str
    """What: a verb's name such as `plan.approve`."""
    subject: str
    """On what: `plan 20261122-1`, `account anna`, `device gw-b`."""
    before: str = ""
    """Digest of the subject before, empty when there was none or it was only read."""
    after: str = ""
    """Digest of it afterwards."""
    result: str = "done"
    """`done`, `refused`, or `failed`; what came of it."""
    detail: dict[str, str] = Field(default_factory=dict)
    """What a reader needs beside: a reason given, a risk accepted."""


class Entry(Value):
    """A deed in the chain."""

    number: int
    """From 1, without a gap."""
    at: dt.datetime
    deed: Deed
    previous: str
    """The hash of the entry before, or BEGINNING."""


def entry_hash(entry: Entry) -> str:
    """The hash of an entry, hexadecimal."""
    return hashlib.sha256(_canonical(entry.model_dump(mode="json"))).hexdigest()


def link(deed: Deed, at: dt.datetime, last: tuple[int, str]) -> Entry:
    """The next entry after the one with this number and hash; (0, BEGINNING) before the first."""
    return Entry(number=last[0] + 1, at=at, deed=deed, previous=last[1])


def digest(value: Value | None) -> str:
    """What `before` and `after` say of a value: the hash of its canonical JSON; empty for none."""
    return "" if value is None else hashlib.sha256(_canonical(value.model_dump(mode="json"))).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
