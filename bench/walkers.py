"""Those who walk the interface tables of switches in this process: fosa both ways, and pysnmp; all the same cells."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from bench.fastagent import AUTH, CELLS, COMMUNITY, CREDENTIALS, KEYS, PRIV, TABLES, USER, Agents
from inventory.model import SnmpVersion
from monitor.snmp.expected import ExpectedPoll, Manner, Way
from monitor.snmp.fast import Page
from monitor.snmp.session import Session
from monitor.snmp.values import Answers, Table

__all__ = ["ROWS", "Run", "Walker", "fosa", "own_cpu_s", "poll_of", "pysnmp"]

ROWS = 25
"""Asked for at once, by everybody."""
_AT_ONCE = 32
_USUAL = Manner(period_s=60.0, timeout_s=5.0, poll_s=60.0, repetitions=ROWS, most_repetitions=50, rate=None)
_SYSTEM = ("1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.2.1.0")


@dataclass(frozen=True, slots=True)
class Run:
    """One walk of so many devices. Seconds."""

    devices: int
    wall_s: float
    cpu_s: float
    """User and system time of the walker's process."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Walks the first devices of the agents, `devices` of them at a time it is called."""

    name: str
    devices: int
    walk: Callable[[Agents, int], Run]


def poll_of(address: IPv4Address, port: int, version: SnmpVersion, manner: Manner) -> ExpectedPoll:
    """A switch as fosa polls it."""
    return ExpectedPoll(str(address), address, port, CREDENTIALS[version], manner)


def fosa(version: SnmpVersion, way: Way, devices: int, rows: int = ROWS) -> Walker:
    """By the session that fosa polls with, each cell put where its decoders look for it.

    Its poller asks for ever more rows at once, up to 50, of an agent that bears it.
    """
    manner = replace(_USUAL, way=way)

    async def one(agents: Agents, number: int) -> int:
        session = Session(poll_of(agents.addresses[number], agents.port, version, manner), KEYS)
        await session.open()
        await session.get(_SYSTEM)
        answers = Answers()
        for entry, width in TABLES.items():
            await _put(session, Table(entry, (1,), width), answers, rows)
        session.close()
        return sum(map(len, answers.columns.values()))

    return Walker(f"fosa, {way.value}" + (f", {rows} rows" if rows != ROWS else ""), devices, _in_this_process(one))


async def _put(session: Session, table: Table, answers: Answers, rows: int) -> None:
    def take(page: Page) -> None:
        answers.take(table, page)

    await session.walk(table.entry, rows, take)


def pysnmp(version: SnmpVersion, devices: int) -> Walker:
    """By its asyncio interface, without looking names up in MIBs; one engine for all, as its makers advise."""
    from pysnmp.hlapi.v3arch import asyncio as library  # type: ignore[import-untyped]  # pysnmp ships no types

    if version is SnmpVersion.V3:
        proof, cipher = library.USM_AUTH_HMAC96_SHA, library.USM_PRIV_CFB128_AES
        who = library.UsmUserData(USER, AUTH, PRIV, authProtocol=proof, privProtocol=cipher)
    else:
        who = library.CommunityData(COMMUNITY, mpModel=1)

    async def walked(agents: Agents, numbers: Sequence[int]) -> None:
        engine = library.SnmpEngine()

        async def one(number: int) -> int:
            place = (str(agents.addresses[number]), agents.port)
            there = await library.UdpTransportTarget.create(place, timeout=10, retries=1)
            found = 0
            for entry in TABLES:
                name = library.ObjectType(library.ObjectIdentity(entry))
                context, manner = library.ContextData(), {"lookupMib": False, "lexicographicMode": False}
                async for failed, refused, _at, rows in library.bulk_walk_cmd(
                    engine, who, there, context, 0, ROWS, name, **manner
                ):
                    assert not failed, failed
                    assert not refused, refused
                    found += len(rows)
            return found

        await _all(one, numbers)
        engine.close_dispatcher()

    return Walker("pysnmp", devices, _in_this_process_together(walked))


def _in_this_process(one: Callable[[Agents, int], Awaitable[int]]) -> Callable[[Agents, int], Run]:
    async def walked(agents: Agents, numbers: Sequence[int]) -> None:
        await _all(lambda number: one(agents, number), numbers)

    return _in_this_process_together(walked)


def _in_this_process_together(
    walked: Callable[[Agents, Sequence[int]], Awaitable[None]],
) -> Callable[[Agents, int], Run]:
    def run(agents: Agents, devices: int) -> Run:
        async def measured() -> Run:
            begun, cpu = time.perf_counter(), own_cpu_s()
            await walked(agents, range(devices))
            return Run(devices, time.perf_counter() - begun, own_cpu_s() - cpu)

        return asyncio.run(measured())

    return run


async def _all(one: Callable[[int], Awaitable[int]], numbers: Sequence[int]) -> None:
    slots = asyncio.Semaphore(_AT_ONCE)

    async def counted(number: int) -> None:
        async with slots:
            found = await one(number)
        assert found == CELLS, f"{found} cells of {CELLS}"

    async with asyncio.TaskGroup() as tasks:
        for number in numbers:
            tasks.create_task(counted(number))


def own_cpu_s() -> float:
    """User and system time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
