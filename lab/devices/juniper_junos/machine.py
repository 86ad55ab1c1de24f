"""The emulated Junos itself: what it runs, what it would run, and what it can go back to."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.devices.boxed import Boxed
from lab.devices.juniper_junos.factory import FACTORY
from lab.devices.juniper_junos.tree import BadLineError, Tree
from lab.devices.mischief import matches
from lab.devices.timer import RevertTimer
from templates.juniper_junos.shown import normal

__all__ = ["Commit", "Machine"]

_KEPT = 50
"""Rollback 0 to 49 (Juniper: "Roll Back Junos OS Configuration Changes")."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One committed configuration."""

    tree: Tree
    user: str
    at: float
    """Seconds since the epoch."""
    comment: str = ""
    lines: tuple[str, ...] = ()
    """What was loaded for it."""


@dataclass(slots=True)
class Machine(Boxed):
    """All of it but the ways in."""

    commits: list[Commit] = field(init=False)
    """The newest first."""
    candidate: Tree = field(init=False)
    loaded: list[str] = field(init=False, default_factory=list)
    """Lines in the candidate that are not committed."""
    lock: object | None = field(init=False, default=None)
    """The session that holds the candidate."""
    timer: RevertTimer = field(init=False)

    def __post_init__(self) -> None:
        self.timer = RevertTimer(scale=self.box.minute_s / 60)
        self.boot()

    @property
    def accounts(self) -> Mapping[str, str]:
        """Local accounts are asked only where no RADIUS server answers, or where `password` is in the order, too.

        Juniper: "Authentication Order for RADIUS, TACACS+, and Local Password".
        """
        order = tuple(self.running.get("system", "authentication-order"))
        asked = "radius" in order and bool(self.running.get("system", "radius-server")) and bool(self.box.radius)
        local = {} if asked and "password" not in order else self._local()
        return {**local, **(self.box.radius if asked else {})}

    def shut(self) -> bool:
        """Without SSH and NETCONF nobody comes in; nor after a line that shuts out."""
        services = self.running.get("system", "services")
        pattern = self.mischief.shuts_out
        said = (*self.commits[0].lines, *self.running.lines()) if pattern else ()
        return not {"ssh", "netconf"} & set(services) or any(matches(pattern, line) for line in said)

    def boot(self) -> None:
        """From the disk; a commit nobody has confirmed is not on it."""
        self.timer.disarm()
        tree = Tree()
        # What it has saved is its own: as it stands there, with every key.
        for line in (self.box.saved or normal(self.box.factory or FACTORY)).splitlines():
            tree.do(line)
        self.commits = [Commit(tree, "root", time.time())]
        self.discard()
        self.lock = None

    # ---- Junos -------------------------------------------------------------------------------------------------------

    @property
    def running(self) -> Tree:
        """The committed configuration."""
        return self.commits[0].tree

    @property
    def hostname(self) -> str:
        """What it calls itself."""
        return self.mischief.name or self.running.value("system", "host-name") or "Amnesiac"

    def text(self) -> str:
        """What it runs, line by line."""
        return "\n".join(self.running.lines()) + "\n"

    @property
    def now(self) -> float:
        """Seconds since the epoch by its own clock."""
        return time.time() + self.mischief.clock_s

    def load(self, lines: list[str]) -> None:
        """Into the candidate. BadLineError names what the first bad line stumbles over; the candidate is then torn."""
        for line in lines:
            self.box.hear(line)
            if matches(self.mischief.refuse, line):
                raise BadLineError("syntax error", line.split()[-1])
            self.candidate.do(line)
            self.loaded.append(line)

    def check(self) -> str:
        """What makes the candidate impossible; empty where nothing does."""
        tree = self.candidate
        if not tree.get("system", "root-authentication"):
            return "Missing mandatory statement: 'root-authentication'"
        classes = {"super-user", "operator", "read-only", "unauthorized", *tree.get("system", "login", "class")}
        for user in tree.get("system", "login", "user"):
            if tree.value("system", "login", "user", user, "class") not in classes:
                return f"Referenced class of user '{user}' is not defined"
        for used in tree.get("interfaces", "lo0", "unit", "0", "family", "inet", "filter", "input"):
            if used not in tree.get("firewall", "family", "inet", "filter"):
                return f"Referenced filter '{used}' is not defined"
        return ""

    def commit(self, user: str, minutes: int | None) -> None:
        """The candidate becomes what runs; with minutes, until they are over."""
        before = self.commits[0]
        comment = "" if minutes is None else f"commit confirmed, rollback in {minutes}mins"
        self._put(Commit(self.candidate.copy(), user, self.now, comment, tuple(self.loaded)))
        self.loaded = []
        if minutes is None:
            self.timer.disarm()
            self.box.save(self.text())
        else:
            self.timer.arm(minutes * 60, lambda: self._back(before), user)

    def rollback(self, number: int) -> None:
        """An earlier configuration into the candidate. IndexError where there is none."""
        self.candidate = self.commits[number].tree.copy()
        self.loaded = []

    def discard(self) -> None:
        """The candidate is again what runs."""
        self.rollback(0)

    def _back(self, before: Commit) -> None:
        self._put(Commit(before.tree.copy(), "root", self.now))
        self.discard()

    def _put(self, commit: Commit) -> None:
        self.commits = [commit, *self.commits][:_KEPT]

    def _local(self) -> dict[str, str]:
        users = self.running.get("system", "login", "user")
        hashes = {
            user: self.running.value("system", "login", "user", user, "authentication", "encrypted-password")
            for user in users
        }
        return {user: self.box.hashes[stored] for user, stored in hashes.items() if stored in self.box.hashes}
