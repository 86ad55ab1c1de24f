"""What every kind of probe is made of: targets from the inventory, one question, an outcome with its cause."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from inventory.errors import FosaError
from inventory.model import Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.results import Measured, ProbeKind, State

__all__ = ["HEARD_CHARS", "Gear", "Outcome", "Pace", "Probe", "Secrets", "Target", "heard", "no_secrets", "said"]

HEARD_CHARS = 200

Secrets = Mapping[str, str]
"""Texts of secrets by reference; a reference that could not be read is missing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a target may be asked, and how patiently. Seconds."""

    period_s: float
    timeout_s: float
    own: bool = True
    """Whether both ends are ours. Where not, the period varies by a tenth and doubles with each failure, so that many
    offices do not ask all at once, nor a platform that is down ever more."""
    turn: int = 1
    """So many outcomes worse than before, in a row, are one: what fails now and then is no news."""
    again_s: float | None = None
    """The period while the last outcome is not UP, for what is asked so seldom that it would stay bad for a day."""

    longest_s = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to be asked. Kinds that need more derive from it."""

    name: str
    """Of the probe, without its kind: `csizs/ws.example.gov:443`. At most 90 of `a-z 0-9 . : / _ -`."""
    subject: str
    """What of the inventory it speaks of: `channel:csizs`."""
    where: str
    """What is asked, for people: `203.0.113.5 port 443`."""
    pace: Pace


TargetT = TypeVar("TargetT", bound=Target)
AskedT_contra = TypeVar("AskedT_contra", bound=Target, contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of asking once. UNKNOWN where nothing could be asked: `cause` then says what is missing."""

    state: State
    cause: Sentence
    sent: str
    """As it went, for the debug page; no secret."""
    received: str = ""
    seconds: float | None = None
    measured: tuple[Measured, ...] = ()


def no_secrets(_office: Office) -> Iterable[str]:
    """For kinds that prove themselves with nothing."""
    return ()


class Gear(Protocol[AskedT_contra]):
    """A kind of probe that needs a privilege to open what it asks with. One for all its targets."""

    def prepare(self) -> None:
        """Open it, while the privilege is there. May be repeated. Raises DriverError."""

    def close(self) -> None:
        """Close it. May be repeated."""

    async def ask(self, target: AskedT_contra, secrets: Secrets) -> Outcome:
        """As `Probe.ask`; also where `prepare` has failed."""
        ...


@dataclass(frozen=True, slots=True)
class Probe(Generic[TargetT]):
    """A kind of probe. `ask` raises nothing but OSError and TimeoutError, which both mean DOWN with no answer."""

    kind: ProbeKind
    targets: Callable[[Office], Iterable[TargetT]]
    """From the inventory alone: never from what happens to answer."""
    ask: Callable[[TargetT, Secrets], Awaitable[Outcome]] | type[Gear[TargetT]]
    """Or a class whose instances ask: each watch has one."""
    secrets: Callable[[Office], Iterable[str]] = no_secrets
    """References that `ask` needs."""


def heard(text: str) -> str:
    """What a stranger said, fit to be kept and shown: one line, printable, at most `HEARD_CHARS`."""
    plain = "".join(c if c.isprintable() else "·" for c in text[: HEARD_CHARS + 1])
    return plain if len(plain) <= HEARD_CHARS else plain[: HEARD_CHARS - 1] + "…"


def said(error: FosaError) -> Sentence:
    """An error of ours as a cause: in the language of whoever reads it, where it was kept as a Sentence."""
    text = error.args[0] if error.args else ""
    return text if isinstance(text, Sentence) else say(N_("{why}"), why=heard(str(text)))
