"""The inside of the emulated RouterOS switch: what it holds, its files, its scheduler, who may come in."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from lab.devices.boxed import Boxed
from lab.devices.mikrotik_routeros.export import kept
from lab.devices.mikrotik_routeros.factory import FACTORY
from lab.devices.mikrotik_routeros.store import Store, loaded
from lab.devices.mischief import matches
from lab.devices.timer import RevertTimer
from templates.mikrotik_routeros.text import Entry

__all__ = ["Inside"]

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_LOAD = re.compile(r'/system backup load name="?(?P<name>[A-Za-z0-9._-]+)"?')


@dataclass(slots=True)
class Inside(Boxed):
    """All of the device but how it is spoken to."""

    store: Store = field(init=False)
    started: int = field(init=False, default=0)
    """How often it has: a session from before has ended."""
    typed: list[str] = field(init=False, default_factory=list)
    """Lines done since then."""
    timers: dict[str, RevertTimer] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.boot()

    # ---- Emulated ----------------------------------------------------------------------------------------------------

    @property
    def accounts(self) -> Mapping[str, str]:
        """RADIUS is asked only for names that are not its own (manual, "User")."""
        own = {
            row["name"]: self.box.hashes.get(row["password"], row["password"])
            for row in self.store.rows["user",]
            if row.get("disabled") != "yes"
        }
        servers = [row for row in self.store.rows["radius",] if "login" in row.get("service", "").split(",")]
        asked = servers and self.store.setting(("user", "aaa"), "use-radius") == "yes"
        return {**(self.box.radius if asked else {}), **own}

    def shut(self) -> bool:
        """Without SSH nobody comes in; nor after a line that shuts out."""
        self.schedule()
        ssh = self.store.find(("ip", "service"), {"name": "ssh"})[0]
        pattern = self.mischief.shuts_out
        return ssh.get("disabled") == "yes" or any(matches(pattern, line) for line in self.typed)

    def boot(self) -> None:
        """From the disk, where every change is as soon as it is made."""
        self.store = loaded(self.box.saved or self.box.factory or FACTORY)
        self.started += 1
        self.typed = []
        self.schedule()

    # ---- RouterOS ----------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What it calls itself."""
        return self.mischief.name or self.store.setting(("system", "identity"), "name")

    def text(self) -> str:
        """What it runs, secrets and all."""
        return kept(self.store)

    def done(self, entry: Entry) -> None:
        """After a line: it is kept, and the scheduler looks what there is to do."""
        self.typed.append(entry.raw)
        self.box.save(self.text())
        if entry.path == ("system", "scheduler"):
            self.schedule()

    def backup(self, name: str) -> None:
        """All of it into a file; a device that forgets only says so."""
        if not self.mischief.forgets:
            (self.box.disk / f"{name}.backup").write_text(kept(self.store), encoding="utf-8")

    def file(self, name: str) -> str | None:
        """A file's text."""
        path = self.box.disk / name
        return path.read_text(encoding="utf-8") if path.is_file() and "/" not in name else None

    def forget(self, name: str) -> None:
        """A file goes."""
        if self.file(name) is not None:
            (self.box.disk / name).unlink()

    def restore(self, name: str) -> bool:
        """What a backup holds will run after the restart. False: there is no such file."""
        text = self.file(name)
        if text is not None:
            self.box.save(text)
        return text is not None

    def schedule(self) -> None:
        """Entries with an interval run one interval after they were made, or after the start (manual, "Scheduler").

        Only those that load a backup are run. Before it is switched on there is no clock: who first knocks starts it.
        """
        if not _clock():
            return
        rows = {
            row["name"]: row for row in self.store.rows["system", "scheduler"] if _LOAD.match(row.get("on-event", ""))
        }
        for name in set(self.timers) - set(rows):
            self.timers.pop(name).disarm()
        for name, row in rows.items():
            seconds = _seconds(row.get("interval", "0s"))
            if seconds and name not in self.timers:
                self.timers[name] = RevertTimer(scale=self.box.minute_s / 60)
                self.timers[name].arm(seconds, partial(self._run, name, row["on-event"]))

    def _run(self, name: str, event: str) -> None:
        self.timers.pop(name, None)
        match = _LOAD.match(event)
        if match is not None and self.restore(match["name"]):
            self.boot()


def _clock() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _seconds(value: str) -> int:
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", value))
