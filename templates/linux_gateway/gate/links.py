"""Which interfaces carry anything, told at every change."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import time
from pathlib import Path

from .errors import GateError
from .relay import IN, OUT, Ends

HEARTBEAT_SECONDS = 1.0
"""A line comes at least so often: silence means that the way is broken, never that all is well."""

INTERFACES, LIMIT_INTERFACES = Path("/sys/class/net"), 512
LINES, LIMIT_LINES, LINES_SECONDS = Path("/run/fosa/lines"), 4096, 5.0
"""What the program that watches the lines tells; older than this it says nothing."""
PAIR, PAIR_SECONDS = Path("/run/fosa/pair"), 2.0
"""Who of two gateways holds the addresses they share, told by the same program."""
POLL_MILLISECONDS = 250
"""Of that the kernel sends no news: where there are two, it is looked up so often."""
RTMGRP_LINK, IFF_UP = 1, 1


def links(_words: str, ends: Ends) -> None:
    """One JSON line at once, at each change and as a heartbeat, until the client closes. Nothing is to be asked."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as news:
        news.bind((0, RTMGRP_LINK))
        news.setblocking(False)
        Teller(news, ends).run()


class Teller:
    """Makes a line when it can be read: a slow reader is told how things are, not how they were."""

    def __init__(self, news: socket.socket, ends: Ends) -> None:
        self.news, self.ends = news, ends
        self.told, self.due, self.changed = "", 0.0, True
        self.patience = POLL_MILLISECONDS if PAIR.exists() else HEARTBEAT_SECONDS * 1000

    def run(self) -> None:
        """Until the client closes. GateError `refused` when it asks for something."""
        poller = select.poll()
        poller.register(self.ends.asks, IN)
        poller.register(self.news, IN)
        while True:
            left = self.due - time.monotonic()
            waits = self.changed or left <= 0
            poller.register(self.ends.tells, OUT if waits else 0)
            happened = dict(poller.poll(None if waits else min(left * 1000, self.patience)))
            if self.ends.asks in happened:
                if os.read(self.ends.asks, 1):
                    raise GateError("refused", "links are told, nothing can be asked")
                return
            if self.news.fileno() in happened:
                self.read_news()
            self.changed = self.changed or (not happened and self.patience == POLL_MILLISECONDS)
            if self.ends.tells in happened and not self.say():
                return

    def read_news(self) -> None:
        """Something changed. What exactly is looked up; news that were lost are news too."""
        self.changed = True
        with contextlib.suppress(OSError):
            while self.news.recv(65536):
                pass

    def say(self) -> bool:
        """Tell how things are, unless that was told just now; false when nobody is there."""
        self.changed = False
        line = json.dumps({"links": states(), **pair()}) + "\n"
        if line == self.told and time.monotonic() < self.due:
            return True
        try:
            os.write(self.ends.tells, line.encode())
        except BrokenPipeError:
            return False
        self.told, self.due = line, time.monotonic() + HEARTBEAT_SECONDS
        return True


def states(interfaces: Path = INTERFACES, lines: Path = LINES) -> dict[str, str]:
    """`up` for each interface that is switched on and has a carrier, `down` for every other; without the loopback.

    `silent` is a line with a carrier through which nobody answers.
    """
    # Some drivers put files between the interfaces.
    found = sorted(path for path in interfaces.iterdir() if path.is_dir() and path.name != "lo")
    silent = silent_lines(lines)
    up = {path.name: carries(path) for path in found[:LIMIT_INTERFACES] if shown(path.name)}
    return {name: ("silent" if name in silent else "up") if on else "down" for name, on in up.items()}


def silent_lines(lines: Path) -> frozenset[str]:
    """The lines through which nobody answers; none where that is not watched, or was told too long ago."""
    return frozenset(name for name, alive in told_in(lines, LINES_SECONDS).items() if alive is False)


def pair(file: Path = PAIR) -> dict[str, dict[str, bool]]:
    """Whether this gateway of two works, and whether it is ready to; nothing on one that is alone."""
    said = told_in(file, PAIR_SECONDS)
    known = {key: said[key] for key in ("holds", "ready") if isinstance(said.get(key), bool)}
    return {"pair": known} if len(known) == 2 else {}


def told_in(file: Path, seconds: float) -> dict[str, bool]:
    """What another program has written there; nothing where it is older than so many seconds."""
    try:
        if time.time() - file.stat().st_mtime > seconds:
            return {}
        with file.open("rb") as told:
            said = json.loads(told.read(LIMIT_LINES))
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def shown(name: str) -> bool:
    """Whether a name can be told: the kernel takes nearly any bytes for one."""
    return name.isascii() and name.isprintable()


def carries(interface: Path) -> bool:
    """Whether one interface is up; one that has just gone is not."""
    try:
        # The carrier of an interface that is switched off cannot be read.
        on = int((interface / "flags").read_text(), 16) & IFF_UP
        return bool(on) and (interface / "carrier").read_text().strip() == "1"
    except (OSError, ValueError):
        return False
