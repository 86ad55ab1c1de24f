"""The drills, told by the work to whoever judges the office: a small file, since the ledger is the work's alone.

Beside the socket of the desk, where only the work can write. It holds no secret: names of tunnels, days and sentences.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from api.drills.model import Drill
from inventory.errors import InputError
from inventory.model.base import Value

__all__ = ["Told", "place", "tell"]

_BYTES = 1 << 20


class _Told(Value):
    drills: tuple[Drill, ...] = ()


def place(state: Path) -> Path:
    """Where it lies in a state folder."""
    return state / "desk" / "drills.json"


def tell(file: Path, drills: tuple[Drill, ...]) -> None:
    """Put them there as a whole, unless they are there already. InputError when it cannot be written."""
    text = _Told(drills=drills).model_dump_json()
    new = file.with_suffix(".new")
    try:
        if file.exists() and file.read_text(encoding="utf-8") == text:
            return
        new.write_text(text, encoding="utf-8")
        new.chmod(0o644)
        new.replace(file)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


class Told:
    """Reads the file when there is another one."""

    def __init__(self, file: Path) -> None:
        self._file, self._seen = file, (0, 0)
        self._drills: tuple[Drill, ...] = ()

    def now(self) -> tuple[Drill, ...]:
        """The drills as last told; none where none were, or what lies there is nothing of the work's."""
        try:
            found = self._file.stat()
            if (seen := (found.st_mtime_ns, found.st_size)) != self._seen:
                with self._file.open("rb") as file:
                    self._drills = _Told.model_validate_json(file.read(_BYTES)).drills
                self._seen = seen
        except (OSError, ValidationError):
            self._drills, self._seen = (), (0, 0)
        return self._drills
