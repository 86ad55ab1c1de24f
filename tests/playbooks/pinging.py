"""Echoes through a tunnel while something is done to it: how many were lost."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from monitor.echo.packet import TOKEN_BYTES, reply, request

__all__ = ["Echoes", "pinging"]

_SECONDS = 0.01
_PATIENCE_S = 1.0


@dataclass
class Echoes:
    """Which of the echoes sent so far came back."""

    sent: int = 0
    back: set[int] = field(default_factory=set)

    @property
    def lost(self) -> int:
        """How many did not."""
        return self.sent - len(self.back)

    def come_again(self, seconds: float = 30.0) -> bool:
        """Whether one that is sent from now on comes back: how many were lost depends on the machine, too."""
        sent, until = self.sent, time.monotonic() + seconds
        while not any(number >= sent for number in tuple(self.back)):
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True


@contextlib.contextmanager
def pinging(address: IPv4Address) -> Iterator[Echoes]:
    """A hundred echoes a second from this thread's namespace to an address, until the end of the block."""
    echoes, ended, token = Echoes(), threading.Event(), secrets.token_bytes(TOKEN_BYTES)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as line:
        line.settimeout(0.1)
        threads = [
            threading.Thread(target=_send, args=(line, address, token, echoes, ended)),
            threading.Thread(target=_hear, args=(line, token, echoes, ended)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield echoes
        finally:
            ended.set()
            for thread in threads:
                thread.join()


def _send(line: socket.socket, address: IPv4Address, token: bytes, echoes: Echoes, ended: threading.Event) -> None:
    while not ended.is_set():
        with contextlib.suppress(OSError):
            line.sendto(request(0x666F, echoes.sent & 0xFFFF, token), (str(address), 0))
        echoes.sent += 1
        ended.wait(_SECONDS)


def _hear(line: socket.socket, token: bytes, echoes: Echoes, ended: threading.Event) -> None:
    until = float("inf")
    while time.monotonic() < until:
        if ended.is_set() and until == float("inf"):
            until = time.monotonic() + _PATIENCE_S
        with contextlib.suppress(TimeoutError):
            found = reply(line.recv(2048))
            if found is not None and found.token == token:
                echoes.back.add(found.sequence)
