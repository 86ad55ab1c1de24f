"""An emulated device as it comes out of its box: its disk, what it runs at first, and whom it would believe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab.devices.mischief import Mischief, matches

__all__ = ["Box"]

_SAVED = "startup-config"
_HEARD = 10_000


@dataclass(slots=True)
class Box:
    """What an emulated device is made from."""

    disk: Path
    """A folder of its own, which is there: what it saves outlives it."""
    factory: str = ""
    """What it runs while nothing has been saved; empty: as its maker ships it."""
    hashes: Mapping[str, str] = field(default_factory=dict)
    """Stored form of a password (as it stands in a text) -> the password; an emulator breaks no hash."""
    radius: Mapping[str, str] = field(default_factory=dict)
    """Name -> password of those a RADIUS server would let in, once the text asks one."""
    mischief: Mischief = field(default_factory=Mischief)
    """May be changed while it is switched on."""
    minute_s: float = 60.0
    """Seconds of the clock that a minute of its timers takes."""
    heard: list[str] = field(default_factory=list, repr=False)
    """The last lines that were typed or asked, the oldest first; a practice office may stand for weeks."""

    @property
    def saved(self) -> str | None:
        """What it will run after a restart, or None while nothing has been saved."""
        try:
            return (self.disk / _SAVED).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    @property
    def wrong(self) -> Mischief:
        """What it does wrong by now."""
        since = self.mischief.since
        return self.mischief if not since or any(matches(since, line) for line in self.heard) else Mischief()

    def hear(self, line: str) -> None:
        """Somebody has typed or asked it."""
        self.heard.append(line)
        del self.heard[:-_HEARD]

    def dropped(self) -> None:
        """A connection has been ended without a word."""
        if self.mischief.once:
            self.mischief = Mischief()

    def save(self, text: str) -> None:
        """Keep a text for the next restart, all of it or nothing; a device that forgets only says so."""
        if self.wrong.forgets:
            return
        part = self.disk / f".{_SAVED}"
        part.write_text(text, encoding="utf-8")
        part.replace(self.disk / _SAVED)
