"""What the desk can be asked about devices that come, stay and go."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import StringConstraints

from api.archive.model import Revision
from api.dayzero.coming import Coming
from api.desk.verb import Nothing, Verb
from api.people.model import Action
from api.plans.model import Diff
from inventory.model.base import Name, Text, Value
from inventory.sentence import Sentence
from monitor.compliance.model import Finding

__all__ = ["ADOPT", "ENROL", "Adopted", "Adopting", "Enrolling", "Enrolment", "Fingerprint"]

Fingerprint = Annotated[str, StringConstraints(pattern=re.compile(r"^SHA256:[A-Za-z0-9+/]{43}\Z"))]


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


class Adopting(Value):
    """What a device runs shall be its first approved text."""

    device: Name
    why: Text


class Adopted(Value):
    """What was found, and kept as approved."""

    revision: Revision
    already: bool
    """It was the approved text before: nothing has been kept anew."""
    findings: tuple[Finding, ...]
    """Rules that what it runs does not keep."""
    undecided: tuple[str, ...]
    """Rules nobody could decide on what was read: they are not fine."""
    differs: tuple[Diff, ...]
    """From what it runs to what the inventory says: its first drift."""
    unknown: Sentence | None = None
    """Why nobody could tell in what it differs from the inventory."""


ENROL = Verb("device.enrol", Enrolling, Nothing, Action.ENROL)
"""Asked before the key is written into the inventory: who may not do that is refused first."""
ADOPT = Verb("device.adopt", Adopting, Adopted, Action.APPROVE)
"""Nobody proposed it and nobody read it before: it takes who may approve, as with a drift."""
