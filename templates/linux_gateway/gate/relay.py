"""Between the manager and charon's control socket: questions and events pass, orders do not."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Iterator
from typing import NamedTuple

from .errors import GateError
from .log import Seldom
from .packets import ANSWERS, Cutter, allowed, framed, parse, refusal

SOCKET = "/run/charon.vici"
LIMIT_ASKED, LIMIT_SAID = 64 << 10, 512 << 10
CONNECT_SECONDS, ANSWER_SECONDS, READ_SECONDS = 5, 30, 10
"""How long charon may take to answer, and the client to read: what it does not read would pile up inside charon."""

IN, OUT, NEVER = select.POLLIN, select.POLLOUT, float("inf")


class Ends(NamedTuple):
    """The client's two descriptors."""

    asks: int
    tells: int


def vici(words: str, ends: Ends, path: str = SOCKET) -> None:
    """Relay until the client closes. GateError when charon is gone or the client sends what no client sends."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as charon, Seldom(words) as refused, patient(ends):
        charon.settimeout(CONNECT_SECONDS)
        try:
            charon.connect(path)
        except OSError as error:
            raise GateError("internal", f"charon does not answer: {error.strerror or error}", path) from error
        charon.setblocking(False)
        Relay(charon, ends, refused).run()


@contextlib.contextmanager
def patient(ends: Ends) -> Iterator[None]:
    """Descriptors that never block, for the time of this."""
    modes = [os.get_blocking(end) for end in ends]
    try:
        for end in ends:
            os.set_blocking(end, False)
        yield
    finally:
        for end, mode in zip(ends, modes):
            os.set_blocking(end, mode)


class Relay:
    """Holds one packet each way at most. One question is answered before the next is looked at."""

    def __init__(self, charon: socket.socket, ends: Ends, refused: Seldom) -> None:
        self.charon, self.ends, self.refused = charon, ends, refused
        self.asked, self.said = Cutter(LIMIT_ASKED, "refused"), Cutter(LIMIT_SAID, "internal")
        self.to_charon, self.to_client = bytearray(), bytearray()
        self.answer_by = self.read_by = NEVER

    def run(self) -> None:
        """Until the client closes; every other end is a GateError."""
        poller = select.poll()
        while True:
            self.judge()
            for end, events in self.wanted().items():
                poller.register(end, events)
            for end, happened in poller.poll(self.milliseconds()):
                if not self.serve(end, happened):
                    return

    def wanted(self) -> dict[int, int]:
        """What to wait for: nothing is read that cannot be passed on. The end of each is always heard."""
        charon = (0 if self.to_client else IN) | (OUT if self.to_charon else 0)
        return {
            self.ends.asks: IN if self.asked.room else 0,
            self.ends.tells: OUT if self.to_client else 0,
            self.charon.fileno(): charon,
        }

    def milliseconds(self) -> float | None:
        """How long to wait; GateError when somebody has waited too long."""
        left = min(self.answer_by, self.read_by) - time.monotonic()
        if left <= 0:
            late = "charon does not answer" if self.answer_by < self.read_by else "nobody reads what charon says"
            raise GateError("internal", late)
        return None if left == NEVER else left * 1000

    def judge(self) -> None:
        """Pass the client's next packets on, or refuse them."""
        while self.answer_by == NEVER and not self.to_client:
            raw = self.asked.cut()
            if raw is None:
                return
            packet = parse(raw)
            if allowed(packet):
                self.to_charon += framed(raw)
                self.answer_by = time.monotonic() + ANSWER_SECONDS
            else:
                self.refused.say(f"{'command' if packet.type == 0 else 'event'} {packet.name!a:.80} refused")
                self.tell(refusal(packet))

    def tell(self, text: bytes) -> None:
        """Have something for the client."""
        if not self.to_client:
            self.read_by = time.monotonic() + READ_SECONDS
        self.to_client += text

    def serve(self, end: int, happened: int) -> bool:
        """Do what one of the three is ready for; false when the client is gone."""
        with contextlib.suppress(BlockingIOError):
            if end == self.charon.fileno():
                self.exchange(happened)
            elif end == self.ends.asks:
                return self.hear(happened)
            else:
                return self.hand_over(happened)
        return True

    def hear(self, happened: int) -> bool:
        """Read from the client; false at its end."""
        chunk = os.read(self.ends.asks, self.asked.room) if happened & IN else b""
        self.asked.add(chunk)
        return bool(chunk)

    def hand_over(self, happened: int) -> bool:
        """Write to the client; false when it is gone."""
        if not happened & OUT:
            return False
        try:
            del self.to_client[: os.write(self.ends.tells, self.to_client)]
        except BrokenPipeError:
            return False
        self.read_by = time.monotonic() + READ_SECONDS if self.to_client else NEVER
        return True

    def exchange(self, happened: int) -> None:
        """Write to charon and read from it. GateError at its end."""
        try:
            if happened & OUT:
                del self.to_charon[: self.charon.send(self.to_charon)]
            chunk = self.charon.recv(65536) if happened & IN else b""
        except (BrokenPipeError, ConnectionResetError):
            chunk, happened = b"", IN
        if not chunk and happened & ~OUT:
            raise GateError("internal", "charon has closed")
        self.said.add(chunk)
        while (packet := self.said.cut()) is not None:
            if packet[0] in ANSWERS:
                self.answer_by = NEVER
            self.tell(framed(packet))
