"""Roles, actions, and who a caller is once he has proved it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import field_serializer

from inventory.model.base import Name, Text, Value

__all__ = ["NOBODY", "Account", "Action", "Caller", "Role"]

NOBODY = "nobody"
"""What the audit calls somebody who has not proved who he is."""


class Role(StrEnum):
    """What an account is for. An account may have several."""

    VIEWER = "viewer"
    """Sees everything but the audit."""
    OPERATOR = "operator"
    """Proposes changes and begins approved ones."""
    APPROVER = "approver"
    """Reads proposed changes and approves or rejects them."""
    OFFICER = "officer"
    """The data-protection or security officer: attests, excepts, freezes; changes nothing on a device."""
    AUDITOR = "auditor"
    """Reads everything, the audit too; changes nothing."""
    ADMIN = "admin"
    """Looks after people, keys and fosa itself."""


class Action(StrEnum):
    """What may be permitted. `own` and `other` in the table speak of whose plan, token or account it is."""

    SEE = "see"
    PROPOSE = "propose"
    """Make a plan of any kind: push, restore, undo, rotation, adoption."""
    APPROVE = "approve"
    """Approve or reject a plan."""
    WITHDRAW = "withdraw"
    BEGIN_NOW = "begin_now"
    """Begin an approved plan outside the window."""
    STOP = "stop"
    """Stop a running change: what is not confirmed is taken back."""
    FREEZE = "freeze"
    """Close the window for everybody, and open it again."""
    ENROL = "enrol"
    """Take a device in, or put another in its place."""
    KEYS = "keys"
    """Make the authority, renew and revoke certificates."""
    PEOPLE = "people"
    """Make, change and end accounts."""
    PROVE = "prove"
    """Set a password, a second factor or a token of an account."""
    AUDIT = "audit"
    """Read and verify the audit."""
    BACKUP = "backup"
    """Write everything fosa knows into a file."""


class Account(Value):
    """A person, or a program, that may do something. Its password and second factor lie elsewhere."""

    name: Name
    title: Text
    """For people: whom the name means."""
    roles: frozenset[Role]
    uid: int | None = None
    """The account of the machine that is this one when it speaks over the desk's socket."""
    made_at: dt.datetime
    made_by: str
    disabled: bool = False

    @field_serializer("roles")
    def _in_order(self, roles: frozenset[Role]) -> list[Role]:
        """A set has no order, and the digest of an account needs one."""
        return sorted(roles)


class Caller(Value):
    """Somebody who has proved who he is. Nothing about him is ever taken from what he says."""

    account: str
    """An account's name, or `schedule:NAME`."""
    roles: frozenset[Role]
    origin: str
    """From where, as the audit says it: `console`, `socket uid 1000`, `page 127.0.0.1`, `token abc123`, `schedule`."""
    scope: frozenset[Action] | None = None
    """A token's limit: nothing but this. None: whatever the roles permit."""

    @classmethod
    def unproved(cls, origin: str) -> Caller:
        """Somebody who has not proved who he is."""
        return cls(account=NOBODY, roles=frozenset(), origin=origin)
