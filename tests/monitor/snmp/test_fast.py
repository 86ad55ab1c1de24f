"""The quick way finds what the public one finds, and is not gone where it is not known to."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace

import gufo.snmp._fast
import pytest

from monitor.errors import SilenceError
from monitor.snmp import fast
from monitor.snmp.expected import Manner, Way
from monitor.snmp.fast import Page
from monitor.snmp.poller import Poller
from monitor.snmp.session import Session
from monitor.snmp.values import Value
from tests.monitor.snmp.agent import GET_BULK, Agent, Request, serving
from tests.monitor.snmp.polls import KEYS, MANNER, expected, switch
from tests.monitor.snmp.ways import another_version

_ENTRY, _DESCR = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.2.2.1.2"


def walked(agent: Agent, oid: str, repetitions: int = 25, manner: Manner = MANNER) -> list[tuple[str, Value]]:
    """What a walk hands on."""
    found: list[tuple[str, Value]] = []

    async def run() -> None:
        async with serving(agent) as port:
            session = Session(expected(port, manner=manner), KEYS)
            await session.open()
            await session.walk(oid, repetitions, found.extend)

    asyncio.run(run())
    return found


@pytest.mark.parametrize("most", [1, 7, 1000])
@pytest.mark.parametrize("oid", ["1.3.6.1", _ENTRY, _DESCR, "1.3.6.1.2.1.33", "1.3.6.1.2.1.31"])
def test_both_ways_find_the_same(oid: str, most: int) -> None:
    agent, manner = Agent(switch(7), most=most), replace(MANNER, way=Way.PUBLIC)
    quick, quickly_asked = walked(agent, oid), [(one.repetitions, one.asked) for one in agent.asked]
    agent.asked.clear()
    assert walked(agent, oid, manner=manner) == quick
    assert [(one.repetitions, one.asked) for one in agent.asked] == quickly_asked
    assert bool(quick) == (oid != "1.3.6.1.2.1.33")


def test_pages_are_as_long_as_answers() -> None:
    pages: list[Page] = []

    async def run() -> None:
        async with serving(Agent(switch(24))) as port:
            session = Session(expected(port), KEYS)
            await session.open()
            await session.walk(_DESCR, 10, pages.append)

    asyncio.run(run())
    assert [len(page) for page in pages] == [10, 10, 4]


def test_what_takes_the_rows_may_end_the_walk() -> None:
    agent = Agent(switch(200))

    def take(_page: Page) -> None:
        raise LookupError("enough")

    async def run() -> None:
        async with serving(agent) as port:
            session = Session(expected(port), KEYS)
            await session.open()
            with pytest.raises(LookupError):
                await session.walk(_DESCR, 10, take)
            # The session is as good as before.
            found: list[tuple[str, Value]] = []
            await session.walk(f"{_DESCR}.7", 10, found.extend)
            assert not found

    asyncio.run(run())
    assert len(agent.asked) == 2


def test_silence_in_the_middle_of_a_walk_is_told() -> None:
    def twist(asked: Request, packet: bytes) -> list[bytes]:
        return [packet] if asked.asked[0][-1] < 20 else []

    with pytest.raises(SilenceError):
        walked(Agent(switch(60), twist=twist), _DESCR, 10, replace(MANNER, timeout_s=0.2))


def test_patience_is_for_one_answer_and_not_for_the_walk() -> None:
    """Ten answers, of which the first ones make no haste, take longer than one may."""

    def twist(asked: Request, packet: bytes) -> list[bytes]:
        time.sleep(0.08)
        return [packet]

    assert len(walked(Agent(switch(100), twist=twist), _DESCR, 10, replace(MANNER, timeout_s=0.6))) == 100


def test_who_wants_to_be_asked_slowly_is() -> None:
    """Only the public way keeps to a rate."""
    agent = Agent(switch(20))
    begun = time.monotonic()
    walked(agent, _DESCR, 5, replace(MANNER, rate=40.0))
    bulks = sum(one.kind == GET_BULK for one in agent.asked)
    assert bulks == 5
    assert time.monotonic() - begun >= (bulks - 1) / 40 * 0.9


def test_another_version_is_gone_the_public_way_and_told_of(caplog: pytest.LogCaptureFixture) -> None:
    agent = Agent(switch(4))

    async def run() -> None:
        async with serving(agent) as port:
            done = asyncio.Event()
            poller = Poller((expected(port),), KEYS, lambda _before, _now: done.set(), bool)
            task = asyncio.create_task(poller.run())
            async with asyncio.timeout(20):
                await done.wait()
            task.cancel()
            (polled,) = poller.polled()
            assert polled.figures is not None
            assert len(polled.figures.ports) == 4

    with another_version():
        asyncio.run(run())
    assert caplog.messages == [
        "tables are walked the public way, which takes the processor longer: "
        f"gufo-snmp 99.1.0 is not {fast.VERSION}, whose sockets are known"
    ]


@pytest.mark.parametrize(
    ("name", "stand_in", "told"),
    [
        ("SnmpV2cClientSocket", object, "TypeError"),
        ("GetIter", lambda oid, rows: (oid, rows), "TypeError"),
        ("GetIter", lambda oid, rows: _GET_ITER(oid, rows + 1), "its sockets answer"),
    ],
)
def test_sockets_that_have_changed_are_found_out(
    monkeypatch: pytest.MonkeyPatch, name: str, stand_in: object, told: str
) -> None:
    monkeypatch.setattr(gufo.snmp._fast, name, stand_in)
    fast.hindrance.cache_clear()
    try:
        assert (fast.hindrance() or "").startswith(told)
    finally:
        fast.hindrance.cache_clear()


_GET_ITER = gufo.snmp._fast.GetIter
