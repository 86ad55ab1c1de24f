"""Reading an agent that answers well, badly, too much or never: bounded, with a cause, and nothing is made up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.errors import NonsenseError, SilenceError
from monitor.snmp import walk
from monitor.snmp.device import PolledDevice
from monitor.snmp.model import Figures, PortState
from monitor.snmp.values import Table
from tests.monitor.snmp.agent import (
    GET,
    GET_BULK,
    Agent,
    Counter,
    Raw,
    Request,
    Ticks,
    answer,
    key_of,
    serving,
)
from tests.monitor.snmp.polls import KEYS, MANNER, expected, switch

pytestmark = pytest.mark.usefixtures("both_ways")

_ENTRY, _WIDE = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
_DESCR = f"{_ENTRY}.2"


def read(agent: Agent, polls: int = 1, change: Callable[[Agent], None] = lambda _agent: None) -> list[Figures]:
    """What so many polls of an agent find; `change` comes before the last."""

    async def run() -> list[Figures]:
        async with serving(agent) as port:
            device, found = PolledDevice(expected(port), KEYS), []
            for n in range(polls):
                if n == polls - 1:
                    change(agent)
                found.append(await device.read())
            return found

    return asyncio.run(run())


def causes(figures: Figures) -> list[str]:
    return [str(cause) for cause in figures.partial]


def test_a_switch_is_read_whole() -> None:
    (figures,) = read(Agent(switch(24)))
    assert (figures.vendor, figures.model, figures.firmware) == ("Cisco", "C2960X", "15.0(2a)EX5")
    assert (len(figures.ports), figures.uptime_s, figures.name) == (24, 1000.0, "sw-b-1")
    first = figures.ports[0]
    assert (first.name, first.title, first.speed_bps, first.enabled) == ("Gi1/0/1", "desk 1", 10**9, True)
    assert (first.state, figures.ports[1].state) == (PortState.UP, PortState.DOWN)
    assert first.counters is not None
    assert (first.counters.in_bytes, first.counters.in_errors) == (10**10, 1)
    assert not figures.partial


def test_later_polls_ask_for_what_changes_alone() -> None:
    agent = Agent(switch(24))
    before = []
    read(agent, 2, lambda agent: before.append(len(agent.asked)))
    assert len(agent.asked) - before[0] < before[0] / 2


def test_a_thousand_ports_are_read() -> None:
    agent = Agent(switch(1000))
    (figures,) = read(agent)
    assert [port.index for port in figures.ports] == list(range(1, 1001))
    assert not figures.partial
    assert max(asked.repetitions for asked in agent.asked) <= MANNER.most_repetitions


def test_more_is_asked_for_at_once_of_an_agent_that_bears_it() -> None:
    agent = Agent(switch(200))
    before = []
    read(agent, 4, lambda agent: before.append(len(agent.asked)))
    last = agent.asked[before[0] :]
    assert max(asked.repetitions for asked in last) > MANNER.repetitions


def test_a_column_that_is_missing_makes_no_agent_slow() -> None:
    """What an agent does not have comes back empty however little it is asked for."""
    missing = (f"{_ENTRY}.13.", f"{_ENTRY}.19.")
    agent = Agent({oid: value for oid, value in switch(200).items() if not oid.startswith(missing)})
    before = []
    _first, second = read(agent, 2, lambda agent: before.append(len(agent.asked)))
    later = agent.asked[before[0] :]
    assert len(second.ports) == 200
    assert max(asked.repetitions for asked in later) > MANNER.repetitions
    assert all(asked.kind in (GET, GET_BULK) for asked in later), "nothing is asked for row by row"
    gone = [key_of(oid.rstrip(".")) for oid in missing]
    assert not [asked for asked in later if asked.asked[0] in gone], "nor is what it has not asked for again"


def test_a_table_that_was_empty_for_a_while_is_read_again() -> None:
    full, wide = switch(24), key_of(_WIDE)
    empty = {oid: value for oid, value in full.items() if not oid.startswith(f"{_WIDE}.")}

    async def run() -> list[bool]:
        agent, asked = Agent(full), []
        async with serving(agent) as port:
            device = PolledDevice(expected(port), KEYS)
            for table in (full, empty, full):
                agent.become(table)
                agent.asked.clear()
                await device.read()
                asked.append(any(one.asked[0][: len(wide)] == wide for one in agent.asked))
        return asked

    assert all(asyncio.run(run()))


@pytest.mark.parametrize("most", [0, 3, 10])
def test_an_agent_that_finds_answers_too_big_is_asked_for_less(most: int) -> None:
    figures, again = read(Agent(switch(24), too_big=most), 2)
    assert len(figures.ports) == len(again.ports) == 24
    assert again.ports[23].counters is not None
    assert figures.partial == again.partial == ()


def test_an_agent_that_shortens_its_answers_is_read_whole() -> None:
    (figures,) = read(Agent(switch(24), most=3))
    assert len(figures.ports) == 24


def test_texts_that_do_not_fit_into_a_packet_are_asked_for_in_smaller_lots() -> None:
    (figures,) = read(Agent(switch(24, names={n: f"{n} " + "x" * 400 for n in range(1, 25)})))
    assert len({port.name for port in figures.ports}) == 24
    assert all(len(port.name) <= 64 for port in figures.ports)
    assert not figures.partial


def test_a_table_that_leads_in_a_circle_is_ended_with_a_cause() -> None:
    loop = [(key_of(f"{_DESCR}.{n}"), b"\x04\x01x") for n in (5, 9)]

    def twist(asked: Request, packet: bytes) -> list[bytes]:
        inside = asked.kind == GET_BULK and asked.asked[0][: len(key_of(_DESCR))] == key_of(_DESCR)
        return [answer(asked.number, loop)] if inside else [packet]

    agent = Agent(switch(4), twist=twist)
    before = []
    first, second = read(agent, 2, lambda agent: before.append(len(agent.asked)))
    assert [cause for cause in causes(first) if "leads in a circle" in cause]
    assert causes(second) == causes(first), "it is said as long as it is so"
    assert len(agent.asked) < 300
    assert not [asked for asked in agent.asked[before[0] :] if asked.asked[0] == key_of(_DESCR)], "and not tried again"


def test_a_table_without_an_end_is_ended_with_a_cause() -> None:
    def twist(asked: Request, packet: bytes) -> list[bytes]:
        key = asked.asked[0]
        if asked.kind != GET_BULK or key[: len(key_of(_DESCR))] != key_of(_DESCR):
            return [packet]
        first = key[-1] + 1 if len(key) > len(key_of(_DESCR)) else 1
        rows = range(first, first + asked.repetitions)
        return [answer(asked.number, [((*key_of(_DESCR), n), b"\x04\x01x") for n in rows])]

    agent = Agent(switch(4), twist=twist)
    (figures,) = read(agent)
    assert [cause for cause in causes(figures) if "longer than is read" in cause]
    assert len(agent.asked) < walk.ROWS / 20 + 300


def test_control_characters_and_what_is_not_unicode_do_no_harm() -> None:
    names = {1: "a\x1b[31m\r\nb", 2: "\u202eevil", 3: "same", 4: "same", 5: ""}
    table = switch(6, names=names)
    table["1.3.6.1.2.1.31.1.1.1.1.6"] = b"\xff\xfe\x00caf\xe9"
    table["1.3.6.1.2.1.31.1.1.1.18.6"] = b"\x00" * 5000
    (figures,) = read(Agent(table))
    found = [port.name for port in figures.ports]
    assert found == ["a·[31m b", "·evil", "same", "same (2)", "if5", "ÿþ·café"]
    assert all(name.isprintable() for name in found)


def test_strangers_and_wrong_numbers_are_not_believed() -> None:
    """The socket is connected: nothing arrives from elsewhere; and a reply must carry the question's number."""

    def twist(asked: Request, packet: bytes) -> list[bytes]:
        lie = answer(asked.number + 1, [(key, b"\x04\x04lies") for key in asked.asked])
        foreign = answer(asked.number, [(key, b"\x04\x04lies") for key in asked.asked], community=b"other")
        return [b"", lie, foreign, packet] if asked.kind == GET else [lie, packet]

    (figures,) = read(Agent(switch(4), twist=twist))
    assert (figures.name, len(figures.ports)) == ("sw-b-1", 4)


@pytest.mark.parametrize(
    "packet", [b"\x30\x82\xff", b"\x30\x03\x02\x01", b"\x00", b"\xff" * 300, b"\x30\x80" * 100, b"\x30" * 1400]
)
def test_malformed_answers_are_an_error_of_ours(packet: bytes) -> None:
    with pytest.raises((NonsenseError, SilenceError)):
        read(Agent({}, twist=lambda _asked, _packet: [packet]))


def test_answers_that_turn_malformed_leave_what_was_read() -> None:
    def twist(asked: Request, packet: bytes) -> list[bytes]:
        column = key_of("1.3.6.1.2.1.2.2.1.8")
        return [packet[:-5]] if asked.asked[0][: len(column)] == column else [packet]

    (figures,) = read(Agent(switch(24), twist=twist))
    assert len(figures.ports) == 24
    assert all(port.state is PortState.UNKNOWN for port in figures.ports)
    assert [cause for cause in causes(figures) if "what SNMP does not know" in cause]


def test_an_agent_that_falls_silent_in_the_middle_is_let_be() -> None:
    def twist(asked: Request, packet: bytes) -> list[bytes]:
        return [packet] if asked.kind == GET else []

    async def run() -> Figures:
        async with serving(Agent(switch(24), twist=twist)) as port:
            return await PolledDevice(expected(port, manner=replace(MANNER, timeout_s=0.2)), KEYS).read()

    figures = asyncio.run(run())
    assert figures.name == "sw-b-1"
    assert [cause for cause in causes(figures) if "stopped answering" in cause]


def test_nobody_there_is_silence() -> None:
    async def run() -> None:
        poll = expected(9, manner=replace(MANNER, timeout_s=0.1))
        with pytest.raises(SilenceError):
            await PolledDevice(poll, KEYS).read()

    asyncio.run(run())


def test_a_lost_packet_is_asked_for_again() -> None:
    lost: set[int] = set()

    def twist(asked: Request, packet: bytes) -> list[bytes]:
        n = len(agent.asked)
        if n in {1, 9} and n not in lost:
            lost.add(n)
            return []
        return [packet]

    agent = Agent(switch(12), twist=twist)
    (figures,) = read(agent)
    assert (len(lost), len(figures.ports)) == (2, 12)
    assert not figures.partial


def test_a_restart_makes_everything_be_read_anew_and_counts_on() -> None:
    def restart(agent: Agent) -> None:
        moved = switch(4, uptime_s=20, octets=500, names={1: "Gi1/0/4", 2: "Gi1/0/1", 3: "Gi1/0/2", 4: "Gi1/0/3"})
        agent.become(moved)

    before, after = read(Agent(switch(4)), 2, restart)
    moved = {port.name: port for port in after.ports}
    assert {port.name: port.index for port in after.ports}["Gi1/0/1"] == 2
    counters = moved["Gi1/0/1"].counters
    assert counters is not None
    assert counters.in_bytes == 10**10 + 500
    assert moved["Gi1/0/1"].in_bps is None, "how long it took nobody knows"
    assert before.ports[0].index == 1


def test_a_table_that_changes_makes_the_names_be_read_anew() -> None:
    def grow(agent: Agent) -> None:
        agent.become(switch(6, uptime_s=1060))

    _before, after = read(Agent(switch(4)), 2, grow)
    assert [port.name for port in after.ports][-1] == "Gi1/0/6"


def test_an_agent_without_uptime_is_read_all_the_same() -> None:
    table = switch(2)
    del table["1.3.6.1.2.1.1.3.0"]
    (figures,) = read(Agent(table))
    assert (figures.uptime_s, len(figures.ports)) == (None, 2)


def test_an_agent_that_shows_nothing_is_no_error() -> None:
    agent = Agent({})
    (figures,) = read(agent)
    assert figures == Figures()
    assert len(agent.asked) < 60


def test_values_of_a_wrong_kind_are_no_values() -> None:
    table = switch(2)
    table["1.3.6.1.2.1.1.3.0"] = "yesterday"
    table["1.3.6.1.2.1.2.2.1.8.1"] = Raw(b"\x05\x00")
    table["1.3.6.1.2.1.31.1.1.1.6.1"] = -5
    table["1.3.6.1.2.1.2.2.1.14.2"] = Ticks(3)
    table["1.3.6.1.2.1.2.2.1.10.1"] = Counter(77)
    (figures,) = read(Agent(table))
    assert figures.uptime_s is None
    assert figures.ports[0].state is PortState.UNKNOWN
    assert figures.ports[0].counters is not None
    assert figures.ports[0].counters.in_bytes == 77, "the counter of 32 bits, where that of 64 is none"


def test_a_column_names_itself() -> None:
    assert Table("1.3.6", (1, 2), 2).column(2) == "1.3.6.2"
