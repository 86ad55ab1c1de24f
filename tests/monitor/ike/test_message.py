"""First messages read back by another reader, and answers of every kind, whole and broken."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.contrib.ikev2 import IKEv2, IKEv2_KE, IKEv2_Transform
from scapy.layers.isakmp import ISAKMP, ISAKMP_payload_SA
from scapy.packet import Packet

from monitor.errors import NonsenseError
from monitor.ike.algorithms import group_name, named, transforms
from monitor.ike.answer import Agreed, Answer, Asked, Refused, Wanted, parse
from monitor.ike.message import Query, aggressive_mode, main_mode, sa_init

SPI = bytes(range(1, 9))
STRONG = "aes256gcm16-prfsha384-ecp384"


def _query() -> Query:
    proposal = transforms(STRONG)
    assert proposal is not None
    return sa_init(SPI, os.urandom(288), (proposal,))


def _answer(payload: int, body: bytes, exchange: int = 34, version: int = 0x20) -> bytes:
    part = struct.pack("!BBH", 0, 0, 4 + len(body)) + body
    head = struct.pack("!8s8sBBBBII", SPI, b"r" * 8, payload, version, exchange, 0x20, 0, 28 + len(part))
    return head + part


def _notify(number: int, data: bytes = b"") -> bytes:
    return _answer(41, struct.pack("!BBH", 0, 0, number) + data)


@pytest.mark.parametrize(
    "proposal",
    [STRONG, "aes128-sha256-prfsha256-modp2048", "3des-sha1-modp1024", "chacha20poly1305-prfsha256-ecp256bp"],
)
def test_a_proposal_goes_into_numbers_and_back(proposal: str) -> None:
    found = transforms(proposal)
    assert found is not None
    assert {*proposal.split("-")} <= {*named(found).split("-")}


def test_an_unknown_word_has_no_number() -> None:
    assert transforms("aes256gcm16-prfsha384-kyber9") is None
    assert group_name(77) == "77"


def test_another_reader_finds_the_keyed_algorithms_and_a_value_of_a_group_not_offered() -> None:
    seen = IKEv2(_query().message)
    found = {(t.transform_type, t.transform_id): t.key_length for t in _each(seen, IKEv2_Transform)}
    assert {kind for kind, _number in found} == {1, 2, 4}
    assert found[1, 20] == 256
    assert seen[IKEv2_KE].group == 31
    assert bytes(seen) == _query().message[:28] + bytes(seen)[28:]


def test_another_reader_finds_the_offers_of_the_old_modes() -> None:
    for query, kind in ((main_mode(SPI), 2), (aggressive_mode(SPI, os.urandom(288)), 4)):
        seen = ISAKMP(query.message)
        assert (seen.version, seen.exch_type) == (0x10, kind)
        assert seen.haslayer(ISAKMP_payload_SA)


@pytest.mark.parametrize(
    ("datagram", "answer"),
    [
        (_notify(17, struct.pack("!H", 20)), Wanted(20)),
        (_notify(14), Refused("NO_PROPOSAL_CHOSEN")),
        (_notify(9999), Refused("notification 9999")),
        (_notify(16390, b"x" * 20), Asked(b"x" * 20)),
        (_answer(11, struct.pack("!IBBH", 1, 1, 0, 14), 5, 0x10), Refused("NO_PROPOSAL_CHOSEN")),
        (_answer(1, bytes(8), 2, 0x10), Agreed(())),
    ],
)
def test_an_answer_is_understood(datagram: bytes, answer: Answer) -> None:
    assert parse(datagram, _query()) == answer


def test_the_chosen_algorithms_are_read() -> None:
    proposal = transforms("aes256-sha1-modp1024")
    assert proposal is not None
    asked = sa_init(SPI, os.urandom(288), (proposal,)).message
    body = asked[32 : 28 + struct.unpack_from("!H", asked, 30)[0]]
    found = parse(_answer(33, body), _query())
    assert isinstance(found, Agreed)
    assert named(found.chosen) == "aes256-sha1-prfsha1-modp1024"


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        bytes(28),
        _notify(17),
        _notify(16390),
        _answer(33, bytes(3)),
        _notify(14)[:-1],
        _answer(41, b""),
        b"x" * 9000,
    ],
)
def test_what_answers_nothing_is_nonsense(datagram: bytes) -> None:
    with pytest.raises(NonsenseError):
        parse(datagram, _query())


@given(st.binary(max_size=200), st.integers(0, 255), st.sampled_from([0x10, 0x20]))
def test_no_bytes_do_harm(body: bytes, payload: int, version: int) -> None:
    for datagram in (body, _answer(payload, body, 34, version), _answer(payload, body, 2, version)):
        try:
            answer = parse(datagram, _query())
        except NonsenseError:
            continue
        assert isinstance(answer, Agreed | Wanted | Asked | Refused)


def _each(packet: Packet, kind: type[Packet]) -> list[Packet]:
    found, at = [], 1
    while (layer := packet.getlayer(kind, at)) is not None:
        found.append(layer)
        at += 1
    return found
