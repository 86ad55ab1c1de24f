"""Small servers on loopback for the time of a test; what they answer is up to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Address
from types import MappingProxyType
from typing import TypeVar

from monitor.probes.base import Outcome, Probe, Target

__all__ = ["LOOPBACK", "Answers", "answered", "asked", "speaking", "telling"]

LOOPBACK = IPv4Address("127.0.0.1")
_TURNS = 8
"""Of the event loop, until somebody who is just coming in is in."""

TargetT = TypeVar("TargetT", bound=Target)

Answers = Callable[[bytes], Sequence[bytes]]
Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class _Teller(asyncio.DatagramProtocol):
    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as documented
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._transport is not None
        for answer in self._answers(data):
            self._transport.sendto(answer, addr)


async def answered(
    probe: Probe[TargetT], target: TargetT, secrets: Mapping[str, str] = MappingProxyType({})
) -> Outcome:
    """What comes of asking once."""
    assert not isinstance(probe.ask, type), "a kind that opens something first"
    return await probe.ask(target, secrets)


def asked(probe: Probe[TargetT], target: TargetT, secrets: Mapping[str, str] = MappingProxyType({})) -> Outcome:
    """The same, with nobody else about."""
    return asyncio.run(answered(probe, target, secrets))


@asynccontextmanager
async def telling(answers: Answers, port: int = 0) -> AsyncIterator[int]:
    """Somebody who answers datagrams; its port."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Teller(answers), local_addr=(str(LOOPBACK), port))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


@asynccontextmanager
async def speaking(served: Served, port: int = 0) -> AsyncIterator[int]:
    """Somebody who takes connections; its port. `served` may leave its writer open."""
    tasks: set[asyncio.Task[None]] = set()
    writers: set[asyncio.StreamWriter] = set()

    async def until_gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await served(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # The probe has hung up, as it may.
        finally:
            writer.close()

    def begun(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.add(writer)
        tasks.add(asyncio.ensure_future(until_gone(reader, writer)))

    server = await asyncio.start_server(begun, str(LOOPBACK), port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        # Whoever is just being accepted while it is closed would never be let go (asyncio's Server._attach).
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        for _turn in range(_TURNS):
            await asyncio.sleep(0)
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            # What was never read would hold it open, and the loop ends soon.
            writer.transport.abort()
        await asyncio.sleep(0)
