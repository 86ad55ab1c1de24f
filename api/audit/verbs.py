"""What can be asked of the audit, and the shapes of questions and answers."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from api.audit.checkpoint import Checkpoint
from api.chain import Entry
from api.desk.verb import Nothing, Verb
from api.people.model import Action
from inventory.model.base import Value
from inventory.sentence import Sentence

__all__ = [
    "CHECKPOINT",
    "CHECKPOINTS",
    "HEAD",
    "PAGE",
    "READ",
    "SHOW",
    "Checkpoints",
    "From",
    "Head",
    "Made",
    "Rows",
    "Search",
    "Shown",
]

PAGE = 5000
"""Records, or checkpoints, in one answer."""


class Head(Value):
    """How far the chain is, and by which key its checkpoints are signed."""

    office: str
    last: int
    hash: str
    key: str
    """PEM."""


class From(Value):
    """From where on."""

    after: int = Field(default=0, ge=0)


class Rows(Value):
    """Records as they lie: number, JSON, hash. Empty: there are no more."""

    rows: tuple[tuple[int, str, str], ...]


class Checkpoints(Value):
    """Checkpoints, the oldest first. Empty: there are no more."""

    checkpoints: tuple[Checkpoint, ...]


class Made(Value):
    """A checkpoint of this moment."""

    checkpoint: Checkpoint
    hindrances: tuple[Sentence, ...]
    """Why it has not left the machine."""


class Search(Value):
    """What is looked for; whatever is empty matches all."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    who: str = Field(default="", max_length=100)
    action: str = Field(default="", max_length=100)
    """An action, or the beginning of several: `plan`."""
    subject: str = Field(default="", max_length=200)
    """Any part of it."""
    limit: int = Field(default=50, ge=1, le=PAGE)


class Shown(Value):
    """What was found, the newest last."""

    entries: tuple[Entry, ...]
    more: bool
    """Whether there is more than was asked for."""


HEAD = Verb("audit.head", Nothing, Head, Action.AUDIT, writes=False)
READ = Verb("audit.read", From, Rows, Action.AUDIT, writes=False)
CHECKPOINTS = Verb("audit.checkpoints", From, Checkpoints, Action.AUDIT, writes=False)
CHECKPOINT = Verb("audit.checkpoint", Nothing, Made, Action.AUDIT)
SHOW = Verb("audit.show", Search, Shown, Action.AUDIT, writes=False)
