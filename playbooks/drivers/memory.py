"""A device in memory: a whole driver with a dead-man of its own, for trying fosa without a device."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import (
    Armed,
    Bundle,
    Confirmed,
    Failure,
    FailureKind,
    Fetched,
    Guard,
    Reverted,
    Sections,
    Staged,
    Status,
    TunnelStatus,
)

__all__ = ["MemoryDriver"]


@dataclass(frozen=True, slots=True)
class _Change:
    token: str
    deadline: float
    before: Sections


@dataclass(slots=True)
class MemoryDriver:
    """Holds sections like a gateway, and takes an unconfirmed change back when its time is over.

    `reachable` says of running sections whether the device can be spoken to while it runs them: a change that locks
    its own author out is tried with it. `faults` maps a verb to what it answers.
    """

    running: Sections = field(default_factory=dict)
    tunnels: tuple[str, ...] = ()
    clock: Callable[[], float] = time.monotonic
    reachable: Callable[[Sections], bool] = lambda _sections: True
    faults: Mapping[str, Failure] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _candidates: dict[str, tuple[Sections, Sections]] = field(default_factory=dict)
    _armed: _Change | None = None
    _done: dict[str, str] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def hold(self) -> MemoryDriver:
        """There is no connection to keep."""
        return self

    def let_go(self) -> None:
        """There is none to close."""

    def fetch(self) -> Fetched | Failure:
        """What runs."""
        return self._hindered("fetch") or Fetched(dict(self.running))

    def normal(self, bundle: Bundle) -> Staged | Failure:
        """The sections of a bundle."""
        return self._hindered("normal") or Staged(_sections(bundle))

    def status(self) -> Status | Failure:
        """Every tunnel is up."""
        if failure := self._hindered("status"):
            return failure
        armed = self._armed
        token, deadline = (armed.token, armed.deadline) if armed else ("", None)
        return Status(self._up(), {}, token, deadline=deadline, done=dict(self._done))

    def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
        """Keep a candidate."""
        with self._lock:
            if failure := self._hindered("stage"):
                return failure
            self._candidates[token] = (_sections(bundle), dict(self.running))
            return Staged(_sections(bundle), dict(self.running), self._up())

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        """Run the candidate until the deadline."""
        with self._lock:
            if failure := self._hindered("commit"):
                return failure
            if self._armed and self._armed.token == token:
                return Armed(self._armed.deadline, Guard.DEVICE)
            if self._armed:
                return Failure(FailureKind.BUSY, say(N_("another change is still armed")))
            if token not in self._candidates:
                return Failure(FailureKind.EXPIRED, say(N_("no such change is armed")))
            sections, base = self._candidates.pop(token)
            if base != self.running:
                return Failure(FailureKind.MOVED, say(N_("the device has changed since the candidate was staged")))
            self._armed = _Change(token, self.clock() + revert_after, self.running)
            self.running = sections
            return Armed(self._armed.deadline, Guard.DEVICE)

    def confirm(self, token: str) -> Confirmed | Failure:
        """Keep the change, if the deadline has not come first."""
        with self._lock:
            if failure := self._hindered("confirm"):
                return failure
            if self._armed and self._armed.token == token:
                self._armed, self._done[token] = None, "confirmed"
            return Confirmed() if self._done.get(token) == "confirmed" else self._lost(token)

    def revert(self, token: str) -> Reverted | Failure:
        """Take the change back."""
        with self._lock:
            if failure := self._hindered("revert"):
                return failure
            if self._armed and self._armed.token == token:
                self._take_back(self._armed)
            self._candidates.pop(token, None)
            return Reverted() if self._done.setdefault(token, "reverted") == "reverted" else self._lost(token)

    def discard(self, token: str) -> Reverted | Failure:
        """Forget a candidate."""
        with self._lock:
            self._candidates.pop(token, None)
            return self._hindered("discard") or Reverted()

    def _up(self) -> dict[str, TunnelStatus]:
        return {name: TunnelStatus("ESTABLISHED", {name: "INSTALLED"}) for name in self.tunnels}

    def _hindered(self, verb: str) -> Failure | None:
        """The dead-man acts before anything is asked: nobody can see a change that is past its time."""
        with self._lock:
            self.calls.append(verb)
            if self._armed and self.clock() >= self._armed.deadline:
                self._take_back(self._armed)
            if not self.reachable(self.running):
                return Failure(FailureKind.UNREACHABLE, say(N_("no answer in time")))
            return self.faults.get(verb)

    def _take_back(self, change: _Change) -> None:
        self.running, self._armed = change.before, None
        self._done[change.token] = "reverted"

    def _lost(self, token: str) -> Failure:
        outcome = self._done.get(token)
        text = say(N_("already {state}"), state=outcome) if outcome else say(N_("no such change is armed"))
        return Failure(FailureKind.EXPIRED, text)


def _sections(bundle: Bundle) -> Sections:
    return {f"file {file.path}": f"# fosa: mode {file.mode:04o}\n{file.text}" for file in bundle.files}
