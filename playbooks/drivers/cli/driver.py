"""The driver of every switch: the order of questions is the same, what is said on the line is its dialect's."""

from __future__ import annotations

import importlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from inventory.errors import SecretError
from inventory.model import Access, Device
from inventory.secrets import SecretStore
from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import (
    Armed,
    Bundle,
    Confirmed,
    Failure,
    FailureKind,
    Fetched,
    Reverted,
    Sections,
    Staged,
    Status,
    fingerprint,
)
from playbooks.drivers.cli.candidates import Candidate, Candidates, State
from playbooks.drivers.cli.marked import filled
from playbooks.drivers.cli.session import Dialect, Remedy, Session, SessionError, Way
from templates.secret import fill

__all__ = ["RUNNING", "CliDriver", "Place"]

RUNNING = "running-config"
"""The one section a switch has, and the path of the one file of its bundle."""
_Value = TypeVar("_Value")
_IMPORTING = threading.Lock()
for _library in ("paramiko", "netmiko", "ncclient", "napalm", "jnpr"):
    # They log whatever is typed, secrets and all, and tracebacks of lost connections where nobody listens: to nobody.
    # A SessionError says what there is to say.
    _log = logging.getLogger(_library)
    _log.addHandler(logging.NullHandler())
    _log.propagate = False
_LOST = frozenset({FailureKind.UNREACHABLE, FailureKind.PROTOCOL})
_BEGUN = frozenset({State.ARMED, State.LAPSED})


@dataclass(frozen=True, slots=True)
class Place:
    """A switch, the way to it, and where its candidates are kept."""

    device: Device
    access: Access
    secrets: SecretStore
    folder: Path
    mark: Callable[[str], str]
    """Replaces a secret (`playbooks.drivers.cli.mask`)."""


class CliDriver:
    """A switch. Each call opens a connection of its own."""

    def __init__(self, place: Place, dialect: Dialect) -> None:
        self._place, self._dialect = place, dialect
        self._candidates = Candidates(place.folder)

    def hold(self) -> CliDriver:
        """There is no connection to keep: a switch has few lines to be spoken to on, and ends idle ones by itself."""
        return self

    def let_go(self) -> None:
        """There is none to close."""

    def fetch(self) -> Fetched | Failure:
        """What runs, masked."""
        return self._answer(lambda: Fetched(self._shown(self._read())))

    def normal(self, bundle: Bundle) -> Staged | Failure:
        """What the bundle would make of it, and what runs; by the read account."""

        def compared() -> Staged:
            running = self._read()
            return Staged(self._shown(self._remedy(running, _text(bundle)).result), self._shown(running))

        return self._answer(compared)

    def status(self) -> Status | Failure:
        """What is armed, as the device itself says."""

        def told() -> Status:
            with self._session(write=False) as session:
                armed = self._still(session)
            return Status({}, {}, armed.token if armed else "", deadline=armed.deadline if armed else None,
                          done=self._candidates.ends())  # fmt: skip

        return self._answer(told)

    def stage(self, token: str, bundle: Bundle) -> Staged | Failure:
        """Have the device judge it where it can, and keep the candidate here."""

        def staged() -> Staged:
            if self._candidates.get(token) is not None:
                raise SessionError(FailureKind.BUSY, say(N_("this token has been used")))
            text = _text(bundle)
            with self._session(write=True) as session:
                running = session.running()
                remedy = self._remedy(running, text)
                session.check(remedy.lines)
            shown = self._shown(running)
            self._candidates.put(Candidate(token=token, state=State.STAGED, text=text, base=fingerprint(shown)))
            return Staged(self._shown(remedy.result), shown)

        return self._answer(staged)

    def commit(self, token: str, revert_after: int) -> Armed | Failure:
        """Set the guard, then type. Said again while it is armed, the answer is the same."""

        def armed() -> Armed:
            candidate = self._of(token)
            with self._session(write=True) as session:
                waiting = self._still(session)
                if waiting is not None and waiting.token == token:
                    return Armed(waiting.deadline or 0.0, self._dialect.guard)
                if waiting is not None or session.pending():
                    raise SessionError(FailureKind.BUSY, say(N_("another change is still armed")))
                if candidate.state is not State.STAGED:
                    raise _expired(token)
                return self._arm(session, candidate, max(revert_after, self._dialect.least_s))

        return self._answer(armed)

    def confirm(self, token: str) -> Confirmed | Failure:
        """Keep it."""

        def confirmed() -> Confirmed:
            candidate = self._of(token)
            if candidate.state is State.CONFIRMED:
                return Confirmed()
            with self._session(write=True) as session:
                waiting = self._still(session)
                if waiting is not None and waiting.token == token:
                    session.confirm()
                    self._candidates.settle(candidate, State.CONFIRMED)
                elif self._of(token).state is not State.CONFIRMED:
                    raise _expired(token)
                # Else it had arrived before, only its answer had not.
                session.tidy()
            return Confirmed()

        return self._answer(confirmed)

    def revert(self, token: str) -> Reverted | Failure:
        """Take it back, and look whether everything is as it was; said too early, no commit can follow."""

        def reverted() -> Reverted:
            candidate = self._candidates.get(token) or Candidate(token=token, state=State.STAGED, text="", base="")
            if candidate.state in _BEGUN:
                with self._session(write=True) as session:
                    session.revert()
                    candidate = self._ended(session, candidate)
                    session.tidy()
            if candidate.state is State.CONFIRMED:
                raise _expired(token)
            if candidate.state is State.LAPSED:
                raise SessionError(FailureKind.DEVICE, say(N_("taken back, but it does not run what it ran before")))
            self._candidates.settle(candidate, State.REVERTED)
            return Reverted()

        return self._answer(reverted)

    def discard(self, token: str) -> Reverted | Failure:
        """Forget a candidate that was never committed."""
        candidate = self._candidates.get(token)
        if candidate is not None and candidate.state is State.STAGED:
            return self._answer(lambda: self._forgotten(candidate))
        return Reverted()

    def _forgotten(self, candidate: Candidate) -> Reverted:
        self._candidates.settle(candidate, State.REVERTED)
        return Reverted()

    def _arm(self, session: Session, candidate: Candidate, seconds: int) -> Armed:
        running = session.running()
        if fingerprint(self._shown(running)) != candidate.base:
            raise SessionError(FailureKind.MOVED, say(N_("the device has changed since the candidate was staged")))
        lines = self._remedy(running, candidate.text).lines
        # Before the first line: whoever comes after a crash must know that there may be something to take back.
        self._candidates.settle(candidate, State.ARMED, time.time() + seconds)
        try:
            deadline = session.commit(lines, seconds)
        except SessionError as error:
            if error.kind not in _LOST:
                self._candidates.settle(candidate, State.LAPSED)
            raise
        self._candidates.settle(candidate, State.ARMED, deadline)
        return Armed(deadline, self._dialect.guard)

    def _still(self, session: Session) -> Candidate | None:
        """The candidate that waits on the device; what has become of one that does not any more is written down."""
        armed = self._candidates.armed()
        if armed is not None and not session.pending():
            self._ended(session, armed)
            return None
        return armed

    def _ended(self, session: Session, candidate: Candidate) -> Candidate:
        """What has become of a change that nothing waits for, by what runs: a confirmation's answer may be lost."""
        running = session.running()
        now = fingerprint(self._shown(running))
        if now == candidate.base:
            return self._candidates.settle(candidate, State.REVERTED)
        meant = fingerprint(self._shown(self._remedy(running, candidate.text).result))
        return self._candidates.settle(candidate, State.CONFIRMED if now == meant else State.LAPSED)

    def _of(self, token: str) -> Candidate:
        candidate = self._candidates.get(token)
        if candidate is None:
            raise _expired(token)
        return candidate

    def _read(self) -> str:
        with self._session(write=False) as session:
            return session.running()

    def _remedy(self, running: str, text: str) -> Remedy:
        typed = fill(filled(text, running, self._dialect, self._place.mark), self._place.secrets.get)
        return self._dialect.remedy(running, typed)

    def _shown(self, raw: str) -> Sections:
        return {RUNNING: self._dialect.masked(self._dialect.normal(raw), self._place.mark)}

    @contextmanager
    def _session(self, *, write: bool) -> Iterator[Session]:
        """Logged in to the device that is meant: another one behind its address is not written to, nor believed."""
        with _IMPORTING:
            # NAPALM's modules import each other in a circle: two threads that begin at once meet them half-done.
            for name in self._dialect.imports:
                importlib.import_module(name)
        login = self._place.access.write if write else self._place.access.read
        with self._dialect.opened(Way(self._place.device, login, self._place.secrets)) as session:
            name = session.hostname()
            if name != self._place.device.name:
                text = N_("another device answers here: it calls itself {name}")
                raise SessionError(FailureKind.REFUSED, say(text, name=name[:64]))
            yield session

    def _answer(self, do: Callable[[], _Value]) -> _Value | Failure:
        try:
            return do()
        except SessionError as error:
            return Failure(error.kind, error.text)
        except SecretError as error:
            return Failure(FailureKind.AUTHENTICATION, str(error))
        except OSError as error:
            text = N_("what fosa keeps of a change cannot be written: {why}")
            return Failure(FailureKind.NO_SPACE, say(text, why=error.strerror or str(error)))


def _text(bundle: Bundle) -> str:
    return next(file.text for file in bundle.files if file.path == RUNNING)


def _expired(token: str) -> SessionError:
    return SessionError(FailureKind.EXPIRED, say(N_("the change {token} is not armed"), token=token))
