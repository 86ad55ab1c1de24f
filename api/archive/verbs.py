"""What can be asked of history and drift at the desk."""

from __future__ import annotations

from pydantic import Field

from api.archive.drifted import Drift, Round
from api.archive.kept import Checked, Roll
from api.archive.model import Revision
from api.desk.verb import Nothing, Verb
from api.people.model import Action
from api.plans.model import Diff
from api.plans.verbs import Shown
from inventory.model.base import Text, Value

__all__ = [
    "ADOPT",
    "CHECK",
    "DIFF",
    "DRIFT",
    "LIST",
    "LOOK",
    "PUT_BACK",
    "RESTORE",
    "ROLL",
    "RUNNING",
    "SHOW",
    "UNDO",
    "Adoption",
    "Compared",
    "Comparison",
    "Drifted",
    "History",
    "Masked",
    "PutBack",
    "Restoration",
    "Revisions",
    "Undoing",
    "Which",
    "Whole",
]

RUNNING = "running"
"""What a device runs now, in the place of a revision."""


class History(Value):
    """Whose history."""

    device: str = ""
    """Empty: every device's."""
    limit: int = Field(default=50, ge=1, le=10_000)


class Revisions(Value):
    """The newest first."""

    revisions: tuple[Revision, ...]
    more: int = 0
    """How many older ones there are."""


class Whole(Value):
    """A revision to be read."""

    device: str
    revision: str
    """Its id or the beginning of it."""


class Masked(Value):
    """The text of a revision."""

    revision: Revision
    sections: dict[str, str]


class Comparison(Value):
    """Two texts of a device: revisions, or RUNNING. Empty: the one approved last, and what it runs."""

    device: str
    older: str = ""
    newer: str = ""


class Compared(Value):
    """What differs."""

    older: str
    """The revision's id."""
    newer: str
    """The revision's id, or RUNNING."""
    diffs: tuple[Diff, ...]


class Restoration(Value):
    """A revision to be put back."""

    device: str
    revision: str
    why: Text
    on_site: str = ""


class Undoing(Value):
    """The last change of a device, or of the office, to be undone."""

    device: str = ""
    why: Text
    on_site: str = ""


class Which(Value):
    """Devices to be looked at; none: all of them."""

    devices: tuple[str, ...] = ()


class Drifted(Value):
    """How the devices stand to what was approved."""

    round: Round | None
    """None: nobody has looked yet."""
    open: tuple[Drift, ...]


class Adoption(Value):
    """What was found running, to be approved."""

    device: str
    found: str
    """The revision that was read; a device that has moved on since is a ConflictError."""
    why: Text


class PutBack(Value):
    """A drift to be taken back by a plan."""

    device: str
    why: Text
    on_site: str = ""


LIST = Verb("history.list", History, Revisions, Action.SEE, writes=False)
SHOW = Verb("history.show", Whole, Masked, Action.SEE, writes=False)
DIFF = Verb("history.diff", Comparison, Compared, Action.SEE, writes=False)
CHECK = Verb("history.check", Nothing, Checked, Action.AUDIT)
ROLL = Verb("history.roll", Nothing, Roll, Action.AUDIT, writes=False)
RESTORE = Verb("plan.restore", Restoration, Shown, Action.PROPOSE)
UNDO = Verb("plan.undo", Undoing, Shown, Action.PROPOSE)
DRIFT = Verb("drift.list", Nothing, Drifted, Action.SEE, writes=False)
LOOK = Verb("drift.look", Which, Drifted, Action.SEE)
ADOPT = Verb("drift.adopt", Adoption, Revision, Action.APPROVE)
PUT_BACK = Verb("drift.put_back", PutBack, Shown, Action.PROPOSE)
