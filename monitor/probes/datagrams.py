"""One question by UDP, and the first answer that is one to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Generic, TypeVar

__all__ = ["Heard", "exchange"]

_DOUBTED = 64
"""So many datagrams that are no answer, and waiting for one is given up."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """What came of a question: the answer, or nothing."""

    answer: T | None
    seconds: float
    """Until the answer, or for as long as was waited."""
    doubted: int
    """Datagrams from that place that were no answer to this question."""


class _Ear(asyncio.DatagramProtocol, Generic[T]):
    def __init__(self, understand: Callable[[bytes], T | None], done: asyncio.Future[T | None]) -> None:
        self._understand, self._done = understand, done
        self.doubted = 0

    def datagram_received(self, data: bytes, _addr: object) -> None:
        if self._done.done():
            return
        if (answer := self._understand(data)) is not None:
            self._done.set_result(answer)
            return
        self.doubted += 1
        if self.doubted >= _DOUBTED:
            self._done.set_result(None)

    def error_received(self, exc: Exception) -> None:
        if not self._done.done():
            self._done.set_exception(exc)


async def exchange(
    address: IPv4Address, port: int, question: bytes, understand: Callable[[bytes], T | None], patience_s: float
) -> Heard[T]:
    """Ask once from a port of its own. The kernel drops what others than that address and port send.

    `understand` gives None for what is no answer to this question, and raises nothing. Raises OSError where the place
    says that nobody listens, or nothing can be sent.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T | None] = loop.create_future()
    transport, ear = await loop.create_datagram_endpoint(
        lambda: _Ear(understand, done), remote_addr=(str(address), port)
    )
    begun = time.monotonic()
    answer = None
    try:
        transport.sendto(question)
        async with asyncio.timeout(patience_s):
            answer = await done
    except TimeoutError:
        # No answer is one, too: the caller says what it means.
        pass
    finally:
        transport.close()
    return Heard(answer, time.monotonic() - begun, ear.doubted)
