"""One conversation with a switch: what every platform can do once somebody has logged in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from inventory.course import Guard
from inventory.model import Device, Login
from inventory.secrets import SecretStore
from inventory.sentence import Sentence
from playbooks.drivers.base import FailureKind

__all__ = ["Dialect", "Opened", "Remedy", "Session", "SessionError", "Way"]


class SessionError(Exception):
    """A device did not do what it was asked. What was begun has been taken back as far as the platform can."""

    def __init__(self, kind: FailureKind, text: str | Sentence) -> None:
        """`text`: a device's own words, already free of secrets, or a sentence of ours."""
        super().__init__(str(text))
        self.kind, self.text = kind, text


@dataclass(frozen=True, slots=True)
class Way:
    """To whom a session is opened, as whom. Secrets are looked up when they are needed and kept nowhere."""

    device: Device
    login: Login
    secrets: SecretStore


class Session(Protocol):
    """A device somebody has logged in to. Every method may raise SessionError; nothing is kept between sessions."""

    def hostname(self) -> str:
        """What the device calls itself: asked before anything is written."""
        ...

    def running(self) -> str:
        """The whole running configuration, raw: secrets are masked by who called."""
        ...

    def check(self, lines: Sequence[str]) -> None:
        """Have the device itself judge the lines, where it can without doing them; INVALID names the first bad one."""
        ...

    def commit(self, lines: Sequence[str], revert_after: int) -> float:
        """Set the guard, then do the lines; the deadline the device has really set, in seconds since the epoch.

        Fails closed: no guard, no line. A line that is refused half-way takes everything back at once (INVALID).
        """
        ...

    def pending(self) -> bool:
        """Whether the device waits for a confirmation now."""
        ...

    def confirm(self) -> None:
        """Keep what was committed, over a restart, too. EXPIRED when nothing is pending any more."""
        ...

    def revert(self) -> None:
        """Take back what was committed, now, and what has been saved of it. Nothing pending is no failure."""
        ...

    def tidy(self) -> None:
        """Once a change is over: take away what it has left on the device (files with secrets, checkpoints)."""
        ...


Opened: TypeAlias = Callable[[Way], AbstractContextManager[Session]]
"""Logs in, with the pinned host key only, and out again. Raises SessionError."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the driver of switches knows of one platform; one of them a platform, in `playbooks.drivers.switches`."""

    guard: Guard
    """Who takes an unconfirmed change back."""
    least_s: int
    """The shortest time its guard can wait: most count whole minutes."""
    opened: Opened
    remedy: Callable[[str, str], Remedy]
    """Running and intended text, both raw -> what is to be typed, and what runs afterwards."""
    normal: Callable[[str], str]
    """A raw text as two of them can be compared: no comments, times, counters."""
    masked: Callable[[str, Callable[[str], str]], str]
    """A text with each secret replaced by its mark."""
    imports: tuple[str, ...] = ("netmiko", "paramiko")
    """What `opened` imports, to be imported by one thread at a time."""
    star: str = ""
    """What stands in a normal text for a key that nobody can compare; empty: the platform has no such keys."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The way from one configuration to another."""

    lines: tuple[str, ...]
    """What is typed, in order; with secrets."""
    result: str
    """The raw text the device should then have: what was intended, and what fosa leaves alone."""
    untouched: tuple[str, ...] = ()
    """Lines of the running text that fosa leaves alone: it does not speak of them."""
