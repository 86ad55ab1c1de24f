"""The providers' routers, asked for by a gateway that has no address there (RFC 5227, section 2.1.1)."""

from __future__ import annotations

import socket
import struct

ETH_ARP, ASK_ARP, TELL_ARP = 0x0806, 1, 2
ARP_S = 1.0
"""So often each router is asked for."""
LATE_S = 0.25
"""So late an answer may be taken in."""
ANSWERS_A_BEAT = 256


class Routers:
    """The router of each line."""

    def __init__(self, lines: list[dict[str, str]]) -> None:
        self.lines, self.due = lines, 0.0
        self.sockets: dict[str, socket.socket] = {}
        self.answered = {line["interface"]: float("-inf") for line in lines}

    def beat(self, now: float) -> dict[str, bool]:
        """Ask when it is time, take the answers in; which lines carry."""
        asked = now >= self.due
        self.due = now + ARP_S if asked else self.due
        for line in self.lines:
            try:
                self.ask(line, now, asked=asked)
            except OSError:
                # The interface has gone, or went off: its socket serves no more.
                self.close(line["interface"])
        return {name: now - last < 3 * ARP_S + LATE_S for name, last in self.answered.items()}

    def ask(self, line: dict[str, str], now: float, *, asked: bool) -> None:
        """One line. OSError where it has no interface."""
        name, router = line["interface"], socket.inet_aton(line["gateway"])
        if name not in self.sockets:
            self.sockets[name] = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_ARP))
            self.sockets[name].bind((name, ETH_ARP))
            self.sockets[name].setblocking(False)
        wire = self.sockets[name]
        own = wire.getsockname()[4]
        if asked:
            ask = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, ASK_ARP, own, bytes(4), bytes(6), router)
            wire.sendto(ask, (name, ETH_ARP, 0, 0, b"\xff" * 6))
        for _each in range(ANSWERS_A_BEAT):
            try:
                said = wire.recv(64)
            except BlockingIOError:
                return
            if len(said) >= 28 and said[6:8] == struct.pack("!H", TELL_ARP) and said[14:18] == router:
                self.answered[name] = now

    def end(self) -> None:
        """Ask no more."""
        for name in [*self.sockets]:
            self.close(name)

    def close(self, name: str) -> None:
        """Have done with a socket."""
        if (wire := self.sockets.pop(name, None)) is not None:
            wire.close()
