"""Heads out of captures that scapy has written, and what is made of what a gateway tells."""

import base64
import io
import json
from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinux, Dot1Q, Ether
from scapy.packet import Packet, Raw
from scapy.utils import PcapWriter

from monitor.echo import canary
from monitor.errors import NonsenseError
from monitor.leak.heads import heads
from monitor.leak.listened import judge, listened
from monitor.results import State

OFFICE = IPv4Network("10.64.0.0/16")
LINE = Ether(dst="02:00:00:00:00:01", src="02:00:00:00:00:02")
INNER, OUTER, FAR = "10.64.16.1", "203.0.113.10", "192.0.2.200"


def pcap_of(*packets: Packet) -> bytes:
    """As tcpdump writes them, cut at 128 bytes."""
    held = io.BytesIO()
    writer = PcapWriter(held, linktype=113 if packets and isinstance(packets[0], CookedLinux) else 1)
    writer.write_header(None)
    for packet in packets:
        data = bytes(packet)
        writer.write_packet(data[:128], caplen=min(len(data), 128), wirelen=len(data), sec=1, usec=1)
    return held.getvalue()


def _told(caught: bytes = b"", **last: object) -> bytes:
    rows = (
        {"interface": "wan0", "networks": ["10.0.0.0/8", "172.16.0.0/12"], "seconds": 5},
        {"left": 100},
        {"done": True, "left": 200, "dropped": 0, "pcap": base64.b64encode(caught).decode(), **last},
    )
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (LINE / IP(src=OUTER, dst=INNER) / TCP(dport=22), f"{OUTER} > {INNER} tcp 22"),
        (LINE / Dot1Q() / Dot1Q() / IP(src=INNER, dst=FAR) / UDP(dport=53), f"{INNER} > {FAR} udp 53"),
        (LINE / IPv6(src="fd64::1", dst="fd64::2") / UDP(dport=53), "fd64::1 > fd64::2 udp 53"),
        (LINE / IP(src=OUTER, dst=FAR, proto=47) / Raw(b"x"), f"{OUTER} > {FAR} gre"),
        (LINE / IP(src=OUTER, dst=INNER, frag=100) / UDP(dport=53), f"{OUTER} > {INNER} udp"),
        (CookedLinux(proto=0x800) / IP(src=OUTER, dst=INNER) / TCP(dport=22), f"{OUTER} > {INNER} tcp 22"),
    ],
)
def test_a_head_is_read_from_every_kind_of_line(frame: Packet, said: str) -> None:
    assert [str(head) for head in heads(pcap_of(frame))] == [said]


@pytest.mark.parametrize(
    "pcap", [b"x", bytes(24), pcap_of(LINE / IP(dst=INNER))[:-1], b"\xd4\xc3\xb2\xa1" + b"\xff" * 60]
)
def test_what_is_no_capture_is_nonsense(pcap: bytes) -> None:
    with pytest.raises(NonsenseError):
        list(heads(pcap))


@given(st.binary(max_size=300))
def test_no_bytes_do_harm(data: bytes) -> None:
    for pcap in (data, pcap_of()[:24] + data):
        try:
            assert len(list(heads(pcap))) <= 300
        except NonsenseError:
            continue


_ECHO = IP(src=OUTER, dst=FAR) / ICMP(type=8)


@pytest.mark.parametrize(
    ("told", "state", "word"),
    [
        (_told(), State.UP, "nothing protected"),
        (_told(pcap_of(LINE / IP(src=OUTER, dst=INNER) / TCP(dport=22))), State.DOWN, f"> {INNER} tcp 22 (1 "),
        (_told(pcap_of(LINE / IPv6(src="fd64::1", dst="2001:db8::1"))), State.DOWN, "fd64::1"),
        (_told(pcap_of(LINE / IP(src=OUTER, dst=FAR, proto=4))), State.DOWN, "ipip"),
        (_told(pcap_of(LINE / _ECHO / Raw(b"somebody's own ping at the internet"))), State.UP, "nothing protected"),
        (_told(pcap_of(LINE / _ECHO / Raw(b"...." + canary.token()))), State.DOWN, f"> {FAR} icmp"),
        (_told(dropped=3), State.UNKNOWN, "unread"),
        (_told(done=False), State.UNKNOWN, "unread"),
        (_told(left=0), State.UNKNOWN, "nothing at all"),
    ],
)
def test_what_was_heard_is_judged(told: bytes, state: State, word: str) -> None:
    verdict = judge(listened(told), [OFFICE])
    assert verdict.state is state, verdict
    assert word in str(verdict.cause)


def test_a_gateway_that_looks_for_other_networks_proves_nothing() -> None:
    verdict = judge(listened(_told()), [OFFICE, IPv4Network("192.0.2.96/28")])
    assert verdict.state is State.UNKNOWN
    assert "192.0.2.96/28" in str(verdict.cause)


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{}\n",
        _told()[:-1],
        b"[]\n[]\n",
        b"{}\n{}\n",
        _told(pcap="?"),
        _told(left="many"),
        b"{\n" * 300,
        b"x\ny\n",
    ],
)
def test_what_no_gateway_tells_is_nonsense(told: bytes) -> None:
    with pytest.raises(NonsenseError):
        listened(told)


def test_nobody_elses_bytes_pass_for_a_canary() -> None:
    ours = canary.token()
    assert canary.holds(b"before" + ours + b"after")
    assert not canary.holds(ours[:-1] + bytes([ours[-1] ^ 1]))
    assert not canary.holds(bytes(64))
    assert ours != canary.token()
