"""Echo requests as bytes: only the very answer to our own question counts."""

from ipaddress import IPv4Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.echo.packet import TOKEN_BYTES, Reply, checksum, reply, request

_TOKEN = bytes(range(TOKEN_BYTES))
_HEADER = bytes.fromhex("4500002c000000003f010000") + bytes([10, 64, 16, 1]) + bytes([10, 64, 0, 10])


def _answer(identifier: int = 7, sequence: int = 3, token: bytes = _TOKEN) -> bytes:
    """The reply to a request, as a raw socket gives it."""
    body = b"\x00\x00\x00\x00" + request(identifier, sequence, token)[4:]
    return _HEADER + body[:2] + checksum(body).to_bytes(2, "big") + body[4:]


def test_a_reply_is_read_as_it_came() -> None:
    assert reply(_answer()) == Reply(IPv4Address("10.64.16.1").packed, 7, 3, _TOKEN, 63)


def test_a_request_carries_its_own_checksum() -> None:
    assert request(1, 2, _TOKEN)[:2] == b"\x08\x00"
    assert checksum(request(1, 2, _TOKEN)) == 0
    assert checksum(request(1, 2, b"odd")) == 0


def test_the_checksum_is_the_one_of_the_standard() -> None:
    """The example of RFC 1071, section 3."""
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0xFFFF - 0xDDF2


@given(st.binary(max_size=60))
@example(b"")
@example(b"\0\0")
@example(b"\xff\xff")
def test_a_checksum_is_the_sum_of_words_with_their_carries(data: bytes) -> None:
    total = sum(word << 8 * (at % 2 == 0) for at, word in enumerate(data))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    assert checksum(data) == 0xFFFF - total


@given(st.binary(max_size=60))
def test_any_bytes_are_a_reply_or_nothing(packet: bytes) -> None:
    assert reply(packet) is None or packet[0] >> 4 == 4


@given(st.integers(0, len(_answer()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    packet = bytearray(_answer())
    packet[place] ^= change
    found = reply(bytes(packet))
    # Only what a header says of itself may differ: nothing sums that up.
    assert found is None or (found.identifier, found.sequence, found.token) == (7, 3, _TOKEN)


@pytest.mark.parametrize(
    "packet",
    [b"", _answer()[:27], _HEADER + request(7, 3, _TOKEN), b"\x60" + _answer()[1:], b"\x4f" + _answer()[1:]],
    ids=["empty", "short", "a request", "IPv6", "options that are not there"],
)
def test_anything_else_is_no_reply(packet: bytes) -> None:
    assert reply(packet) is None
