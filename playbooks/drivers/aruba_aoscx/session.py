"""A conversation with AOS-CX through netmiko's `aruba_aoscx`.

Commands and words: Aruba, "AOS-CX Command-Line Interface Guide" (checkpoint auto, checkpoint rollback, checkpoint diff,
copy running-config checkpoint, erase checkpoint); nothing of it was verified on a device. The device does not say
whether its timer runs: a checkpoint of fosa's, made before the first line and named after the end of the time, does.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.aruba_aoscx.normal import normal
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.line import logged_in
from playbooks.drivers.cli.session import Session, SessionError, Way
from playbooks.drivers.cli.terminal import Terminal, enough
from templates.aruba_aoscx.secret import masked

__all__ = ["AoscxSession", "opened"]

_LONG_S = 90
"""Saving and going back to a checkpoint take longer than showing."""
_REFUSED = re.compile(
    r"^(?:Invalid input:.*|% .*|Error\b.*|Failed\b.*|Cannot\b.*|.*\b(?:not allowed|not supported|not permitted|"
    r"does not exist|is not valid|out of range)\b.*)$",
    re.MULTILINE,
)
_LOGGED = r"\d{4}-\d\d-\d\d[T:]\d\d:\d\d:\d\d\S* .*Event\|\d+\|LOG_"
"""As `show events` shows them; that a session sees them is so only after `terminal-monitor`."""
_STALE_S = 3600
"""So long after its end a checkpoint of fosa's may still be of use, however clocks differ."""
_MARK = re.compile(r"\bfosa-(\d{9,11})\b")
_SURE = (("continue", "y"), ("active sessions will be", "y"))
"""What is asked when a user goes (Aruba, AOS-CX Security Guide, `user`)."""


@contextmanager
def opened(way: Way) -> Iterator[Session]:
    """Log in. Only the pinned host key is believed."""
    with logged_in(way, "aruba_aoscx") as connection:
        connection.clear_buffer()
        yield AoscxSession(Terminal(connection, _REFUSED, _hidden, _LOGGED))


@dataclass(frozen=True, slots=True)
class AoscxSession:
    """Somebody is logged in, in the manager's mode."""

    terminal: Terminal

    def hostname(self) -> str:
        """The prompt says it whole."""
        return self.terminal.name

    def running(self) -> str:
        """All of `show running-config`."""
        return self.terminal.shown("show running-config", _LONG_S)

    def check(self, lines: Sequence[str]) -> None:
        """Nothing: AOS-CX judges a line only by doing it, and is always able to go back."""

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """`checkpoint auto`, then the lines. One that is refused: back to the checkpoint at once."""
        self.tidy()
        begun = time.monotonic()
        self._marks()
        minutes = math.ceil(enough(revert_after, time.monotonic() - begun, len(lines)) / 60)
        deadline = time.time() + minutes * 60
        mark = f"fosa-{math.ceil(deadline)}"
        self._done(f"copy running-config checkpoint {mark}", "")
        self._done(f"checkpoint auto {minutes}", "expires in")
        try:
            self.terminal.configured(lines, deadline, _SURE)
        except SessionError as error:
            if error.kind is FailureKind.INVALID:
                self._back(mark)
            raise
        return deadline

    def pending(self) -> bool:
        """Whether fosa's checkpoint is there, and something else runs than it holds.

        Not one whose time was over long ago: what differs from it has been typed since.
        """
        return any(self._differs(mark) for mark in self._recent())

    def confirm(self) -> None:
        """Save first, and look whether it has been: a device that only says so shall be taken back, not believed."""
        if not self.pending():
            raise SessionError(FailureKind.EXPIRED, say(N_("it has already taken the change back")))
        self._save()
        if normal(self.terminal.shown("show startup-config", _LONG_S)) != normal(self.running()):
            raise SessionError(FailureKind.DEVICE, say(N_("it says that it has saved, and has not")))
        said = self.terminal.asked("checkpoint auto confirm", seconds=_LONG_S)
        if "created" in said:
            return
        if self.pending():
            raise SessionError(
                FailureKind.DEVICE, say(N_("it cannot be confirmed: {why}"), why=self.terminal.first(said))
            )
        # The timer was faster: what was saved a moment ago must not come with the next restart.
        self._save()
        raise SessionError(FailureKind.EXPIRED, say(N_("it has already taken the change back")))

    def revert(self) -> None:
        """Back to fosa's checkpoint, also what is saved: a confirmation may have come that far."""
        for mark in self._recent():
            if self._differs(mark):
                self._back(mark)
        if normal(self.terminal.shown("show startup-config", _LONG_S)) != normal(self.running()):
            self._save()

    def tidy(self) -> None:
        """Erase fosa's checkpoints."""
        for mark in self._marks():
            self._erase(mark)

    def _back(self, mark: str) -> None:
        said = self.terminal.asked(f"checkpoint rollback {mark}", _SURE, _LONG_S)
        if self._differs(mark):
            text = N_("it did not go back at once; its own timer will take the change back: {why}")
            raise SessionError(FailureKind.UNREACHABLE, say(text, why=self.terminal.first(said)))
        # Ends the timer: there is nothing left for it to take back.
        self.terminal.asked("checkpoint auto confirm", seconds=_LONG_S)

    def _recent(self) -> list[str]:
        oldest = time.time() - _STALE_S
        return [mark for mark in self._marks() if int(mark.removeprefix("fosa-")) > oldest]

    def _marks(self) -> list[str]:
        return [match[0] for match in _MARK.finditer(self.terminal.asked("show checkpoint"))]

    def _differs(self, mark: str) -> bool:
        said = self.terminal.asked(f"checkpoint diff {mark} running-config", seconds=_LONG_S)
        if (words := _REFUSED.search(said)) is not None:
            raise SessionError(FailureKind.PROTOCOL, self.terminal.first(words[0]))
        return re.search(r"^@@ ", said, re.MULTILINE) is not None

    def _erase(self, mark: str) -> None:
        self.terminal.asked(f"erase checkpoint {mark}", _SURE)

    def _save(self) -> None:
        said = self.terminal.asked("copy running-config startup-config", _SURE, _LONG_S)
        if (words := _REFUSED.search(said)) is not None:
            raise SessionError(
                FailureKind.DEVICE, say(N_("it could not save: {why}"), why=self.terminal.first(words[0]))
            )

    def _done(self, command: str, wanted: str) -> None:
        said = self.terminal.asked(command, _SURE, _LONG_S)
        if wanted not in said or _REFUSED.search(said) is not None:
            text = N_("nothing would take a change back: {command}: {why}")
            raise SessionError(FailureKind.DEVICE, say(text, command=command, why=self.terminal.first(said)))


def _hidden(text: str) -> str:
    return masked(text, lambda _secret: "<secret>")
