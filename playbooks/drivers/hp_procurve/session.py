"""A conversation with ArubaOS-Switch through netmiko's `hp_procurve`.

The guard: `reload after`, and nothing saved. HPE, ArubaOS-Switch Management and Configuration Guide 16.09 (5200-5911),
reload: the reload at/after versions "do not display a prompt to save configuration file changes: the changes are lost
on the scheduled reload". What `show reload after` and `no reload` say was not verified on a device.

What it needs, once, before fosa can change anything: `include-credentials`, saved, or a restart would bring back other
passwords (HPE, Access Security Guide 16.02, Include-Credentials, operating notes).
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
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.line import logged_in
from playbooks.drivers.cli.session import Session, SessionError, Way
from playbooks.drivers.cli.terminal import Terminal, enough
from playbooks.drivers.hp_procurve.normal import normal
from playbooks.drivers.hp_procurve.remedy import undone
from templates.hp_procurve.secret import masked

__all__ = ["ProcurveSession", "opened"]

_LONG_S, _RESTART_S = 90, 10
"""Saving takes longer than showing; a device that restarts says nothing more."""
_REFUSED = re.compile(
    r"^(?:Invalid input:.*|Incomplete input:.*|Ambiguous input:.*|Error\b.*|Unable\b.*|Cannot\b.*|"
    r".*\b(?:not allowed|not supported|not permitted|does not exist|Invalid|invalid|out of range|failed)\b.*)$",
    re.MULTILINE,
)
_LOGGED = r"[IWMDE] \d\d/\d\d/\d\d \d\d:\d\d:\d\d \d{5} "
"""As `show logging` shows them; that a session sees them is so only after `debug destination session`."""
_SCHEDULED = re.compile(r"reload.*\d|\d.*reload", re.IGNORECASE)
_UNSCHEDULED = re.compile(r"\b(?:not|no)\b", re.IGNORECASE)
_SURE = (("save", "n"), ("continue", "y"))
"""Restarting asks twice: what is not saved shall not be."""
_INCLUDED = re.compile(r"^\s*include-credentials\b", re.MULTILINE)


@contextmanager
def opened(way: Way) -> Iterator[Session]:
    """Log in, to the manager's mode. Only the pinned host key is believed."""
    # netmiko switches SHA-2 signatures off for user keys on this platform; newer releases know nothing else.
    with logged_in(way, "hp_procurve", disabled_algorithms={}) as connection:
        connection.clear_buffer()
        yield ProcurveSession(Terminal(connection, _REFUSED, _hidden, _LOGGED))


@dataclass(frozen=True, slots=True)
class ProcurveSession:
    """Somebody is logged in, in the manager's mode."""

    terminal: Terminal

    def hostname(self) -> str:
        """The prompt says it whole."""
        return self.terminal.name

    def running(self) -> str:
        """All of `show running-config`."""
        return self.terminal.shown("show running-config", _LONG_S)

    def check(self, lines: Sequence[str]) -> None:  # noqa: ARG002  it judges a line only by doing it
        """Whether a restart would bring back what runs now, passwords and all."""
        running = self.running()
        if _INCLUDED.search(running) is None:
            text = N_("it must be told `{command}` first")
            raise SessionError(FailureKind.REFUSED, say(text, command="include-credentials"))
        if not self.pending() and normal(running) != normal(self._saved()):
            text = N_("what runs is not saved, and a restart would lose it: look at it, then type `write memory`")
            raise SessionError(FailureKind.REFUSED, say(text))

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """`reload after`, then the lines. One that is refused: everything is typed back, or it restarts at once."""
        self.check(lines)
        before = self.running()
        asked = time.monotonic()
        self.pending()
        minutes = math.ceil(enough(revert_after, time.monotonic() - asked, len(lines)) / 60)
        begun = time.time()
        said = self.terminal.asked(f"reload after {minutes}", _SURE)
        if not self.pending():
            text = N_("nothing would take a change back: {command}: {why}")
            raise SessionError(FailureKind.DEVICE, say(text, command="reload after", why=self.terminal.first(said)))
        try:
            self.terminal.configured(lines, begun + minutes * 60)
        except SessionError as error:
            if error.kind is FailureKind.INVALID:
                self._undo(error, before, begun + minutes * 60)
            raise
        return begun + minutes * 60

    def pending(self) -> bool:
        """Whether it is going to restart."""
        said = self.terminal.asked("show reload after")
        return _SCHEDULED.search(said) is not None and _UNSCHEDULED.search(said) is None

    def confirm(self) -> None:
        """Save first, and look whether it has been: a device that only says so shall restart, not be believed."""
        if not self.pending():
            raise SessionError(FailureKind.EXPIRED, say(N_("it has already taken the change back")))
        said = self.terminal.asked("write memory", seconds=_LONG_S)
        if (words := _REFUSED.search(said)) is not None:
            raise SessionError(
                FailureKind.DEVICE, say(N_("it could not save: {why}"), why=self.terminal.first(words[0]))
            )
        if normal(self._saved()) != normal(self.running()):
            raise SessionError(FailureKind.DEVICE, say(N_("it says that it has saved, and has not")))
        self._unscheduled()

    def revert(self) -> None:
        """Back to what is saved. Nothing pending is no failure."""
        if self.pending():
            self._back(self._saved(), time.time() + _LONG_S)

    def tidy(self) -> None:
        """It keeps nothing of a change."""

    def _undo(self, cause: SessionError, before: str, until: float) -> None:
        """Whatever becomes of going back, the reason stays the first one."""
        try:
            self._back(before, until)
        except SessionError as error:
            raise SessionError(error.kind, cause.text) from error

    def _back(self, before: str, until: float) -> None:
        """Line by line, which nobody notices; where that does not lead back, or not in time, by a restart now."""
        try:
            self.terminal.configured(undone(self.running(), before), until)
        except SessionError as error:
            if error.kind is not FailureKind.INVALID:
                raise
        if normal(self.running()) != normal(before):
            self.terminal.asked("reload", _SURE, _RESTART_S)
            raise SessionError(FailureKind.UNREACHABLE, say(N_("it restarts, to run again what it ran before")))
        self._unscheduled()

    def _unscheduled(self) -> None:
        said = self.terminal.asked("no reload", _SURE)
        if self.pending():
            text = N_("it is still going to restart: {why}")
            raise SessionError(FailureKind.DEVICE, say(text, why=self.terminal.first(said)))

    def _saved(self) -> str:
        return self.terminal.shown("show config", _LONG_S)


def _hidden(text: str) -> str:
    return masked(text, lambda _secret: "<secret>")
