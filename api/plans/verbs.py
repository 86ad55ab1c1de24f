"""What the desk can be asked about plans and freezes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from pydantic import StringConstraints

from api.desk.verb import Nothing, Verb
from api.people.model import Action
from api.plans.model import Kind, Plan, PlanState, Risk
from inventory.model.base import Name, Text, Value
from inventory.sentence import Sentence
from inventory.window import Freeze

__all__ = [
    "APPROVE",
    "BEGIN",
    "END_FREEZE",
    "FREEZE",
    "FREEZES",
    "LIST",
    "PROPOSE",
    "REJECT",
    "SHOW",
    "WITHDRAW",
    "Approving",
    "Brief",
    "Freezes",
    "Freezing",
    "Plans",
    "Proposal",
    "Proposed",
    "Reasoned",
    "Shown",
    "Stands",
    "Which",
    "WhichPlan",
]

PlanId = Annotated[str, StringConstraints(pattern=re.compile(r"^p-[0-9]{8}-[0-9]{4,8}\Z"))]
Digest = Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9a-f]{64}\Z"))]


class Proposal(Value):
    """Make a plan that brings devices to what the inventory says."""

    devices: tuple[Name, ...] = ()
    """None and no building: every device fosa configures."""
    building: Name | None = None
    why: Text
    until: dt.date | None = None
    """The last day it may begin, where the office is."""
    on_site: Annotated[str, StringConstraints(max_length=300)] = ""
    inventory: Digest | None = None
    """Of the office the asker has before him: another one than the service's is refused. None: he has none."""


class Shown(Value):
    """A plan as people read it: without the files, whose differences it has."""

    plan: Plan
    digest: str
    """What an approval is for; it covers the files, too."""
    waits_for: Sentence | None = None
    """Why an approved plan does not begin at this moment."""
    opens: dt.datetime | None = None
    """When the window opens next, as far as can be told."""


class Proposed(Value):
    """What came of a proposal: nothing where every device runs what it should."""

    shown: Shown | None
    left_out: tuple[Sentence, ...] = ()
    """Devices that could not be read."""


class WhichPlan(Value):
    """A plan by its name."""

    plan: PlanId


class Which(Value):
    """Plans: those that wait or run, or all of them."""

    all: bool = False


class Brief(Value):
    """A plan in one row."""

    id: str
    kind: Kind
    state: PlanState
    author: str
    why: str
    made_at: dt.datetime
    until: dt.datetime
    devices: tuple[str, ...]
    risks: tuple[Risk, ...]
    approved_by: tuple[str, ...]
    remark: Sentence | None = None


class Plans(Value):
    """Rows, the newest first, and whether the window is open."""

    plans: tuple[Brief, ...]
    closed: Sentence | None = None
    """Why changes do not begin at this moment; None: the window is open."""
    opens: dt.datetime | None = None


class Approving(Value):
    """Somebody has read a plan and agrees."""

    plan: PlanId
    digest: Digest
    """Of what was shown to him."""


class Reasoned(Value):
    """A plan is not to be, and why."""

    plan: PlanId
    why: Text


class Stands(Value):
    """Where a plan is now."""

    plan: str
    state: PlanState
    waits_for: Sentence | None = None
    opens: dt.datetime | None = None


class Freezing(Value):
    """Close the window for everybody."""

    why: Text
    until: dt.date | None = None
    """The last day; None: until it is ended."""


class Freezes(Value):
    """The freezes in force."""

    freezes: tuple[Freeze, ...]


PROPOSE = Verb("plan.propose", Proposal, Proposed, Action.PROPOSE)
LIST = Verb("plan.list", Which, Plans, Action.SEE, writes=False)
SHOW = Verb("plan.show", WhichPlan, Shown, Action.SEE, writes=False)
APPROVE = Verb("plan.approve", Approving, Stands, Action.APPROVE)
REJECT = Verb("plan.reject", Reasoned, Stands, Action.APPROVE)
WITHDRAW = Verb("plan.withdraw", Reasoned, Stands, Action.WITHDRAW)
BEGIN = Verb("plan.begin", WhichPlan, Stands, Action.BEGIN_NOW)
FREEZE = Verb("freeze.set", Freezing, Nothing, Action.FREEZE)
END_FREEZE = Verb("freeze.end", Nothing, Freezes, Action.FREEZE)
FREEZES = Verb("freeze.list", Nothing, Freezes, Action.SEE, writes=False)
