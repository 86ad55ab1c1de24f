"""Real packets through the rendered rules of one gateway whose tunnel is not there: what gets out, and how."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from subprocess import CompletedProcess

import pytest

from inventory.model import Office
from templates.linux_gateway.programs import Programs
from templates.render import ManagerKeys, day_zero, render

pytestmark = pytest.mark.lab

Judge = Callable[[str, Mapping[str, str]], CompletedProcess[str]]

CABLES = """\
ip netns add pc; ip netns add isp; ip netns add rest
ip link add wan0 type veth peer name isp0 netns isp
ip link add vlan30 type veth peer name pc0 netns pc
for port in wan1 vlan10 vlan31 vlan32 vlan40 vlan60 vlan90; do
  ip link add $port type veth peer name $port netns rest
done
ip -n isp address add 198.51.100.17/29 dev isp0; ip -n isp link set isp0 up
ip -n pc address add 10.64.19.10/24 dev pc0; ip -n pc address add 10.64.20.66/32 dev pc0
ip -n pc -6 address add fd00:19::10/64 dev pc0 nodad
ip -n pc link set pc0 up; ip -n pc route add default via 10.64.19.1; ip -n pc -6 route add default via fd00:19::1
"""

LOAD = "nft -f /etc/nftables.conf && sh /run/network.sh || exit 9\n"

# The second lock behind the guard is taken away, so that it is the guard that is tried.
NO_ROUTE = "ip route del unreachable 10.64.0.0/16\n"

# A tunnel interface that nobody answers for: what charon leaves when it is killed, and what it has while it works.
TUNNEL = """\
mkdir -p /run/t; ip tuntap add dev ipsec0 mode tun; ip link set ipsec0 up
ip route add 10.64.0.0/16 dev ipsec0 src 10.64.16.1
"""

TRY = """\
gateway=$(ip link show vlan30 | awk '/ether/ { print $2 }')
ip -n pc -6 neigh add fd00:19::1 lladdr $gateway dev pc0
ip netns exec isp python3 /run/sniff.py >/run/seen & while [ ! -e /run/ready ]; do sleep 0.05; done
ip netns exec pc python3 /run/send.py & pc=$!
python3 /run/send_own.py; wait $pc; : >/run/sent
wait %1; cat /run/seen
"""

SNIFF = """\
import json, pathlib, select, socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)); s.bind(("isp0", 0))
open("/run/ready", "w").close()
seen, sent = [], pathlib.Path("/run/sent")
while True:
    last = sent.exists()
    if not select.select([s], [], [], 0.3)[0]:
        if last: break
        continue
    p, address = s.recvfrom(2048)
    if address[2] == 4: continue
    if p[12:14] == b"\\x08\\x00":
        port = int.from_bytes(p[36:38]) if p[23] in (6, 17) else 0
        seen.append([socket.inet_ntoa(p[26:30]), socket.inet_ntoa(p[30:34]), p[23], port])
    elif p[12:14] == b"\\x86\\xdd":
        seen.append(["ipv6", socket.inet_ntop(socket.AF_INET6, p[38:54]), p[20], 0])
print(json.dumps(seen))
"""

SEND = """\
import socket
def udp(target, port, source=None, family=socket.AF_INET):
    s = socket.socket(family, socket.SOCK_DGRAM)
    if source: s.bind((source, 0))
    try: s.sendto(b"x", (target, port))
    except OSError as error: print("not sent", target, error)
def tcp(target, port):
    s = socket.socket(); s.setblocking(False)
    s.connect_ex((target, port)); keep.append(s)
keep = []
"""

SEND_PC = (
    SEND
    + """\
tcp("10.64.1.10", 445)            # a flow allows it, through the tunnel
tcp("10.64.3.10", 445)            # inside, no flow
tcp("192.168.7.7", 80)            # somebody's private network
tcp("172.20.1.1", 443)
tcp("192.0.2.100", 443)           # behind the platform's tunnel, which is elsewhere
tcp("192.0.2.80", 443)            # pinned for another zone
tcp("192.0.2.82", 443)            # the internet is not for this zone
tcp("192.0.2.81", 443)            # the portal: the one thing that may leave
udp("192.0.2.81", 443)            # not this way
udp("192.0.2.81", 443, "10.64.20.66")   # with another zone's address
udp("fd00:1::1", 443, None, socket.AF_INET6)
udp("2001:db8::1", 443, None, socket.AF_INET6)
import time; time.sleep(1)
"""
)

SEND_OWN = (
    SEND
    + """\
udp("10.64.1.20", 6514)
tcp("10.64.1.20", 6514)           # logs: only ever through the tunnel
udp("192.0.2.123", 123)           # time
udp("203.0.113.10", 500)          # IKE to the peer
udp("203.0.113.10", 501)
udp("192.0.2.1", 500)             # IKE to somebody else
tcp("192.0.2.81", 443)            # the portal is for people, not for the gateway
udp("192.0.2.123", 123, "10.64.19.1")   # time, with an inner address
import time; time.sleep(1)
"""
)


@pytest.fixture
def files(pila: Office, today: dt.date) -> dict[str, str]:
    device = pila.device("gw-b")
    key = f"ssh-ed25519 {'A' * 68}"
    script = day_zero(pila, device, ManagerKeys(key, key), today=today, programs=Programs({}, {}))
    network = script.partition("put /usr/local/lib/fosa/network 0755 <<'")[2].partition("\n")[2]
    return {
        "/etc/nftables.conf": render(pila, device, today).file("/etc/nftables.conf").text,
        "/run/network.sh": network.partition("\nEND-OF-")[0] + "\n",
        "/run/sniff.py": SNIFF,
        "/run/send.py": SEND_PC,
        "/run/send_own.py": SEND_OWN,
    }


@pytest.mark.parametrize("tunnel", ["", NO_ROUTE, NO_ROUTE + TUNNEL], ids=["as it is", "guard alone", "dead tunnel"])
def test_only_what_may_leaves_the_line_in_clear(judge: Judge, files: dict[str, str], tunnel: str) -> None:
    done = judge(CABLES + LOAD + tunnel + TRY, files)
    assert done.returncode == 0, done.stderr
    seen = {tuple(packet) for packet in json.loads(done.stdout.splitlines()[-1])}
    assert seen == {
        ("198.51.100.20", "192.0.2.81", 6, 443),
        ("198.51.100.20", "192.0.2.123", 17, 123),
        ("198.51.100.20", "203.0.113.10", 17, 500),
    }


def test_without_the_guard_the_same_packets_do_leak(judge: Judge, files: dict[str, str]) -> None:
    """The sniffer sees what the guard stops: the test above is not blind."""
    text = files["/etc/nftables.conf"].replace("jump guard\n", "\n")
    done = judge(CABLES + LOAD + NO_ROUTE + TRY, {**files, "/etc/nftables.conf": text})
    assert done.returncode == 0, done.stderr
    seen = {tuple(packet) for packet in json.loads(done.stdout.splitlines()[-1])}
    assert ("198.51.100.20", "10.64.1.10", 6, 445) in seen


def test_the_first_firewall_lets_out_the_tunnels_and_nothing_else(
    judge: Judge, files: dict[str, str], pila: Office
) -> None:
    key = f"ssh-ed25519 {'A' * 68}"
    script = day_zero(
        pila, pila.device("gw-b"), ManagerKeys(key, key), today=dt.date(2026, 11, 21), programs=Programs({}, {})
    )
    first = script.partition("put /etc/nftables.conf 0644 <<'")[2].partition("\n")[2].partition("\nEND-OF-")[0] + "\n"
    done = judge(CABLES + LOAD + NO_ROUTE + TRY, {**files, "/etc/nftables.conf": first})
    assert done.returncode == 0, done.stderr
    seen = {tuple(packet) for packet in json.loads(done.stdout.splitlines()[-1])}
    assert seen == {("198.51.100.20", "203.0.113.10", 17, 500)}
