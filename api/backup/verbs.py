"""What is asked at the desk when a backup is made: whether one may; and it is told when it was."""

from __future__ import annotations

from api.desk.verb import Nothing, Verb
from api.people.model import Action
from inventory.model.base import Text, Value

__all__ = ["BEGIN", "DONE", "Made"]


class Made(Value):
    """A backup that was made."""

    name: Text
    """The file's."""
    sha256: Text
    """Of the sealed file."""


BEGIN = Verb("backup.begin", Nothing, Nothing, Action.BACKUP)
DONE = Verb("backup.done", Made, Nothing, Action.BACKUP)
