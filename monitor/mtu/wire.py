"""Echo requests of any length that nobody may cut up, from one raw socket."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.errors import DriverError
from inventory.words import gettext as _
from monitor.echo.packet import ECHO_REPLY, reply, request
from monitor.mtu.packet import DESTINATION_UNREACHABLE, too_big
from monitor.mtu.search import Fate, Tried

__all__ = ["HEADERS", "Wire"]

HEADERS = 28
"""IPv4 and ICMP."""
_WAIT_S = 0.5
"""After the last."""
_APART_S = 0.1
_TRIES = 4
"""So many of one length must be lost: a bad line loses one of them now and then, four in a row hardly."""
_SOL_RAW, _ICMP_FILTER = 255, 1
_NOTHING = 0xFFFFFFFF
_ANSWERS = _NOTHING & ~(1 << ECHO_REPLY | 1 << DESTINATION_UNREACHABLE)
_IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE = 10, 3
"""ip(7): set DF, and let no remembered path MTU keep a packet back. The socket module has no names for them."""
_BUFFER_BYTES = 16 * 1024
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class _Waiting:
    address: IPv4Address
    token: bytes
    done: asyncio.Future[Tried]


class Wire:
    """Sends and hears. While nothing is under way the kernel keeps everything from its socket."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._waiting: dict[tuple[int, int], _Waiting] = {}

    @property
    def ready(self) -> bool:
        """Whether there is a socket."""
        return self._socket is not None

    def prepare(self) -> None:
        """Open the socket, which needs CAP_NET_RAW. May be repeated. Raises DriverError."""
        if self._socket is not None:
            return
        try:
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
        except OSError as error:
            text = _("no path MTU: a raw socket cannot be opened ({why}); run as root or with CAP_NET_RAW")
            raise DriverError(text.format(why=error.strerror)) from error
        raw.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE)
        _let_through(raw, _NOTHING)
        self._socket = raw

    def close(self) -> None:
        """Close the socket. May be repeated."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def attempt(self, address: IPv4Address, size: int) -> Tried:
        """What becomes of packets of `size` bytes, their headers counted."""
        raw = self._socket
        if raw is None:
            return Tried(Fate.UNSENT)
        waiting = _Waiting(address, os.urandom(size - HEADERS), asyncio.get_running_loop().create_future())
        keys = [(secrets.randbelow(1 << 16), n) for n in range(_TRIES)]
        self._listen(raw, keys, waiting)
        try:
            for key in keys:
                raw.sendto(request(*key, waiting.token), (str(address), 0))
                await asyncio.wait([waiting.done], timeout=_APART_S)
                if waiting.done.done():
                    return waiting.done.result()
            async with asyncio.timeout(_WAIT_S):
                return await waiting.done
        except TimeoutError:
            return Tried(Fate.LOST)
        except OSError as error:
            return Tried(Fate.REFUSED if error.errno == errno.EMSGSIZE else Fate.UNSENT)
        finally:
            self._hush(raw, keys)

    def _listen(self, raw: socket.socket, keys: Sequence[tuple[int, int]], waiting: _Waiting) -> None:
        if not self._waiting:
            _let_through(raw, _ANSWERS)
            asyncio.get_running_loop().add_reader(raw.fileno(), self._hear, raw)
        self._waiting |= dict.fromkeys(keys, waiting)

    def _hush(self, raw: socket.socket, keys: Sequence[tuple[int, int]]) -> None:
        for key in keys:
            self._waiting.pop(key, None)
        if not self._waiting:
            asyncio.get_running_loop().remove_reader(raw.fileno())
            _let_through(raw, _NOTHING)

    def _hear(self, raw: socket.socket) -> None:
        with contextlib.suppress(OSError):  # nothing more to read, or an ICMP error that is told by its packet
            for _each in range(_AT_ONCE):
                self._take(raw.recv(_BUFFER_BYTES))

    def _take(self, packet: bytes) -> None:
        if (answer := reply(packet)) is not None:
            waiting = self._waiting.get((answer.identifier, answer.sequence))
            if waiting is not None and (waiting.address, waiting.token) == (answer.source, answer.token):
                _settle(waiting, Tried(Fate.ANSWERED))
        elif (told := too_big(packet)) is not None:
            waiting = self._waiting.get((told.identifier, told.sequence))
            if waiting is not None and waiting.address == told.destination:
                _settle(waiting, Tried(Fate.TOLD, told.mtu or None, told.by))


def _settle(waiting: _Waiting, tried: Tried) -> None:
    if not waiting.done.done():
        waiting.done.set_result(tried)


def _let_through(raw: socket.socket, blocked: int) -> None:
    """Which kinds of ICMP the kernel keeps from a socket, a bit each (raw(7))."""
    raw.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("@I", blocked))
