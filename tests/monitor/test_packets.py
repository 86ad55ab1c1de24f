"""The vici decoder reads what a real charon says, and refuses what none would."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vici.protocol import Message, Packet

from monitor.errors import NonsenseError
from monitor.packets import Kind, parse_message, parse_packet
from tests.monitor.replay import messages, packets

_NAMES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20)
_VALUES = st.binary(max_size=40)
_MESSAGES = st.recursive(
    st.dictionaries(_NAMES, _VALUES | st.lists(_VALUES, max_size=3), max_size=4),
    lambda inner: st.dictionaries(_NAMES, _VALUES | inner, max_size=4),
    max_leaves=12,
)


def test_reads_what_a_real_charon_lists() -> None:
    (name, sa), *_others = messages("before")
    assert name == "list-sa"
    assert list(sa) == ["k-b"]
    assert sa["k-b"]["state"] == b"ESTABLISHED"  # type: ignore[call-overload]


def test_tells_kinds_apart() -> None:
    kinds = [parse_packet(packet[4:])[0] for packet in packets("begin")]
    assert kinds == [Kind.CMD_RESPONSE, *[Kind.EVENT_CONFIRM] * 5]


@given(_MESSAGES)
def test_reads_every_message_the_client_library_writes(message: dict[str, object]) -> None:
    assert _plain(parse_message(Message.serialize(message))) == message


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_nonsense(data: bytes) -> None:
    for parse in (parse_message, parse_packet):
        with contextlib.suppress(NonsenseError):
            parse(data)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_message_cut_short_is_nonsense(cut: int) -> None:
    whole = Message.serialize({"k-b": {"state": b"ESTABLISHED", "networks": [b"10.64.0.0/16"], "version": b"2"}})
    with pytest.raises(NonsenseError):
        parse_message(whole[:-cut])


@pytest.mark.parametrize(
    "message",
    [
        b"\x00",
        b"\x02",
        b"\x06",
        b"\x03\x01a\x00\x01b\x03\x01a\x00\x01b",
        b"\x03\x02\x1b[\x00\x01b",
        b"\x04\x01a\x05\x00\x01b\x03",
        b"\x01\x01a" * 20 + b"\x02" * 20,
        b"".join(b"\x03\x04%04d\x00\x00" % n for n in range(5000)),
    ],
    ids=["unknown", "end", "list end", "twice", "escape", "list", "deep", "long"],
)
def test_what_charon_never_writes_is_nonsense(message: bytes) -> None:
    with pytest.raises(NonsenseError):
        parse_message(message)


def test_a_packet_of_unknown_kind_is_nonsense() -> None:
    for packet in (b"", b"\x08", b"\xff" * 10, bytes([7, 200, 65])):
        with pytest.raises(NonsenseError):
            parse_packet(packet)
    assert parse_packet(Packet.request("version"))[0] is Kind.CMD_REQUEST


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return list(value) if isinstance(value, tuple) else value
