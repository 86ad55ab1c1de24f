"""The quick way through a table: over the private sockets of gufo-snmp, of exactly the version this was written for.

For each question the library's own iterator makes a future, arms a timer and registers its socket anew, and hands the
answer on row by row. Here the callback that has read an answer asks the next question itself.
"""

from __future__ import annotations

import asyncio
import functools
import select
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from monitor.errors import Flaw
from monitor.refused import Protocol, refuse
from monitor.snmp.values import Value

if TYPE_CHECKING:
    from gufo.snmp._fast import GetIter, SnmpV2cClientSocket
    from gufo.snmp.aio import SnmpSession

__all__ = ["VERSION", "Line", "Page", "Take", "hindrance"]

VERSION = "0.13.0"
"""Of gufo-snmp. A newer one is tried against the tests of this module, and written here."""
_FULL_S = 0.005
"""A socket whose buffer is full is tried again after so long."""

Page = Sequence[tuple[str, Value]]
"""Rows of one answer, identifiers in full."""
Take = Callable[[Page], None]
"""Is handed each page. What it raises ends the walk."""


@functools.cache
def hindrance() -> str | None:
    """Why this way cannot be gone, in English, for the log; None where it can. Asks itself a question to find out."""
    import gufo.snmp as library

    if library.__version__ != VERSION:
        return f"gufo-snmp {library.__version__} is not {VERSION}, whose sockets are known"
    try:
        found = _tried()
    except Exception as error:  # noqa: BLE001  whatever private things do that have changed: the public way is there
        return f"{type(error).__name__}: {error}"
    return None if found == _EXPECTED else f"its sockets answer {found!r}"


class Line:
    """The socket of one session, for one walk at a time. Whoever asks by it otherwise lets it `rest` before."""

    def __init__(self, session: SnmpSession, timeout_s: float) -> None:
        self._socket, self._timeout_s = session._sock, timeout_s
        self._loop = asyncio.get_running_loop()
        self._listens = False
        self._asked_at = 0.0
        self._walk: _Walk | None = None
        self._patience: asyncio.TimerHandle | None = None

    async def walk(self, oid: str, rows: int, take: Take) -> None:
        """What lies below an identifier, so many rows a question; what the library raises, and TimeoutError."""
        from gufo.snmp._fast import GetIter

        walk = self._walk = _Walk(GetIter(oid, rows), take, self._loop.create_future())
        if not self._listens:
            self._listens = True
            self._loop.add_reader(self._socket.get_fd(), self._read)
        if self._patience is None:
            self._patience = self._loop.call_later(self._timeout_s, self._look)
        try:
            self._ask()
            await walk.ended
        finally:
            self._walk = None

    def rest(self) -> None:
        """Let go of the socket until the next walk."""
        if self._listens:
            self._listens = False
            self._loop.remove_reader(self._socket.get_fd())
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _ask(self) -> None:
        walk = self._walk
        if walk is None or walk.ended.done():
            return
        self._asked_at = self._loop.time()
        try:
            self._socket.send_get_bulk(walk.cursor)
        except BlockingIOError:
            self._loop.call_later(_FULL_S, self._ask)
        except Exception as error:  # noqa: BLE001  handed on to whoever waits for the walk
            walk.ended.set_exception(error)

    def _read(self) -> None:
        walk = self._walk
        if walk is None or walk.ended.done():
            self.rest()  # an answer that nobody waits for any more
            return
        try:
            if _handed_on(self._socket.recv_get_bulk(walk.cursor), walk.take):
                self._ask()
            else:
                walk.ended.set_result(None)
        except BlockingIOError:
            refuse(Protocol.SNMP, Flaw.UNASKED)  # a packet with another number or name, or one that came too late
        except StopAsyncIteration:
            walk.ended.set_result(None)
        except BaseException as error:  # noqa: BLE001  its decoder panics, which is no Exception; handed on as well
            walk.ended.set_exception(error)

    def _look(self) -> None:
        """One timer for many questions: it looks when the last of them will have waited long enough."""
        self._patience = None
        walk, left = self._walk, self._asked_at + self._timeout_s - self._loop.time()
        if walk is None or walk.ended.done():
            return
        if left > 0:
            self._patience = self._loop.call_later(left, self._look)
        else:
            walk.ended.set_exception(TimeoutError())


@dataclass(frozen=True, slots=True)
class _Walk:
    cursor: GetIter
    take: Take
    ended: asyncio.Future[None]


def _handed_on(page: list[tuple[str, Value] | None], take: Take) -> bool:
    """Whether there may be more: None stands behind the last row of the subtree."""
    if not page:
        return False
    if page[-1] is not None and None not in page:
        take(cast(Page, page))
        return True
    rows = cast(Page, page[: page.index(None)])
    if rows:
        take(rows)
    return False


# ---- The question it asks itself -------------------------------------------------------------------------------------

_CHECK_S = 1.0
_BELOW, _ROWS = "1.3.6.1.2.1.1", 2
_NAME, _SERVICES, _BEYOND = (bytes.fromhex(oid) for oid in ("06082b06010201010500", "06082b06010201010700", "06012b"))
_FOR_ROWS = bytes((2, 1, 0, 2, 1, _ROWS))
"""No non-repeaters, and so many repetitions."""
_EXPECTED = ([("1.3.6.1.2.1.1.5.0", b"fosa"), ("1.3.6.1.2.1.1.7.0", 72)], True, 0)


def _tried() -> tuple[list[tuple[str, Value] | None], bool, int]:
    """A walk over loopback: its page, whether it was asked for as it should be, and how much is left."""
    from gufo.snmp._fast import GetIter, SnmpV2cClientSocket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind(("127.0.0.1", 0))
        agent.settimeout(_CHECK_S)
        asking = SnmpV2cClientSocket(f"127.0.0.1:{agent.getsockname()[1]}", "fosa", 0, 0, 0, 0)
        cursor = GetIter(_BELOW, _ROWS)
        asking.send_get_bulk(cursor)
        first, back = agent.recvfrom(500)
        agent.sendto(_answer(first, (_NAME, b"\x04\x04fosa"), (_SERVICES, b"\x02\x01\x48")), back)
        _wait_for(asking)
        page = asking.recv_get_bulk(cursor)
        asking.send_get_bulk(cursor)
        second = agent.recv(500)
        agent.sendto(_answer(second, (_BEYOND, b"\x05\x00")), back)
        _wait_for(asking)
        return page, _FOR_ROWS in first and _SERVICES in second, len(_rows(asking, cursor))


def _wait_for(asking: SnmpV2cClientSocket) -> None:
    """On a busy machine even loopback takes its time."""
    ready = select.poll()
    ready.register(asking.get_fd(), select.POLLIN)
    if not ready.poll(1000 * _CHECK_S):
        raise TimeoutError("no packet came over loopback")


def _rows(asking: SnmpV2cClientSocket, cursor: GetIter) -> Page:
    """What is left of a walk that has come to its end."""
    found: list[tuple[str, Value]] = []
    try:
        _handed_on(asking.recv_get_bulk(cursor), found.extend)
    except StopAsyncIteration:
        return ()
    return found


def _answer(question: bytes, *rows: tuple[bytes, bytes]) -> bytes:
    """To a question of version 2c whose community has four letters: its head and its number have their places."""
    head, number = question[2:11], question[13 : 15 + question[14]]
    listed = _tlv(0x30, *(_tlv(0x30, *row) for row in rows))
    return _tlv(0x30, head, _tlv(0xA2, number, b"\x02\x01\x00" * 2, listed))


def _tlv(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return bytes((tag, len(content))) + content
