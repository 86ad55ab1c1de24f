"""Traps and informs: what devices tell by themselves. Strangers are counted, not believed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.errors import DriverError
from inventory.words import gettext as _
from monitor.errors import Flaw
from monitor.refused import Protocol, refuse
from monitor.results import TrapCounts
from monitor.snmp.expected import Credential, ExpectedPoll
from monitor.snmp.session import Keyring

if TYPE_CHECKING:
    from monitor.snmp.notices import Heard, Notice, Receiver

__all__ = ["PORT", "Traps"]

PORT = 162
_PACKET_BYTES = 8_192
_WAITING = 200
"""Packets that wait to be looked at; those beyond are let fall, and counted."""
_A_MINUTE = 60
"""Packets of one device a minute that are looked at."""
_log = logging.getLogger(__name__)

OnNotice = Callable[[str, "Notice"], None]
"""Told on the event loop which device says what. Must not block."""


@dataclass(slots=True)
class _Sender:
    """A device that may tell something, and when it last did."""

    poll: ExpectedPoll
    last: deque[float] = field(default_factory=lambda: deque(maxlen=_A_MINUTE))

    def may(self, now: float) -> bool:
        """Whether it has not said too much within the last minute."""
        if len(self.last) == _A_MINUTE and now - self.last[0] < 60.0:
            return False
        self.last.append(now)
        return True


class Traps:
    """Receives until cancelled. `prepare` opens the port, which needs privileges; without it nothing is received."""

    def __init__(self, polls: Sequence[ExpectedPoll], keys: Keyring, on_notice: OnNotice, port: int = PORT) -> None:
        self._senders = {str(poll.address): _Sender(poll) for poll in polls if not keys.missing(poll.credential)}
        self._keys, self._on_notice, self._port = keys, on_notice, port
        self._receivers: dict[Credential, Receiver] = {}
        self._waiting: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue(_WAITING)
        self._socket: socket.socket | None = None
        self.counts = TrapCounts()

    def prepare(self) -> None:
        """Open the port. DriverError when it cannot be had."""
        if self._socket is not None:
            return
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Whoever may send is told from strangers by its address.
            opened.bind(("0.0.0.0", self._port))  # noqa: S104
        except OSError as error:
            opened.close()
            text = _("UDP port {port} cannot be opened, so that traps are not received: {why}")
            raise DriverError(text.format(port=self._port, why=error.strerror)) from error
        self._socket = opened

    async def run(self) -> None:
        """Receive until cancelled."""
        if self._socket is None:
            return
        loop, opened = asyncio.get_running_loop(), self._socket
        loop.add_reader(opened, self._receive, opened)
        try:
            while True:
                packet, source = await self._waiting.get()
                await self._look(packet, source)
        finally:
            loop.remove_reader(opened)

    def close(self) -> None:
        """Let go of the port."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _receive(self, opened: socket.socket) -> None:
        for _n in range(32):
            try:
                packet, source = opened.recvfrom(_PACKET_BYTES + 1)
            except OSError:
                return
            sender = self._senders.get(source[0])
            if sender is None:
                self._count(strangers=1)
                refuse(Protocol.SNMP_TRAP, Flaw.STRANGER)
            elif len(packet) > _PACKET_BYTES:
                self._refuse(Flaw.TOO_MUCH)
            elif self._waiting.full() or not sender.may(time.monotonic()):
                self._count(dropped=1)
                refuse(Protocol.SNMP_TRAP, Flaw.TOO_MUCH)
            else:
                self._waiting.put_nowait((packet, source))

    async def _look(self, packet: bytes, source: tuple[str, int]) -> None:
        poll = self._senders[source[0]].poll
        try:
            # Half a second for the library alone, the first time: the probes must not wait for it.
            heard = await asyncio.to_thread(self._take, poll.credential, packet, source)
        except Exception:  # noqa: BLE001  a packet may not end the receiving, whatever the library makes of it
            _log.debug("a packet from %s was not understood", poll.device, exc_info=True)
            self._refuse(Flaw.MALFORMED)
            return
        self._count(taken=len(heard.notices))
        if heard.flaw is not None:
            self._refuse(heard.flaw)
        for reply in heard.replies:
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.sendto(reply, source)
        for notice in heard.notices:
            self._on_notice(poll.device, notice)

    def _take(self, credential: Credential, packet: bytes, source: tuple[str, int]) -> Heard:
        from monitor.snmp.notices import Receiver

        if credential not in self._receivers:
            self._receivers[credential] = Receiver(credential, self._keys)
        return self._receivers[credential].take(packet, source)

    def _refuse(self, flaw: Flaw) -> None:
        self._count(refused=1)
        refuse(Protocol.SNMP_TRAP, flaw)

    def _count(self, *, taken: int = 0, strangers: int = 0, refused: int = 0, dropped: int = 0) -> None:
        now = self.counts
        self.counts = TrapCounts(
            taken=now.taken + taken,
            strangers=now.strangers + strangers,
            refused=now.refused + refused,
            dropped=now.dropped + dropped,
        )
