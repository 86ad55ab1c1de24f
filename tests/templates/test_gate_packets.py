"""What of charon's control protocol is a question: everything else is refused before charon sees it."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vici.protocol import Message
from vici.protocol import Packet as ViciPacket

from templates.linux_gateway.gate.errors import GateError
from templates.linux_gateway.gate.packets import Cutter, allowed, framed, parse, plain, refusal

ORDERS = [
    *("terminate", "initiate", "install", "uninstall", "redirect", "rekey", "reload-settings", "load-conn"),
    *("unload-conn", "load-cert", "load-key", "unload-key", "load-token", "load-shared", "unload-shared"),
    *("clear-creds", "flush-certs", "load-authority", "unload-authority", "load-pool", "unload-pool"),
    *("reset-counters", "get-keys", "get-shared", "get-pools", "LIST-SAS", "list-sas2", "list-sas\0", "list"),
]


def asks(raw: bytes) -> bool:
    return allowed(parse(raw))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("version", {}),
        ("stats", {}),
        ("list-sas", {"noblock": "yes", "ike": "k-b"}),
        ("list-conns", {"ike": "k-b"}),
        ("list-policies", {"drop": "yes", "trap": "yes"}),
        ("list-certs", {"type": "X509", "flag": "NONE"}),
        ("list-authorities", {}),
        ("get-algorithms", {}),
        ("get-counters", {"all": "yes"}),
    ],
)
def test_a_question_passes(name: str, message: dict[str, str]) -> None:
    assert asks(ViciPacket.request(name, Message.serialize(message)))


@pytest.mark.parametrize("name", ORDERS)
def test_an_order_is_refused_in_the_protocol(name: str) -> None:
    raw = ViciPacket.request(name, Message.serialize({"ike": "k-b"}))
    assert not asks(raw)
    assert refusal(parse(raw)) == b"\0\0\0\1\2"


@pytest.mark.parametrize("name", ["log", "control-log", "alert"])
def test_what_charon_logs_is_not_to_be_heard(name: str) -> None:
    for raw in (ViciPacket.register_event(name), ViciPacket.unregister_event(name)):
        assert not asks(raw)
        assert refusal(parse(raw)) == b"\0\0\0\1\6"


@pytest.mark.parametrize("name", ["ike-updown", "child-updown", "ike-rekey", "child-rekey", "ike-update", "list-sa"])
def test_an_event_that_tells_of_tunnels_passes(name: str) -> None:
    assert asks(ViciPacket.register_event(name))
    assert asks(ViciPacket.unregister_event(name))
    assert not asks(ViciPacket.register_event(name) + b"\3")


def test_an_event_is_no_command_and_a_command_no_event() -> None:
    assert not asks(ViciPacket.request("list-sa"))
    assert not asks(ViciPacket.register_event("list-sas"))


@pytest.mark.parametrize("raw", [b"\0", b"\0\0", b"\0\5vers", b"\1\7version", b"\2", b"\7\7version", b"\x08\7version"])
def test_what_no_client_sends_ends_the_relay(raw: bytes) -> None:
    with pytest.raises(GateError) as refused:
        parse(raw)
    assert refused.value.code == "refused"


@pytest.mark.parametrize(
    "message",
    [
        {"section": {"ike": "k-b"}},
        {"list": ["k-b"]},
        {"ike": "k" * 256},
        {"ike": "a\nb"},
        {"ike": "ż"},
        {"i ke": "k-b"},
        {"": "k-b"},
    ],
)
def test_a_question_with_anything_but_short_texts_is_refused(message: dict[str, object]) -> None:
    assert not asks(ViciPacket.request("list-sas", Message.serialize(message)))


def test_a_message_that_is_cut_off_is_refused() -> None:
    whole = Message.serialize({"noblock": "yes", "ike": "k-b"})
    ends = [end for end in range(len(whole) + 1) if plain(whole[:end])]
    assert ends == [0, len(Message.serialize({"noblock": "yes"})), len(whole)]


@given(st.binary(min_size=1, max_size=300))
def test_no_bytes_break_it(raw: bytes) -> None:
    plain(raw)
    with suppress(GateError):
        assert refusal(parse(raw))


@given(st.lists(st.binary(min_size=1, max_size=40)), st.integers(1, 50))
def test_cuts_packets_wherever_the_stream_is_torn(packets: list[bytes], torn: int) -> None:
    stream = b"".join(map(framed, packets))
    cutter, found = Cutter(40, "refused"), []
    for at in range(0, len(stream), min(torn, 44)):
        cutter.add(stream[at : at + min(torn, 44)])
        while (packet := cutter.cut()) is not None:
            found.append(packet)
        assert cutter.room >= 1
    assert found == packets


@pytest.mark.parametrize("head", [b"\0\0\0\0", b"\0\0\0\x29", b"\xff\xff\xff\xff", b"SSH-"])
def test_a_length_that_cannot_be_ends_the_relay(head: bytes) -> None:
    cutter = Cutter(40, "internal")
    cutter.add(head)
    with pytest.raises(GateError) as refused:
        cutter.cut()
    assert refused.value.code == "internal"
