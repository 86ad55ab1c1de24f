"""Which line and which way carry: what is decided by who has answered when."""

from __future__ import annotations

DEAD_S = 1.2
"""No answer for so long, and a way is dead."""
STEADY_S = 5.0
"""A way that was dead is taken again after so long a time of answers."""


class Reach:
    """One of our addresses and one to be reached from it."""

    def __init__(self) -> None:
        self.last = self.since = float("-inf")
        self.carries = False
        self.known = False

    def answered(self, now: float) -> None:
        """An answer has come."""
        if now - self.last > DEAD_S:
            self.since = now
        self.last = now

    def judge(self, now: float) -> None:
        """Whether it carries at this moment."""
        alive = now - self.last < DEAD_S
        self.carries = alive and (self.carries or not self.known or now - self.since >= STEADY_S)
        self.known = self.known or alive


def active_line(lines: list[dict[str, str]], far: list[list[str]], carries: dict[tuple[str, str], bool]) -> str:
    """The interface the default route goes by. `far`: our address and the far end's, of every way."""
    for targets in (far, [[line["address"], line["gateway"]] for line in lines]):
        for line in lines:
            if any(carries.get((here, there)) for here, there in targets if here == line["address"]):
                return line["interface"]
    return lines[0]["interface"]


def wanted_way(ways: list[dict[str, str]], carries: dict[tuple[str, str], bool]) -> str:
    """The name of the way a tunnel takes: the first that carries; where none does, the first."""
    return next((way["name"] for way in ways if carries.get((way["here"], way["there"]))), ways[0]["name"])
