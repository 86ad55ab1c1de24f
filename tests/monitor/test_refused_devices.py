"""Bad answers of our own devices, of clocks and of resolvers: each is counted, none does harm."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import SnmpVersion
from monitor.errors import Flaw, NonsenseError, SilenceError
from monitor.ike.answer import ANSWER_BYTES
from monitor.ike.message import Query, main_mode
from monitor.ike.talk import Talk
from monitor.links import lines, parse_line
from monitor.probes import dns, ntp
from monitor.probes.base import Pace
from monitor.probes.duty import parse_asked
from monitor.refused import FLAWS, Protocol
from monitor.snmp.device import PolledDevice
from monitor.snmp.expected import Credential
from monitor.snmp.traps import Traps
from monitor.streams import Stream
from monitor.vici import Vici
from tests.monitor.probes.listeners import LOOPBACK, Answers, answered, telling
from tests.monitor.refusals import Case, grown
from tests.monitor.replay import Replay, framed
from tests.monitor.snmp.agent import GET_BULK, Agent, Request, answer, integer, key_of, serving, tlv
from tests.monitor.snmp.polls import KEYS, expected, switch
from tests.slots import free_port

_DESCR = "1.3.6.1.2.1.2.2.1.2"
_SPI = b"12345678"
_PACE = Pace(period_s=60, timeout_s=5)


def polled(twist: Callable[[Request, bytes], list[bytes]]) -> Case:
    async def run() -> None:
        async with serving(Agent(switch(2), twist=twist)) as port:
            with contextlib.suppress(NonsenseError, SilenceError):
                await PolledDevice(expected(port), KEYS).read()

    return lambda _folder: asyncio.run(run())


def lying() -> Callable[[Request, bytes], list[bytes]]:
    """The first question for many rows is answered with another one's number."""
    lies = [True]

    def twist(asked: Request, packet: bytes) -> list[bytes]:
        return [answer(asked.number + 1, ())] if asked.kind == GET_BULK and lies and lies.pop() else [packet]

    return twist


def in_the_names(rows: Callable[[int, int], Sequence[int]]) -> Case:
    """A device whose column of names has such rows, by the one that was asked for and how many were wanted."""
    column = key_of(_DESCR)

    def twist(asked: Request, packet: bytes) -> list[bytes]:
        key = asked.asked[0]
        if asked.kind != GET_BULK or key[: len(column)] != column:
            return [packet]
        found = rows(key[-1] if len(key) > len(column) else 0, asked.repetitions)
        return [answer(asked.number, [((*column, row), b"\x04\x01x") for row in found])]

    return polled(twist)


def trapped(*packets: bytes, source: str = "127.0.0.1", credential: Credential | None = None) -> Case:
    async def run() -> None:
        port = free_port()
        poll = expected(9) if credential is None else expected(9, credential)
        traps = Traps([poll], KEYS, lambda _device, _notice: None, port)
        traps.prepare()
        task = asyncio.create_task(traps.run())
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending:
            sending.bind((source, 0))
            for packet in packets:
                sending.sendto(packet, ("127.0.0.1", port))
        async with asyncio.timeout(20):
            while traps.counts.strangers + traps.counts.refused < len(packets):
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        traps.close()

    return lambda _folder: asyncio.run(run())


def notification(community: bytes) -> bytes:
    pdu = tlv(0xA7, integer(1) + integer(0) + integer(0) + tlv(0x30, b""))
    return tlv(0x30, integer(1) + tlv(4, community) + pdu)


def talked(*datagrams: bytes) -> Case:
    """An IKE responder that says this, and then what is an answer."""
    refusal = struct.pack("!8s8sBBBBIIBBHBBH", _SPI, bytes(8), 41, 0x20, 34, 0x20, 0, 36, 0, 0, 8, 0, 0, 14)

    async def run() -> None:
        async with telling(lambda _asked: [*datagrams, refusal]) as port:
            talk = await Talk.open(LOOPBACK, port)
            query: Query = main_mode(_SPI)
            assert await talk.answered(query) is not None
            talk.close()

    return lambda _folder: asyncio.run(run())


def flooded(_folder: Path) -> None:
    """More than a responder says, before anybody looks."""
    talk = Talk()
    for _n in range(40):
        talk.datagram_received(b"x", None)


def listed(answers: Replay) -> Case:
    async def run() -> None:
        vici = Vici(answers, lambda _name, _message: None)
        tasks = [asyncio.create_task(vici.pump()), asyncio.create_task(_twice(vici))]
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=20)
        assert [task for task in done if isinstance(task.exception(), NonsenseError)]
        for task in rest:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    return lambda _folder: asyncio.run(run())


async def _twice(vici: Vici) -> None:
    await vici.begin()
    await vici.list_sas()


def linked(line: bytes) -> Case:
    def read(_folder: Path) -> None:
        with pytest.raises(NonsenseError):
            parse_line(line)

    return read


class Endless:
    """A stream that never ends a line."""

    async def read(self, n: int) -> bytes:
        return b"x" * n

    async def write(self, data: bytes) -> None:
        raise AssertionError(data)


def without_an_end(_folder: Path) -> None:
    async def run(stream: Stream) -> None:
        async with contextlib.aclosing(lines(stream)) as told:
            with pytest.raises(NonsenseError):
                await anext(told)

    asyncio.run(run(Endless()))


def clocked(answers: Answers) -> Case:
    async def run() -> None:
        async with telling(answers) as port:
            clock = ntp.Clock(name="c", subject="s", where="w", pace=_PACE, address=LOOPBACK, title="c", port=port)
            await answered(ntp.PROBE, clock)

    return lambda _folder: asyncio.run(run())


def resolved(answers: Answers) -> Case:
    async def run() -> None:
        async with telling(answers) as port:
            name = dns.Name(
                name="n", subject="s", where="w", pace=_PACE, host="csizs.example", resolver=LOOPBACK,
                pinned=frozenset(), allowed=True, port=port,
            )  # fmt: skip
            await answered(dns.PROBE, name)

    return lambda _folder: asyncio.run(run())


def another_question(asked: bytes) -> list[bytes]:
    import dns.message

    reply = dns.message.make_response(dns.message.make_query("other.example.", "A", id=int.from_bytes(asked[:2])))
    return [reply.to_wire()] * 64


CASES: dict[tuple[Protocol, Flaw], Case] = {
    (Protocol.SNMP, Flaw.MALFORMED): polled(lambda _asked, _packet: [b"\x30\x82\xff"]),
    (Protocol.SNMP, Flaw.UNASKED): polled(lying()),
    (Protocol.SNMP, Flaw.ENDLESS): in_the_names(lambda _row, _wanted: (5, 9)),
    (Protocol.SNMP, Flaw.TOO_MUCH): in_the_names(lambda row, wanted: range(row + 1, row + 1 + wanted)),
    (Protocol.SNMP_TRAP, Flaw.MALFORMED): trapped(b"\x30\x00"),
    (Protocol.SNMP_TRAP, Flaw.STRANGER): trapped(b"hello", source="127.0.0.2"),
    (Protocol.SNMP_TRAP, Flaw.UNPROVEN): trapped(notification(b"guessed")),
    (Protocol.SNMP_TRAP, Flaw.TOO_MUCH): trapped(b"\xff" * 9000),
    (Protocol.IKE, Flaw.MALFORMED): talked(b"", _SPI + os.urandom(40)),
    (Protocol.IKE, Flaw.UNASKED): talked(bytes(28)),
    (Protocol.IKE, Flaw.TOO_MUCH): talked(bytes(ANSWER_BYTES + 1)),
    (Protocol.VICI, Flaw.MALFORMED): listed(Replay(framed(b"\x09"))),
    (Protocol.VICI, Flaw.UNASKED): listed(Replay(framed(b"\x01") + framed(b"\x01"))),
    (Protocol.VICI, Flaw.TOO_MUCH): listed(Replay.of(framed(b"\x07\x07list-sa") * 5000, piece=65536)),
    (Protocol.GATE, Flaw.MALFORMED): linked(b"no JSON"),
    (Protocol.GATE, Flaw.TOO_MUCH): without_an_end,
    (Protocol.NTP, Flaw.MALFORMED): clocked(lambda _asked: [b"?"] * 64),
    (Protocol.NTP, Flaw.UNASKED): clocked(lambda asked: [bytes([0x24]) + bytes(len(asked) - 1)] * 64),
    (Protocol.DNS, Flaw.MALFORMED): resolved(lambda _asked: [b"?"] * 64),
    (Protocol.DNS, Flaw.UNASKED): resolved(another_question),
}


@pytest.mark.parametrize(("protocol", "flaw"), CASES, ids=str)
def test_a_bad_answer_is_counted(tmp_path: Path, protocol: Protocol, flaw: Flaw) -> None:
    assert set(grown(CASES[protocol, flaw], tmp_path)) == {(protocol, flaw)}


def test_every_flaw_of_these_protocols_has_a_case() -> None:
    ours = {protocol for protocol, _flaw in CASES}
    assert set(CASES) == {(protocol, flaw) for protocol in ours for flaw in FLAWS[protocol]}


def test_more_datagrams_than_a_responder_says_are_not_kept() -> None:
    assert grown(flooded, Path()) == {(Protocol.IKE, Flaw.TOO_MUCH): 8}


def test_a_gate_that_tells_nonsense_of_who_was_answered_is_counted_and_one_that_refuses_is_not(tmp_path: Path) -> None:
    assert grown(lambda _folder: parse_asked(b'{"ok": true, "asked": 7}'), tmp_path) == {
        (Protocol.GATE, Flaw.MALFORMED): 1
    }
    assert grown(lambda _folder: parse_asked(b'{"ok": false}'), tmp_path) == {}


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=300))
def test_whatever_a_device_answers_is_refused(packet: bytes) -> None:
    found = grown(polled(lambda _asked, _packet: [packet]), Path())
    assert set(found) <= {(Protocol.SNMP, Flaw.MALFORMED)}


OLD = Credential(SnmpVersion.V2C, community="file:community")
USUAL = Credential(SnmpVersion.V3, user="fosa", auth="file:auth", priv="file:priv")
PACKETS = st.builds(bytes.__add__, st.sampled_from([b"", b"\x30\x40\x02\x01\x03"]), st.binary(min_size=1, max_size=300))


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([OLD, USUAL]), st.lists(PACKETS, min_size=20, max_size=50))
def test_whatever_comes_as_a_trap_is_refused(credential: Credential, packets: list[bytes]) -> None:
    found = grown(trapped(*packets, credential=credential), Path())
    assert set(found) <= {(Protocol.SNMP_TRAP, Flaw.MALFORMED), (Protocol.SNMP_TRAP, Flaw.UNPROVEN)}
    assert sum(found.values()) == len(packets)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_whatever_an_ike_responder_says_the_true_answer_is_heard(datagram: bytes) -> None:
    found = grown(talked(datagram, bytes(27)), Path())
    assert set(found) <= {(Protocol.IKE, Flaw.MALFORMED), (Protocol.IKE, Flaw.UNASKED)}
    assert sum(found.values()) >= 1


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=9, max_size=200))
def test_whatever_charon_answers_ends_the_conversation(said: bytes) -> None:
    found = grown(listed(Replay(framed(b"\x09" + said))), Path())
    assert found == {(Protocol.VICI, Flaw.MALFORMED): 1}
