"""What the desk can be asked about changes."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import StringConstraints

from api.changes.model import Change
from api.desk.verb import Nothing, Verb
from api.people.model import Action
from inventory.model.base import Value

__all__ = ["LIST", "SHOW", "STOP", "Changes", "WhichChange"]


class WhichChange(Value):
    """A change by its plan's name."""

    plan: Annotated[str, StringConstraints(pattern=re.compile(r"^p-[0-9]{8}-[0-9]{4,8}\Z"))]


class Changes(Value):
    """Changes, the one that moved last first."""

    changes: tuple[Change, ...]


LIST = Verb("change.list", Nothing, Changes, Action.SEE, writes=False)
SHOW = Verb("change.show", WhichChange, Change, Action.SEE, writes=False)
STOP = Verb("change.stop", WhichChange, Change, Action.STOP)
