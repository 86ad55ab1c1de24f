"""What stands at the desk, in numbers: a small file the work writes for the edge, which has no ledger."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from pydantic import Field, ValidationError

from api.archive.drifted import Standing
from api.archive.kept import Checked
from inventory.errors import InputError
from inventory.model.base import Value

__all__ = ["EVERY_S", "FRESH_S", "Ending", "Tallies", "Tally", "place", "write"]

EVERY_S = 10.0
"""How often the work writes it."""
FRESH_S = 60.0
"""An older one says nothing of now."""
_BYTES = 4 << 20


class Ending(Value):
    """A certificate that is in use, and when it ends."""

    where: str
    subject: str
    days: int
    """How many are left to ask for the next one, the issuer's time taken off."""
    until: dt.date
    lead_days: int = 0
    """The issuer's time."""
    notice: int | None = None
    """Which of 90, 60, 45, 30, 14, 7 and 0 days it has passed last; None while it has passed none."""


class Tally(Value):
    """What stands at one moment."""

    at: dt.datetime
    plans: dict[str, int]
    """How many there are in each state a plan can wait or run in."""
    changes: dict[str, int]
    """How many are queued, running, and have failed within a day."""
    devices: dict[str, Standing] = Field(default_factory=dict)
    """How each stood to what was approved when it was looked at last."""
    certificates: tuple[Ending, ...] = ()
    history: Checked | None = None
    """The last time all of it was read; None: it never was."""

    @property
    def due(self) -> tuple[Ending, ...]:
        """What must be replaced by and by, the most urgent first.

        Of two of one name in one place the longer one counts: the other is being taken over from.
        """
        last = {(one.where, one.subject): one for one in sorted(self.certificates, key=lambda one: one.days)}
        found = (one for one in last.values() if one.notice is not None)
        return tuple(sorted(found, key=lambda one: (one.days, one.where, one.subject)))

    @property
    def drifted(self) -> tuple[str, ...]:
        """The devices somebody has to decide about."""
        return tuple(name for name, how in self.devices.items() if how in {Standing.DRIFTED, Standing.UNAPPROVED})


def place(state: Path) -> Path:
    """Where it lies in a state folder: the work's to write, the edge's group to read."""
    return state / "desk" / "tally.json"


def write(file: Path, tally: Tally) -> None:
    """Put it there as a whole. InputError when it cannot be written."""
    new = file.with_suffix(".new")
    try:
        new.write_text(tally.model_dump_json(), encoding="utf-8")
        new.chmod(0o640)
        new.replace(file)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


class Tallies:
    """Reads the file when there is another one."""

    def __init__(self, file: Path) -> None:
        self._file, self._seen = file, 0
        self._tally: Tally | None = None

    def now(self, at: dt.datetime) -> Tally | None:
        """The newest; None when there is none that says anything of now."""
        try:
            if (seen := self._file.stat().st_mtime_ns) != self._seen:
                with self._file.open("rb") as file:
                    self._tally = Tally.model_validate_json(file.read(_BYTES))
                self._seen = seen
        except (OSError, ValidationError):
            self._tally = None
        fresh = self._tally is not None and abs((at - self._tally.at).total_seconds()) <= FRESH_S
        return self._tally if fresh else None
