"""What the desk can be asked about devices that come, stay and go."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from api.desk.verb import Nothing, Verb
from api.people.model import Action
from inventory.model.base import Name, Value

__all__ = ["ENROL", "Coming", "Enrolling", "Enrolment", "Fingerprint"]

Fingerprint = Annotated[str, StringConstraints(pattern=re.compile(r"^SHA256:[A-Za-z0-9+/]{43}\Z"))]


class Coming(StrEnum):
    """Why a host key is pinned."""

    NEW = "new"
    """The device was not known before, or is enrolled again with the key it had."""
    REPLACED = "replaced"
    """Another box stands in the place of the old one."""


class Enrolling(Value):
    """Somebody has compared the host key a device offers with the one at its console: they are the same."""

    device: Name
    fingerprint: Fingerprint
    coming: Coming


class Enrolment(Value):
    """The last word about a device's host key, as it lies in the ledger; its key is the device's name."""

    device: Name
    fingerprint: Fingerprint
    coming: Coming
    previous: str = ""
    """The fingerprint before, empty where there was none."""
    who: str
    at: dt.datetime


ENROL = Verb("device.enrol", Enrolling, Nothing, Action.ENROL)
"""Asked before the key is written into the inventory: who may not do that is refused first."""
