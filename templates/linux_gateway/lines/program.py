"""The program itself: four beats a second, from its start to its end."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from .calls import Calls
from .carrying import Reach, active_line, wanted_way
from .echoes import Echoes
from .mate import KEEPALIVED, Both, alive, held
from .routers import Routers
from .telling import put, say

BEAT_S = 0.25
TOLD, PAIR = Path("/run/fosa/lines"), Path("/run/fosa/pair")
METRIC = "50"
"""Before the routes that /usr/local/lib/fosa/network lays."""


class Lines:
    """The lines of this gateway. `written` is what day 0 wrote: see `templates.linux_gateway.tunnels`."""

    def __init__(self, written: dict[str, object]) -> None:
        self.lines: list[dict[str, str]] = written["lines"]  # type: ignore[assignment]  # as day 0 wrote it
        self.far: list[list[str]] = written["far"]  # type: ignore[assignment]
        self.tunnels: dict[str, list[dict[str, str]]] = written["tunnels"]  # type: ignore[assignment]
        self.called: list[str] = written["called"]  # type: ignore[assignment]
        self.shared: str = written.get("shared", "")  # type: ignore[assignment]
        routers = [(line["address"], line["gateway"]) for line in self.lines]
        self.reaches = {pair: Reach() for pair in [*((here, there) for here, there in self.far), *routers]}
        self.calls = Calls(self.tunnels, self.called)
        self.works, self.both = not self.shared, Both()
        self.routers: Routers | None = None
        self.route = ""

    def run(self) -> None:
        """For ever."""
        echoes = Echoes(self.reaches)
        while True:
            if self.shared and not self.working(time.monotonic()):
                time.sleep(BEAT_S)
                continue
            echoes.ask()
            time.sleep(BEAT_S)
            now = time.monotonic()
            for pair in echoes.answers():
                self.reaches[pair].answered(now)
            self.act(now)

    def working(self, now: float) -> bool:
        """Whether this gateway of two is the one that works; done when that changes."""
        holds, over = held(self.shared), self.both.over(now)
        if over and holds and self.works:
            say("the other gateway has worked, too: calls every far end anew")
            self.calls.everybody(now, anew=True)
        if holds and not self.works:
            say("works")
            self.calls.everybody(now)
            if self.routers is not None:
                self.routers.end()
            self.routers = None
        elif self.works and not holds:
            say("stands by")
            self.calls.end()
        self.works = holds
        put(PAIR, {"holds": holds, "ready": alive(KEEPALIVED)})
        if not holds:
            # With the addresses the kernel has dropped every route of the lines.
            self.route = ""
            self.routers = self.routers or Routers(self.lines)
            put(TOLD, self.routers.beat(now))
        return holds

    def act(self, now: float) -> None:
        """Lay the route, move the tunnels, tell."""
        for reach in self.reaches.values():
            reach.judge(now)
        carries = {pair: reach.carries for pair, reach in self.reaches.items()}
        self.lay(active_line(self.lines, self.far, carries))
        self.calls.beat({tunnel: wanted_way(ways, carries) for tunnel, ways in self.tunnels.items()}, now)
        of_far = {tuple(pair) for pair in self.far}
        known = [pair for pair in carries if pair in of_far] or list(carries)
        put(TOLD, {x["interface"]: any(carries[p] for p in known if p[0] == x["address"]) for x in self.lines})

    def lay(self, interface: str) -> None:
        """The default route. Tried again at the next beat where it does not work: an interface may be off."""
        if interface == self.route or len(self.lines) < 2:
            return
        line = next(line for line in self.lines if line["interface"] == interface)
        words = ["ip", "route", "replace", "default", "via", line["gateway"], "dev", interface, "metric", METRIC]
        if subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode == 0:
            say(f"default route by {interface}")
            self.route = interface


def main(file: str) -> None:
    """Read what day 0 wrote, and begin."""
    Lines(json.loads(Path(file).read_text(encoding="utf-8"))).run()
