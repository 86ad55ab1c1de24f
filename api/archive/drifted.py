"""A drift: what a device runs is not what was approved. And the rounds in which that is looked for."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import Field

from api.plans.model import Diff
from api.store.ledger import Shelf
from inventory.model.base import Value
from inventory.sentence import Sentence

__all__ = ["DRIFTS", "ROUNDS", "Drift", "DriftState", "Look", "Round", "Standing"]


class Standing(StrEnum):
    """How a device stands to what was approved for it."""

    SAME = "same"
    DRIFTED = "drifted"
    UNAPPROVED = "unapproved"
    """It was read, and nobody has ever approved what it runs."""
    CHANGING = "changing"
    """A change has it in hand; it is looked at again afterwards."""
    UNREAD = "unread"
    """It could not be read: nobody knows."""


class DriftState(StrEnum):
    """What has become of a drift."""

    OPEN = "open"
    ADOPTED = "adopted"
    """Somebody has approved what was found."""
    GONE = "gone"
    """The device runs what was approved again."""


class Drift(Value):
    """The newest drift of a device; its key is the device's name."""

    device: str
    approved: str
    """The revision it should run; empty when nobody has approved any."""
    found: str
    """The revision that holds what it runs instead; empty when that could not be kept."""
    state: DriftState = DriftState.OPEN
    since: dt.datetime
    """When it was first seen."""
    seen_at: dt.datetime
    """When what it runs now was first seen."""
    diffs: tuple[Diff, ...] = ()
    """From what was approved to what it runs, masked."""
    told: tuple[Sentence, ...] = ()
    """What is known of how it came about; nothing guessed."""
    plan: str = ""
    """The plan that puts the approved text back, once there is one."""


class Look(Value):
    """How a device stood in a round."""

    standing: Standing
    at: dt.datetime
    same_at: dt.datetime | None = None
    """When it was last seen running what was approved."""
    reason: Sentence | None = None


class Round(Value):
    """The last look at each device; one document for the office."""

    at: dt.datetime
    devices: dict[str, Look] = Field(default_factory=dict)


DRIFTS = Shelf("drift", Drift, lambda drift: drift.state.value)
ROUNDS = Shelf("drift-round", Round)
