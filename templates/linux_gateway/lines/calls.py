"""What charon is asked to open and to end. A charon that dies or hangs meanwhile keeps nobody waiting."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .telling import say

CALL_S = 3.0
"""A tunnel that is not up is opened so often."""
CALLING_S = 10.0
"""So long a gateway that has just taken over, or whose charon has begun anew, calls far ends that otherwise call it."""
VICI = Path("/run/charon.vici")
"""Made whenever charon begins."""
_UNLESS_UP = 'if timeout 5 swanctl --list-sas --ike "$0" | grep -q INSTALLED; then exit; fi; '
_OPEN = (
    'timeout 5 swanctl --terminate --ike "$0" --force; '
    'timeout 5 swanctl --initiate --ike "$0" --child "$1" --timeout 4; '
    'for other in $2; do timeout 5 swanctl --terminate --ike "$other" --force; done'
)
_END = 'timeout 5 swanctl --terminate --ike "$0" --force'


class Calls:
    """The tunnels of this gateway: those it opens, by one of their ways, and those it is called for."""

    def __init__(self, tunnels: dict[str, list[dict[str, str]]], called: list[str]) -> None:
        self.tunnels, self.called = tunnels, called
        self.calling_since = float("-inf")
        self.charon = made(VICI)
        self.anew: set[str] = set()
        self.calls: dict[str, tuple[subprocess.Popen[bytes] | None, float, str]] = {}

    def everybody(self, now: float, *, anew: bool = False) -> None:
        """From now on call also who otherwise calls. `anew`: what is up is worth nothing."""
        self.calling_since = now
        self.anew = {*self.called, *self.tunnels} if anew else set()

    def beat(self, wanted: dict[str, str], now: float) -> None:
        """Have each tunnel open on the wanted way."""
        if self.begun_anew():
            say("charon has begun anew: calls every far end")
            self.everybody(now)
        for tunnel, way in wanted.items():
            self.call(tunnel, way, now)
        if now - self.calling_since < CALLING_S:
            for tunnel in self.called:
                self.call(tunnel, tunnel, now)

    def begun_anew(self) -> bool:
        """Whether charon has, said once."""
        before, now = self.charon, made(VICI)
        self.charon = now or before
        return now is not None and before is not None and now != before

    def call(self, tunnel: str, wanted: str, now: float) -> None:
        """Have a tunnel open on the wanted way, and on no other; not waited for."""
        running, at, last = self.calls.get(tunnel, (None, float("-inf"), ""))
        if running is not None and running.poll() is None:
            return
        anew = tunnel in self.anew
        if wanted == last and now - at < CALL_S and not anew:
            return
        self.anew.discard(tunnel)
        if wanted != last:
            say(f"tunnel {tunnel} by {wanted}")
        others = " ".join(way["name"] for way in self.tunnels.get(tunnel, []) if way["name"] != wanted)
        script = _OPEN if anew else _UNLESS_UP + _OPEN
        self.calls[tunnel] = (background(script, wanted, tunnel, others), now, wanted)

    def end(self) -> None:
        """End every tunnel: the other gateway works."""
        for name in [*self.called, *(way["name"] for ways in self.tunnels.values() for way in ways)]:
            background(_END, name)
        self.calls = {}


def made(file: Path) -> tuple[int, int] | None:
    """What tells a file from one that was there before it under the same name."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns


def background(script: str, *words: str) -> subprocess.Popen[bytes]:
    """A few lines of shell, not waited for."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(["sh", "-c", script, *words], stdin=quiet, stdout=quiet, stderr=quiet)
