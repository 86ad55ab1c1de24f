"""Names of platforms: what a resolver answers, held against what is pinned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from ipaddress import IPv4Address
from pathlib import Path

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.message import Message
from hypothesis import given
from hypothesis import strategies as st

from monitor.probes import dns as probe
from monitor.probes.base import Outcome, Pace
from monitor.results import State
from tests.inventory.offices import broken, office_in
from tests.monitor.probes.listeners import LOOPBACK, Answers, answered, asked, speaking, telling

HOST = "ws.platform.example"
PINNED = "192.0.2.80"
Zone = Callable[[Message], None]


def name(port: int, *pinned: str, allowed: bool = True) -> probe.Name:
    return probe.Name(
        name="x",
        subject="channel:csizs",
        where="it",
        pace=Pace(60, 5),
        host=HOST,
        resolver=LOOPBACK,
        pinned=frozenset(map(IPv4Address, pinned)),
        allowed=allowed,
        port=port,
    )


def leads_to(*addresses: str, ttl: int = 300) -> Zone:
    def fill(answer: Message) -> None:
        answer.answer.append(dns.rrset.from_text(HOST + ".", ttl, "IN", "A", *addresses))

    return fill


def fails(code: dns.rcode.Rcode) -> Zone:
    return lambda answer: answer.set_rcode(code)


def aliased(answer: Message) -> None:
    answer.answer.append(dns.rrset.from_text(HOST + ".", 20, "IN", "CNAME", "far.example."))
    answer.answer.append(dns.rrset.from_text("far.example.", 300, "IN", "A", PINNED))
    answer.flags |= dns.flags.AD


def circular(answer: Message) -> None:
    answer.answer.append(dns.rrset.from_text(HOST + ".", 20, "IN", "CNAME", HOST + "."))


def resolver(zone: Zone) -> Answers:
    def answers(data: bytes) -> list[bytes]:
        answer = dns.message.make_response(dns.message.from_wire(data))
        zone(answer)
        return [answer.to_wire()]

    return answers


def told(answers: Answers, *pinned: str) -> Outcome:
    async def ask() -> Outcome:
        async with telling(answers) as port:
            return await answered(probe.PROBE, name(port, *pinned))

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("zone", "pinned", "state", "cause"),
    [
        (leads_to(PINNED), [PINNED], State.UP, "leads to the pinned addresses"),
        (aliased, [PINNED], State.UP, "leads to the pinned addresses"),
        (leads_to("192.0.2.81", PINNED), [PINNED], State.DEGRADED,
         "leads to 192.0.2.80, 192.0.2.81; the firewalls let 192.0.2.80 through"),
        (leads_to(PINNED), [], State.UP, "leads somewhere; the inventory pins no address to hold it against"),
        (leads_to("10.1.2.3"), [PINNED], State.DOWN, "leads to 10.1.2.3, which is no public address"),
        (leads_to("127.0.0.1"), [], State.DOWN, "leads to 127.0.0.1, which is no public address"),
        (leads_to("10.1.2.3"), ["10.1.2.3"], State.UP, "leads to the pinned addresses"),
        (fails(dns.rcode.NXDOMAIN), [PINNED], State.DOWN, "the resolver says that there is no such name"),
        (fails(dns.rcode.SERVFAIL), [PINNED], State.DOWN, "the resolver gives no address: SERVFAIL"),
        (fails(dns.rcode.REFUSED), [PINNED], State.DOWN, "the resolver gives no address: REFUSED"),
        (lambda _answer: None, [PINNED], State.DOWN, "the resolver gives no address: NODATA"),
        (circular, [PINNED], State.DOWN, "the resolver gives no address: a chain of names without an end"),
    ],
)  # fmt: skip
def test_what_a_resolver_says_is_held_against_what_is_pinned(
    zone: Zone, pinned: list[str], state: State, cause: str
) -> None:
    outcome = told(resolver(zone), *pinned)
    assert (outcome.state, str(outcome.cause)) == (state, cause)


def test_how_long_an_answer_holds_and_whether_it_was_checked_is_measured() -> None:
    measured = {one.name: one.value for one in told(resolver(aliased), PINNED).measured}
    assert measured == {"ttl_seconds": 20.0, "authentic": 1.0}
    plain = {one.name: one.value for one in told(resolver(leads_to(PINNED)), PINNED).measured}
    assert plain == {"ttl_seconds": 300.0, "authentic": 0.0}


def test_answers_to_other_questions_are_passed_over() -> None:
    def answers(data: bytes) -> list[bytes]:
        sound = resolver(leads_to(PINNED))(data)
        other = dns.message.make_response(dns.message.make_query("other.example.", "A"))
        other.id = dns.message.from_wire(data).id
        forged = resolver(leads_to("198.51.100.1"))(data)[0]
        return [bytes([forged[0] ^ 1]) + forged[1:], b"", other.to_wire(), data, *sound]

    assert told(answers, PINNED).state is State.UP


def test_only_wrong_answers_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_PATIENCE_S", 0.3)
    outcome = told(lambda data: [data, b"\0" * 12], PINNED)
    assert (outcome.state, str(outcome.cause)) == (
        State.DOWN,
        "what came from there is no answer to the question; datagrams: 2",
    )
    silent = told(lambda _data: [], PINNED)
    assert str(silent.cause) == "no answer within 0.3 s"


@pytest.mark.parametrize(("cut", "state"), [(0, State.UP), (5, State.DOWN)])
def test_an_answer_too_long_for_a_datagram_is_had_over_tcp(cut: int, state: State) -> None:
    def truncated(answer: Message) -> None:
        answer.flags |= dns.flags.TC

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        (wire,) = resolver(leads_to(PINNED))(data)
        writer.write(len(wire).to_bytes(2, "big") + wire[: len(wire) - cut])
        await writer.drain()

    async def ask() -> Outcome:
        async with AsyncExitStack() as stack:
            port = await stack.enter_async_context(speaking(served))
            await stack.enter_async_context(telling(resolver(truncated), port))
            return await answered(probe.PROBE, name(port, PINNED))

    assert asyncio.run(ask()).state is state


def test_every_host_is_asked_of_every_resolver(tmp_path: Path) -> None:
    text = broken("time_sources: [192.0.2.1, 192.0.2.2]", "time_sources: [192.0.2.1, 192.0.2.2]\n  resolvers: "
                  "[10.8.0.53, 192.0.2.53]")  # fmt: skip
    targets = list(probe.PROBE.targets(office_in(tmp_path, text).require()))
    assert [(each.name, each.allowed, each.pace.own) for each in targets] == [
        ("csizs/csizs.example/10.8.0.53", True, True),  # beside the manager
        ("csizs/csizs.example/192.0.2.53", False, False),
    ]
    outcome = asked(probe.PROBE, targets[1])
    assert (outcome.state, str(outcome.cause)) == (
        State.UNKNOWN,
        "no flow lets the manager ask the resolver 192.0.2.53",
    )


QUERY = dns.message.make_query(HOST + ".", "A", id=7)
SOUND = resolver(leads_to(PINNED))(QUERY.to_wire())[0]


@given(st.binary(max_size=200))
def test_whatever_comes_is_an_answer_or_none(data: bytes) -> None:
    probe.parse(QUERY, data)


@given(st.integers(12, len(SOUND) - 1), st.binary(min_size=1, max_size=12))
def test_an_answer_with_anything_changed_is_judged_or_passed_over(at: int, change: bytes) -> None:
    said = probe.parse(QUERY, (SOUND[:at] + change + SOUND[at + len(change) :]))
    if said is not None:
        assert probe._judged(name(53, PINNED), probe._found(said))
