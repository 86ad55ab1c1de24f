"""What the desk can be asked about keys. A passphrase in a question is never kept, told or put into the audit."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import Field, StringConstraints

from api.desk.verb import Nothing, Verb
from api.keys.model import Due, SharedKey
from api.people.model import Action
from api.plans.verbs import Shown
from inventory.model.base import Name, Text, Value
from inventory.sentence import Sentence

__all__ = [
    "ADOPT",
    "BACKUP",
    "CREATE",
    "DELIVER",
    "IMPORT",
    "LIST",
    "LOOK",
    "RENEW",
    "RESTORE",
    "REVOKE",
    "ROTATE",
    "SHARE",
    "SIGN",
    "TURN",
    "Adopting",
    "Backup",
    "BadFile",
    "Creating",
    "Delivery",
    "Imported",
    "Importing",
    "Lists",
    "Register",
    "Renewing",
    "Restoring",
    "Revoked",
    "Revoking",
    "Rotated",
    "Rotation",
    "Sharing",
    "Signed",
    "Signing",
    "Turning",
]

Passphrase = Annotated[str, StringConstraints(min_length=1, max_length=1024), Field(repr=False)]
Pem = Annotated[str, StringConstraints(min_length=1, max_length=64 * 1024), Field(repr=False)]
Serial = Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9A-Fa-f:]{1,80}\Z"))]


class Lists(Value):
    """How far revocation lists are signed, and which device has which."""

    number: int
    """Today's."""
    last: dt.date
    """The day the last one is for: before it somebody must sign anew (`fosa keys renew`)."""
    days: int
    """How many there are until then."""
    delivered: dict[str, int] = Field(default_factory=dict)
    """By device; one that is not in here has none of ours yet."""


class BadFile(Value):
    """A file on a gateway that should hold certificates, and cannot be read as such."""

    device: str
    path: str
    why: Sentence


class Register(Value):
    """Every certificate, the most urgent first."""

    authority: bool
    """Whether the office has one whose key fosa keeps."""
    lists: Lists | None
    certificates: tuple[Due, ...]
    unreadable: tuple[BadFile, ...] = ()
    unread: dict[str, str] = Field(default_factory=dict)
    """Gateways that could not be asked just now, and why."""
    shared_keys: tuple[SharedKey, ...] = ()
    inventory: str = ""
    """What tells the inventory that was read from another one (`api.plans.stamp`)."""


class Creating(Value):
    """Make the office's authority."""

    title: Text
    passphrase: Passphrase


class Adopting(Value):
    """Take over an authority that is there already."""

    certificate: Pem
    key: Pem
    password: Annotated[str, Field(repr=False, max_length=1024)] = ""
    """Of the key as it is given; empty for none."""
    passphrase: Passphrase
    """For the key as it is kept."""


class Backup(Value):
    """The authority as a text to be kept elsewhere; its key is under its passphrase."""

    sealed: str


class Restoring(Value):
    """Bring the authority back."""

    sealed: Pem
    passphrase: Passphrase


class Signing(Value):
    """Certify a key that was made where it is used: on a gateway before its day 0."""

    device: Name
    request: Pem
    passphrase: Passphrase


class Signed(Value):
    """What a new gateway needs beside its key, PEM."""

    certificate: str
    authority: str
    revocations: str


class Renewing(Value):
    """Sign revocation lists for the next days."""

    passphrase: Passphrase


class Delivery(Value):
    """Which devices have today's list; of the others why not."""

    number: int
    delivered: tuple[str, ...]
    failed: dict[str, str] = Field(default_factory=dict)


class Revoking(Value):
    """Take a certificate back."""

    serial: Serial
    why: Text
    passphrase: Passphrase
    cut_off: bool = False
    """Whether it may be one that a gateway uses: then the gateway's tunnels end."""


class Revoked(Value):
    """What came of it."""

    serial: str
    delivery: Delivery
    ended: tuple[str, ...] = ()
    """The tunnels whose ends had to prove anew who they are."""


class Importing(Value):
    """Facts about somebody else's certificate."""

    data: Annotated[str, Field(max_length=400_000, repr=False)]
    """The file, PEM or DER, in base64."""
    where: Text
    lead_days: Annotated[int, Field(ge=0, le=365)] = 0


class Imported(Value):
    """What the register knows now."""

    certificates: tuple[Due, ...]


class Rotation(Value):
    """New keys for a tunnel's own ends."""

    tunnel: Name
    why: Text
    passphrase: Passphrase


class Turning(Value):
    """Whether the shared key of a tunnel may be changed now: asked before the inventory is."""

    tunnel: Name
    why: Text
    reference: str
    """Where the new key will be; that of the present one when the previous is to be dropped."""
    inventory: str
    """As it is before."""


class Sharing(Value):
    """The plan for what the inventory says of a tunnel's shared keys now."""

    tunnel: Name
    why: Text
    inventory: str


class Rotated(Value):
    """The plan that brings them into use."""

    shown: Shown
    also: tuple[str, ...] = ()
    """Other tunnels that the same gateways prove themselves for by the same key."""


LIST = Verb("keys.list", Nothing, Register, Action.SEE, writes=False)
LOOK = Verb("keys.look", Nothing, Register, Action.PROPOSE)
CREATE = Verb("keys.create", Creating, Register, Action.KEYS)
ADOPT = Verb("keys.adopt", Adopting, Register, Action.KEYS)
BACKUP = Verb("keys.backup", Nothing, Backup, Action.KEYS)
RESTORE = Verb("keys.restore", Restoring, Register, Action.KEYS)
SIGN = Verb("keys.sign", Signing, Signed, Action.KEYS)
RENEW = Verb("keys.renew", Renewing, Delivery, Action.KEYS)
DELIVER = Verb("keys.deliver", Nothing, Delivery, Action.PROPOSE)
REVOKE = Verb("keys.revoke", Revoking, Revoked, Action.KEYS)
IMPORT = Verb("keys.import", Importing, Imported, Action.KEYS)
ROTATE = Verb("keys.rotate", Rotation, Rotated, Action.PROPOSE)
TURN = Verb("keys.turn", Turning, Nothing, Action.PROPOSE)
SHARE = Verb("keys.share", Sharing, Rotated, Action.PROPOSE)
