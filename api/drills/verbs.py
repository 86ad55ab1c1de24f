"""What the desk can be asked about drills."""

from __future__ import annotations

from api.desk.verb import Nothing, Verb
from api.drills.model import Drill
from api.people.model import Action
from api.plans.verbs import Shown
from inventory.model.base import Name, Text, Value

__all__ = ["LIST", "PROPOSE", "Drills", "Rehearsal"]


class Rehearsal(Value):
    """Make a plan that takes a tunnel down for some seconds and brings it back."""

    tunnel: Name
    why: Text


class Drills(Value):
    """The last drill of each tunnel that had one."""

    drills: tuple[Drill, ...]


PROPOSE = Verb("drill.propose", Rehearsal, Shown, Action.PROPOSE)
LIST = Verb("drill.list", Nothing, Drills, Action.SEE, writes=False)
