"""Polling in rounds: states with their causes, events, back-off, and who tells something by himself."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest

from inventory.model import SnmpVersion
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.results import Event, State
from monitor.snmp.expected import Credential, ExpectedPoll
from monitor.snmp.model import Polled
from monitor.snmp.notices import Notice, NoticeKind
from monitor.snmp.poller import Poller
from monitor.snmp.polling import Polling, Told, Wanted
from monitor.snmp.session import Keyring
from tests.monitor.snmp.agent import Agent, serving
from tests.monitor.snmp.polls import KEYS, MANNER, expected, switch

_QUICK = replace(MANNER, period_s=0.4, timeout_s=0.2)
_LIMIT_S = 20.0


class Seen:
    """What was told, with a way to wait for more."""

    def __init__(self) -> None:
        self.polled: list[Polled] = []
        self.events: list[Event] = []

    @property
    def told(self) -> Told:
        return Told(self.polled.append, self.events.extend)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(_LIMIT_S):
            while not condition():
                await asyncio.sleep(0.01)

    def newest(self, device: str) -> Polled:
        return [polled for polled in self.polled if polled.device == device][-1]


async def running(seen: Seen, wanted: Wanted, works: Callable[[str], bool] = lambda _name: True) -> asyncio.Task[None]:
    return asyncio.create_task(Polling(wanted, seen.told, works).run())


def wanted(*polls: ExpectedPoll, keys: Keyring = KEYS) -> Wanted:
    return Wanted(polls, keys.secrets, traps=False)


def polled_once(poll: ExpectedPoll, *, keys: Keyring = KEYS, works: bool = True) -> Polled:
    async def run() -> Polled:
        seen = Seen()
        task = await running(seen, wanted(poll, keys=keys), lambda _name: works)
        await seen.until(lambda: bool(seen.polled))
        task.cancel()
        return seen.polled[0]

    return asyncio.run(run())


def test_a_device_that_answers_is_up_with_its_figures() -> None:
    async def run() -> tuple[Polled, list[Event]]:
        seen = Seen()
        async with serving(Agent(switch(4))) as port:
            task = await running(seen, wanted(expected(port)))
            await seen.until(lambda: bool(seen.polled))
            task.cancel()
        return seen.polled[0], seen.events

    polled, events = asyncio.run(run())
    assert (polled.state, str(polled.cause), polled.problems) == (State.UP, "answers", ())
    assert polled.figures is not None
    assert polled.seconds is not None
    assert [(event.subject, event.before, event.after) for event in events] == [
        ("device:sw-b-1", State.UNKNOWN, State.UP)
    ]


def test_a_gateways_polls_do_not_speak_for_the_gateway() -> None:
    async def run() -> list[Event]:
        seen = Seen()
        async with serving(Agent(switch(1))) as port:
            task = await running(seen, replace(wanted(expected(port)), followed=("sw-b-1",)))
            await seen.until(lambda: bool(seen.events))
            task.cancel()
        return seen.events

    assert asyncio.run(run())[0].subject == "snmp:sw-b-1"


def test_a_device_with_a_fault_is_degraded() -> None:
    table = switch(2) | {"1.3.6.1.2.1.33.1.4.1.0": 5}

    async def run() -> Polled:
        seen = Seen()
        async with serving(Agent(table)) as port:
            task = await running(seen, wanted(expected(port)))
            await seen.until(lambda: bool(seen.polled))
            task.cancel()
        return seen.polled[0]

    polled = asyncio.run(run())
    assert (polled.state, str(polled.cause)) == (State.DEGRADED, "runs on battery")


def test_a_device_that_does_not_answer_is_down() -> None:
    polled = polled_once(expected(9, manner=_QUICK))
    assert (polled.state, str(polled.cause), polled.figures) == (State.DOWN, "no answer", None)


def test_behind_a_tunnel_that_does_not_work_nobody_can_tell() -> None:
    polled = polled_once(expected(9, manner=_QUICK, through="k-b"), works=False)
    assert (polled.state, str(polled.cause)) == (State.UNKNOWN, "no answer; tunnel k-b leads to it")


def test_one_asked_before_its_tunnel_was_back_is_asked_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.snmp.poller._AGAIN_S", 0.05)
    back = iter((False,))

    async def run() -> list[State]:
        seen = Seen()
        poll = expected(9, manner=replace(_QUICK, period_s=600.0), through="k-b")
        task = await running(seen, wanted(poll), lambda _name: next(back, True))
        await seen.until(lambda: len(seen.polled) == 2)
        task.cancel()
        return [polled.state for polled in seen.polled]

    assert asyncio.run(run()) == [State.UNKNOWN, State.DOWN]


def test_a_secret_that_cannot_be_read_is_said() -> None:
    polled = polled_once(expected(9), keys=Keyring({}))
    assert (polled.state, str(polled.cause)) == (
        State.UNKNOWN,
        "the secret file:community could not be read",
    )
    assert polled.at is None


def test_a_hindrance_of_the_inventory_is_said_and_nobody_asked() -> None:
    cause = say(N_("not asked yet"))
    agent = Agent(switch(1))

    async def run() -> Polled:
        seen = Seen()
        async with serving(agent) as port:
            task = await running(seen, wanted(expected(port, hindrance=cause)))
            await seen.until(lambda: bool(seen.polled))
            task.cancel()
        return seen.polled[0]

    assert asyncio.run(run()).state is State.UNKNOWN
    assert agent.asked == []


def test_a_device_that_answers_nonsense_is_unknown() -> None:
    async def run() -> Polled:
        seen = Seen()
        async with serving(Agent({}, twist=lambda _asked, _packet: [b"\x30\x03\x02\x01\x01"])) as port:
            task = await running(seen, wanted(expected(port, manner=_QUICK)))
            await seen.until(lambda: bool(seen.polled))
            task.cancel()
        return seen.polled[0]

    polled = asyncio.run(run())
    assert (polled.state, str(polled.cause)) == (State.UNKNOWN, "it answers what SNMP does not know")


def test_a_device_that_dies_and_comes_back_is_seen_to() -> None:
    dead = False
    agent = Agent(switch(2), twist=lambda _asked, packet: [] if dead else [packet])

    async def run() -> list[State]:
        nonlocal dead
        seen = Seen()
        async with serving(agent) as port:
            poller = Poller((expected(port, manner=_QUICK),), KEYS, lambda _b, now: seen.polled.append(now), bool)
            task = asyncio.create_task(poller.run())
            await seen.until(lambda: bool(seen.polled))
            dead = True
            poller.poke("sw-b-1")
            await seen.until(lambda: seen.polled[-1].state is State.DOWN)
            dead = False
            poller.poke("sw-b-1")
            await seen.until(lambda: seen.polled[-1].state is State.UP)
            assert poller.polled() == (seen.polled[-1],)
            task.cancel()
        return [polled.state for polled in seen.polled]

    states = asyncio.run(run())
    assert states[0] is State.UP
    assert State.DOWN in states


def test_many_devices_are_polled_side_by_side() -> None:
    async def run() -> Seen:
        seen = Seen()
        async with serving(Agent(switch(4))) as port:
            polls = [expected(port, device=f"sw-{n}") for n in range(60)]
            task = await running(seen, wanted(*polls))
            await seen.until(lambda: len(seen.polled) == 60)
            task.cancel()
        return seen

    seen = asyncio.run(run())
    assert {polled.state for polled in seen.polled} == {State.UP}
    assert len({polled.device for polled in seen.polled}) == 60


def test_one_device_that_hangs_does_not_hold_up_the_others() -> None:
    async def run() -> Seen:
        seen = Seen()
        hanging = Agent({}, twist=lambda _asked, _packet: [])
        async with serving(Agent(switch(4))) as port, serving(hanging) as nowhere:
            slow = replace(MANNER, timeout_s=_LIMIT_S)
            task = await running(seen, wanted(expected(nowhere, manner=slow, device="dead"), expected(port)))
            await seen.until(lambda: bool(seen.polled))
            task.cancel()
        return seen

    assert [polled.device for polled in asyncio.run(run()).polled] == ["sw-b-1"]


# ---- What devices tell by themselves ---------------------------------------------------------------------------------


def test_a_notice_becomes_an_event_with_the_name_of_the_port() -> None:
    async def run() -> list[Event]:
        seen = Seen()
        async with serving(Agent(switch(4))) as port:
            polling = Polling(wanted(expected(port)), seen.told, lambda _name: True)
            task = asyncio.create_task(polling.run())
            await seen.until(lambda: bool(seen.polled))
            for notice in (
                Notice(NoticeKind.LINK_DOWN, 3),
                Notice(NoticeKind.LINK_UP, 99),
                Notice(NoticeKind.COLD_START),
                Notice(NoticeKind.AUTHENTICATION_FAILURE),
                Notice(NoticeKind.OTHER),
            ):
                polling._noticed("sw-b-1", notice)
            task.cancel()
        return seen.events[1:]

    events = asyncio.run(run())
    assert [str(event.cause) for event in events] == [
        "tells: port Gi1/0/3 is down",
        "tells: port 99 is up",
        "tells: it has been started",
        "tells: somebody asked who could not prove himself",
    ]
    assert {(event.subject, event.before, event.after) for event in events} == {("device:sw-b-1", State.UP, State.UP)}


def test_strangers_are_counted_and_malformed_packets_refused() -> None:
    async def run() -> tuple[int, int, int]:
        seen = Seen()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("0.0.0.0", 0))
            port = free.getsockname()[1]
        credential = Credential(SnmpVersion.V2C, community="file:community")
        polls = (expected(9, credential, manner=_QUICK),)
        polling = Polling(Wanted(polls, KEYS.secrets, port=port), seen.told, lambda _name: True)
        polling.prepare()
        task = asyncio.create_task(polling.run())
        for address, packet in (("127.0.0.1", b"\x30\x00"), ("127.0.0.1", b"\xff" * 9000), ("127.0.0.2", b"hello")):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
                sending.bind((address, 0))
                sending.sendto(packet, ("127.0.0.1", port))
        await seen.until(lambda: polling.counts.refused == 2 and polling.counts.strangers == 1)
        task.cancel()
        return polling.counts.refused, polling.counts.strangers, polling.counts.taken

    assert asyncio.run(run()) == (2, 1, 0)


def test_a_device_that_floods_is_let_talk() -> None:
    async def run() -> int:
        seen = Seen()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("0.0.0.0", 0))
            port = free.getsockname()[1]
        polls = (expected(9, manner=_QUICK),)
        polling = Polling(Wanted(polls, KEYS.secrets, port=port), seen.told, lambda _name: True)
        task = asyncio.create_task(polling.run())
        await asyncio.sleep(0.05)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            for _n in range(150):
                sending.sendto(b"\x30\x00", ("127.0.0.1", port))
        await seen.until(lambda: polling.counts.dropped >= 50)
        task.cancel()
        return polling.counts.taken

    assert asyncio.run(run()) == 0
