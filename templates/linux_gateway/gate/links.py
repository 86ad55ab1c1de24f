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

    def run(self) -> None:
        """Until the client closes. GateError `refused` when it asks for something."""
        poller = select.poll()
        poller.register(self.ends.asks, IN)
        poller.register(self.news, IN)
        while True:
            left = self.due - time.monotonic()
            waits = self.changed or left <= 0
            poller.register(self.ends.tells, OUT if waits else 0)
            happened = dict(poller.poll(None if waits else left * 1000))
            if self.ends.asks in happened:
                if os.read(self.ends.asks, 1):
                    raise GateError("refused", "links are told, nothing can be asked")
                return
            if self.news.fileno() in happened:
                self.read_news()
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
        line = json.dumps({"links": states()}) + "\n"
        if line == self.told and time.monotonic() < self.due:
            return True
        try:
            os.write(self.ends.tells, line.encode())
        except BrokenPipeError:
            return False
        self.told, self.due = line, time.monotonic() + HEARTBEAT_SECONDS
        return True


def states(interfaces: Path = INTERFACES) -> dict[str, str]:
    """`up` for each interface that is switched on and has a carrier, `down` for every other; without the loopback."""
    # Some drivers put files between the interfaces.
    found = sorted(path for path in interfaces.iterdir() if path.is_dir() and path.name != "lo")
    return {path.name: "up" if carries(path) else "down" for path in found[:LIMIT_INTERFACES] if shown(path.name)}


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
