"""What a rule is, and the case it judges: one device, what its texts say and what is happening on it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from inventory.crypto import Profile
from inventory.model import Device, Office, Requirement, SwitchPorts
from inventory.sentence import Sentence
from monitor.compliance.model import Basis, Evidence, Result, Severity
from monitor.compliance.plugged import Plugged
from monitor.compliance.spaces import Grant
from monitor.compliance.ways import Ways
from monitor.facts.live import LiveFacts
from monitor.facts.model import Facts
from monitor.facts.where import Where
from templates.switch.means import Means

__all__ = ["Case", "Judged", "Rule"]


@dataclass(frozen=True, slots=True)
class Case:
    """One device before the rules."""

    office: Office
    device: Device
    basis: Basis
    """LIVE: the running text and readings."""
    now: dt.datetime
    profile: Profile
    facts: Facts
    """Without any part where the device could not be read, or was read too long ago."""
    live: LiveFacts | None
    live_limit_s: float
    """How old a reading may be."""
    ways: Ways | None
    """None without a packet filter in the text."""
    grants: tuple[Grant, ...]
    """Everything that may pass this device."""
    silence: Sentence
    """Why something is not known here: for findings that are `unknown`."""
    wholes: Mapping[str, Evidence] = field(default_factory=dict)
    """The whole of each text that was read, by its name."""
    understood: Mapping[str, float] = field(default_factory=dict)
    """How much of each, 0 to 1."""
    planned: Mapping[str, SwitchPorts] = field(default_factory=dict)
    """What the inventory says of a switch's ports, by their names in small letters."""
    plugged: tuple[Plugged, ...] = ()
    """Its ports, as the text has them and as the inventory wants them."""
    means: Mapping[Requirement, Means] = field(default_factory=dict)
    """What the platform of a switch can do at all."""

    @property
    def on_switch(self) -> bool:
        """Whether the device is a switch."""
        return self.device.platform is not None and self.device.platform.switch

    @property
    def with_live(self) -> bool:
        """Whether readings are asked for."""
        return self.basis is Basis.LIVE

    def evidence(self, where: Where) -> Evidence:
        """A line of one of the device's texts."""
        whole = self.whole(where.source)
        return Evidence(
            basis=whole.basis,
            source=whole.source,
            line=where.line,
            text=where.text,
            sha256=whole.sha256,
            read_at=whole.read_at,
        )

    def whole(self, source: str) -> Evidence:
        """A whole text: what stands nowhere in it has no line."""
        found = self.wholes.get(source)
        if found is not None:
            return found
        return Evidence(basis=self.facts.basis, source=source, sha256="", read_at=self.facts.read_at)

    def reading(self, source: str, shown: str, read_at: dt.datetime) -> Evidence:
        """A reading; its hash is over what is shown of it."""
        digest = hashlib.sha256(shown.encode()).hexdigest()
        return Evidence(basis=Basis.LIVE, source=source, text=shown, sha256=digest, read_at=read_at)

    def fresh(self, read_at: dt.datetime | None, age_s: float = 0.0) -> bool:
        """Whether a reading is young enough; one from the future is not believed either."""
        if read_at is None:
            return False
        age = (self.now - read_at).total_seconds() + age_s
        return -self.live_limit_s <= age <= self.live_limit_s


@dataclass(frozen=True, slots=True)
class Judged:
    """What a rule says of a device or of one part of it."""

    result: Result
    message: Sentence
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()
    """The texts it rests on: when too little of one was understood, `pass` becomes `unknown`."""
    requirement: Requirement | None = None
    """What of a hardened switch is missing: an exception of the inventory for it is told with the failure."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A small pure function with its name, its weight and its reasons."""

    id: str
    version: int
    """Goes up when the same device may be judged otherwise than before."""
    severity: Severity
    title: Sentence
    rationale: Sentence
    fix: Sentence
    judge: Callable[[Case], Iterable[Judged]]
    switch_fix: Sentence | None = None
    """On a switch; None: the same."""
