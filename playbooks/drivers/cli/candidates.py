"""What fosa keeps of a change to a switch between its steps: on the manager's disk, because most switches keep nothing.

No secret stands in it: the text has placeholders.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

__all__ = ["Candidate", "Candidates", "State"]

_KEPT = 20


class State(StrEnum):
    """How far a change has come."""

    STAGED = "staged"
    ARMED = "armed"
    CONFIRMED = "confirmed"
    REVERTED = "reverted"
    LAPSED = "lapsed"
    """The device waits no longer, and nobody has seen yet whether it runs what it ran before."""


class Candidate(BaseModel):
    """One change to one device."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: str
    state: State
    text: str
    """What is intended, with placeholders."""
    base: str
    """Fingerprint of what ran when it was staged, masked."""
    deadline: float | None = None
    """Seconds since the epoch, while armed."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of one device, newest last; only who makes changes may read the folder."""

    folder: Path

    def get(self, token: str) -> Candidate | None:
        """The candidate of a token; None when there is none, or only a torn one."""
        try:
            return Candidate.model_validate_json((self.folder / f"{token}.json").read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def put(self, candidate: Candidate) -> None:
        """Keep it, all of it or nothing; older ones go. OSError when there is no room."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.folder / f".{candidate.token}.part"
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(candidate.model_dump_json().encode())
            file.flush()
            os.fsync(descriptor)
        part.replace(self.folder / f"{candidate.token}.json")
        for old in sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)

    def settle(self, candidate: Candidate, state: State, deadline: float | None = None) -> Candidate:
        """The same in another state."""
        settled = candidate.model_copy(update={"state": state, "deadline": deadline})
        self.put(settled)
        return settled

    def armed(self) -> Candidate | None:
        """The one that waits for its confirmation, as far as fosa knows."""
        found = (self.get(path.stem) for path in sorted(self.folder.glob("*.json")))
        return next((each for each in found if each is not None and each.state is State.ARMED), None)

    def ends(self) -> dict[str, str]:
        """Token -> `confirmed` or `reverted`, of those that are over."""
        found = (self.get(path.stem) for path in sorted(self.folder.glob("*.json")))
        over = {State.CONFIRMED, State.REVERTED}
        return {each.token: each.state.value for each in found if each is not None and each.state in over}
