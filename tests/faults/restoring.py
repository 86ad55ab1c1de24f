"""How long a gateway ran what nobody confirmed: from the record's commit to what the gateway's own disk says."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from office_change import Office
from standing import console, until
from table import expect

from api.changes.model import Progress
from api.plans.model import Plan
from api.work.course import token
from inventory.course import Step

__all__ = ["Back", "Watch", "kill_manager"]

_FOLDER = "/var/lib/fosa"
_PATIENCE_S = 180.0
_ALLOWANCE_S, _LATE_S = 5.0, 2.0
"""What may come on top of the verification's patience; and of the deadline, where nobody asks for the way back."""


@dataclass(frozen=True, slots=True)
class Back:
    """Instants, in seconds of the clock on the wall."""

    commit: float
    deadline: float
    restored: float
    patience_s: float

    def told(self) -> str:
        """In words, beside what was promised: by the manager who looks in vain, else by the dead-man."""
        took, late = self.restored - self.commit, self.restored - self.deadline
        if late < 0:
            limit = self.patience_s + _ALLOWANCE_S
            return f"restored {took:.1f} s after the commit, promised within {limit:.0f} s{_missed(took, limit)}"
        return (
            f"restored {took:.1f} s after the commit, {late:.2f} s after its deadline, "
            f"promised within {_LATE_S:.0f} s{_missed(late, _LATE_S)}"
        )


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at one gateway of a change from the moment it is armed."""

    device: str
    token: str
    commit: float
    deadline: float
    patience_s: float

    @classmethod
    def of(cls, here: Office, plan: Plan, device: str) -> Watch:
        """Once the change is in force there."""
        here.reaches(plan, Step.COMMIT, device)
        name = token(here.kept(plan).digest, device)
        # Not by what the record says: the answer to the commit may be lost with the way it was to come by.
        force = f"test -e {_FOLDER}/armed/{name}/applied && echo yes || true"
        expect("the change in force", holds=until(lambda: bool(console(device, "sh", "-c", force)), 60))
        until_ = float(console(device, "cat", f"{_FOLDER}/armed/{name}/until"))
        # All devices and this process live by one kernel's clocks.
        deadline = until_ + time.time() - time.monotonic()
        lines = (Progress.model_validate_json(line.text) for line in here.ledger.told(f"change {plan.id}"))
        commit = next(line.at.timestamp() for line in lines if (line.step, line.device) == (Step.COMMIT, device))
        return cls(device, name, commit, deadline, plan.revert_after_s / 2)

    def back(self) -> Back:
        """Wait until the gateway has taken it back."""
        done = f"{_FOLDER}/done/{self.token}.reverted"
        look = f"test -d {done} && stat -c %.Y {done} || true"
        expect(
            f"{self.device} to take it back",
            holds=until(lambda: bool(console(self.device, "sh", "-c", look)), _PATIENCE_S),
            seen=console(self.device, "ls", f"{_FOLDER}/armed", f"{_FOLDER}/done"),
        )
        restored = float(console(self.device, "sh", "-c", look))
        return Back(self.commit, self.deadline, restored, self.patience_s)


def kill_manager(here: Office) -> None:
    """All of it at once: supervisor, watch, edge and work."""
    worker = here.there.part("worker")
    os.kill(here.there.supervisor, signal.SIGKILL)
    expect("no work any longer", holds=until(lambda: here.there.part("worker") != worker, 10))


def _missed(took: float, limit: float) -> str:
    return "" if took <= limit else " (MISSED)"
