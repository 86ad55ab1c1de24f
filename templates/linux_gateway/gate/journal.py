"""Which change is armed, and who wins: confirm or revert."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from .disk import newest, sync, write
from .errors import GateError
from .tools import LIMIT_SECONDS

KEEP_OUTCOMES = 20


class Journal:
    """Which change is armed. A change is a folder; its place and name are its state, and a rename moves it on:

    candidate/T  ->  armed/T  ->  done/T.confirmed
                              ->  armed/T.reverting  ->  done/T.reverted
    """

    def __init__(self, state: Path) -> None:
        self.state = state
        self.candidates, self.armed, self.done = state / "candidate", state / "armed", state / "done"
        for folder in (self.state, self.candidates, self.armed, self.done):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextlib.contextmanager
    def alone(self, *, patient: bool = False) -> Iterator[None]:
        """One at a time: applying, restoring and confirming never overlap. The lock goes with the process."""
        with (self.state / "lock").open("w") as file:
            until = time.monotonic() + LIMIT_SECONDS
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
                    break
                except BlockingIOError:
                    if time.monotonic() > until:
                        raise GateError("busy", "another request is at work on this device") from None
                    time.sleep(0.05)
            yield

    def watch(self, token: str) -> int:
        """Show, for as long as this process lives, that a change has its sleeper."""
        descriptor = os.open(self.armed / token / "journal.json", os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return descriptor

    def set_until(self, token: str, until: float) -> None:
        """Note when a change will be taken back, by the clock that nobody sets."""
        write(self.armed / token / "until", repr(until))

    def deadline(self, token: str) -> float:
        """The same in seconds of the clock on the wall, as that goes now."""
        return time.time() + float((self.armed / token / "until").read_text()) - time.monotonic()

    def orphaned(self, token: str) -> bool:
        """Whether a change is there without a sleeper that lives."""
        for name in (token, f"{token}.reverting"):
            with contextlib.suppress(FileNotFoundError), (self.armed / name / "journal.json").open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return False
        return True

    def busy(self) -> str:
        """The name of the change that is armed or being taken back, or nothing."""
        return next((entry.name for entry in sorted(self.armed.iterdir())), "")

    def arm(self, token: str) -> Path:
        """Candidate to armed."""
        (self.candidates / token).rename(self.armed / token)
        sync(self.armed)
        return self.armed / token

    def is_armed(self, token: str) -> bool:
        """Whether neither confirm nor revert has come yet."""
        return (self.armed / token).is_dir()

    def confirm(self, token: str) -> None:
        """Armed to confirmed, unless a revert came first."""
        self.move(self.armed / token, self.done / f"{token}.confirmed")

    def claim(self, token: str) -> Path:
        """Armed to reverting, unless confirm came first. The same again after a restore that was cut short."""
        claimed = self.armed / f"{token}.reverting"
        if not claimed.is_dir():
            self.move(self.armed / token, claimed)
        return claimed

    def move(self, source: Path, target: Path) -> None:
        """The rename that decides; who comes second gets GateError `expired`."""
        try:
            source.rename(target)
        except FileNotFoundError:
            raise self.lost(source.name) from None
        sync(source.parent)

    def lost(self, token: str) -> GateError:
        """Why a token is not armed."""
        state = self.outcome(token)
        return (
            GateError("expired", f"already {state}") if state else GateError("unknown_token", "no such change is armed")
        )

    def outcome(self, token: str) -> str:
        """`confirmed`, `reverted`, `reverting`, or nothing."""
        found = [entry.suffix[1:] for folder in (self.done, self.armed) for entry in folder.glob(f"{token}.*")]
        return found[0] if found else ""

    def faults(self, token: str) -> str:
        """What did not come up again after a change was taken back, or nothing."""
        try:
            return (self.done / f"{token}.reverted" / "faults").read_text()
        except OSError:
            return ""

    def finish(self, folder: Path, name: str, faults: str = "") -> None:
        """Empty a change of its texts, keep its outcome, drop the oldest."""
        for entry in folder.iterdir():
            entry.unlink()
        if faults:
            with contextlib.suppress(OSError):
                write(folder / "faults", faults)
        if folder.parent != self.done:
            folder.rename(self.done / name)
        newest(self.done, KEEP_OUTCOMES)
