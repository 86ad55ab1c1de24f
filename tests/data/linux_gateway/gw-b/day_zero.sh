#!/bin/sh
# Day 0 of gw-b, building b: run as root on its console, once.
# Before the first push it may be run again; after it, that would close the firewall to its first state until the next push.
# Afterwards the manager (10.64.0.10) reaches it, through the tunnels where it stands elsewhere, and fosa does the rest.
# Nothing in here is secret. Before: put the certificates named below into place, the private key readable by root only.
set -eu
umask 022

# ---- Before anything is touched -------------------------------------------------------------------------------------

if [ "$(id -u)" -ne 0 ]; then
    echo "run this as root" >&2
    exit 1
fi
missing=0
# need FILE
need() {
    if [ ! -s "$1" ]; then
        echo "missing: $1" >&2
        missing=1
    fi
}
need /etc/swanctl/x509/gateway.pem
need /etc/swanctl/private/gateway.pem
need /etc/swanctl/x509ca/office-ca.pem
need /etc/swanctl/x509crl/office.crl.pem
for tool in ip nft swanctl ssh-keygen sudo useradd python3; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "missing: the program $tool" >&2
        missing=1
    fi
done
if [ "$missing" -ne 0 ]; then exit 1; fi

# ---- Name and folders -----------------------------------------------------------------------------------------------

echo gw-b >/etc/hostname
hostname gw-b 2>/dev/null || true
if ! grep -qs '[[:space:]]gw-b$' /etc/hosts; then
    echo '127.0.1.1 gw-b.mops.example gw-b' >>/etc/hosts
fi
mkdir -p /etc/fosa/authorized_keys /usr/local/lib/fosa /etc/swanctl/conf.d /etc/strongswan.d /etc/ssh /etc/sudoers.d
mkdir -p /var/lib/fosa/candidate /var/lib/fosa/done /var/spool/rsyslog
chmod 0755 /etc/fosa /etc/fosa/authorized_keys /usr/local/lib/fosa
chmod 0700 /var/lib/fosa /var/lib/fosa/candidate /var/lib/fosa/done /var/spool/rsyslog
chmod 0700 /etc/swanctl/private
chmod 0600 /etc/swanctl/private/gateway.pem
if [ -n "${FOSA_TRUNK:-}" ]; then echo "$FOSA_TRUNK" >/etc/fosa/trunk; fi

# ---- Files ----------------------------------------------------------------------------------------------------------

# put PATH MODE: standard input becomes the file, all of it or none.
put() {
    cat >"$1.new"
    chmod "$2" "$1.new"
    mv "$1.new" "$1"
}

# The gate: a folder, made whole beside the one that works; it takes the name with nothing of an older one left in it.
gate=/usr/local/lib/fosa/gate.d
rm -rf "$gate.new"
mkdir -p "$gate.new/gate"

put /usr/local/lib/fosa/gate.d.new/gate/__init__.py 0644 <<'END-OF-__init__.py'
# The gate.
END-OF-__init__.py

put /usr/local/lib/fosa/gate.d.new/gate/verbs.py 0644 <<'END-OF-verbs.py'
# The way in.
END-OF-verbs.py

# Whether this Python can run it shows before the old one goes; and this import leaves the compiled files behind.
/usr/bin/python3 -I -c 'import sys; sys.path.insert(0, sys.argv[1]); import gate.verbs' "$gate.new"
sync
if [ -d "$gate" ]; then
    rm -rf "$gate.old"
    mv "$gate" "$gate.old"
fi
mv "$gate.new" "$gate"
rm -rf "$gate.old"

put /usr/local/lib/fosa/gate 0755 <<'END-OF-GATE'
#!/usr/bin/python3 -IB
"""Runs the gate below gate.d. It compiles nothing later (-B): a power cut could halve a file that boot then needs."""

import sys

sys.path.insert(0, "/usr/local/lib/fosa/gate.d")

from gate.verbs import main

sys.exit(main(sys.argv[1:]))
END-OF-GATE

# One that runs has read all of it: it goes on until it is started anew.
rm -rf /usr/local/lib/fosa/lines.d
mkdir -p /usr/local/lib/fosa/lines.d/lines

put /usr/local/lib/fosa/lines 0755 <<'END-OF-LINES'
#!/usr/bin/python3 -IB
"""Runs the program below lines.d."""

import sys

sys.path.insert(0, "/usr/local/lib/fosa/lines.d")

from lines.program import main

main(sys.argv[1])
END-OF-LINES

put /usr/local/lib/fosa/network 0755 <<'END-OF-network'
#!/bin/sh
# Interfaces, addresses and routes of gw-b. Run at every start and by hand; changes nothing that is right.
set -eu

# kernel PATH VALUE: set what the kernel has, leave what it has not.
kernel() {
    if [ -e "/proc/sys/net/$1" ]; then echo "$2" >"/proc/sys/net/$1"; fi
}

# zone INTERFACE VLAN ADDRESS: an interface of its own, or a VLAN on the interface named in /etc/fosa/trunk.
zone() {
    if ! ip link show dev "$1" >/dev/null 2>&1; then
        trunk=$(cat /etc/fosa/trunk 2>/dev/null || true)
        if [ -z "$trunk" ]; then
            echo "interface $1 is missing: write the name of the interface that carries the VLANs to /etc/fosa/trunk" >&2
            return 1
        fi
        ip link set dev "$trunk" up
        ip link add link "$trunk" name "$1" type vlan id "$2"
    fi
    quiet6 "$1"
    ip address replace "$3" dev "$1"
    ip link set dev "$1" up
}

# quiet6 INTERFACE: no IPv6 address made by itself. IPv6 stays switched on, so that the firewall sees and logs it.
quiet6() {
    kernel "ipv6/conf/$1/accept_ra" 0
    kernel "ipv6/conf/$1/autoconf" 0
    kernel "ipv6/conf/$1/addr_gen_mode" 1
}

kernel ipv4/conf/all/accept_redirects 0
kernel ipv4/conf/default/accept_redirects 0
kernel ipv4/conf/all/secure_redirects 0
kernel ipv4/conf/default/secure_redirects 0
kernel ipv4/conf/all/send_redirects 0
kernel ipv4/conf/default/send_redirects 0
kernel ipv4/conf/all/accept_source_route 0
kernel ipv4/conf/default/accept_source_route 0
kernel ipv4/conf/all/rp_filter 2
kernel ipv4/conf/default/rp_filter 2
kernel ipv4/icmp_echo_ignore_broadcasts 1
kernel ipv4/icmp_ignore_bogus_error_responses 1
kernel ipv4/tcp_syncookies 1
kernel ipv6/conf/all/accept_ra 0
kernel ipv6/conf/default/accept_ra 0
kernel ipv6/conf/default/autoconf 0
kernel ipv6/conf/default/addr_gen_mode 1
kernel ipv6/conf/all/accept_redirects 0
kernel ipv6/conf/all/accept_source_route 0

ip link set dev lo up
zone vlan10 10 10.64.16.1/24
zone vlan30 30 10.64.19.1/24
zone vlan31 31 10.64.20.1/24
zone vlan32 32 10.64.21.1/24
zone vlan40 40 10.64.23.1/26
zone vlan60 60 10.64.26.1/24
zone vlan90 90 10.64.31.1/24

if ! ip link show dev wan0 >/dev/null 2>&1; then
    echo "interface wan0 is missing: name the card of line b-isp1 so" >&2
    exit 1
fi
quiet6 wan0
ip link set dev wan0 mtu 1500
ip link set dev wan0 up
ip address replace 198.51.100.20/29 dev wan0
ip route replace default via 198.51.100.17 dev wan0 metric 100
# What bears this line's address leaves by this line, whichever line is used otherwise.
ip route replace default via 198.51.100.17 dev wan0 table 101
ip rule del from 198.51.100.20 lookup 101 2>/dev/null || true
ip rule add from 198.51.100.20 lookup 101 priority 101

if ! ip link show dev wan1 >/dev/null 2>&1; then
    echo "interface wan1 is missing: name the card of line b-lte so" >&2
    exit 1
fi
quiet6 wan1
ip link set dev wan1 mtu 1400
ip link set dev wan1 up
ip address replace 198.51.100.132/29 dev wan1
ip route replace default via 198.51.100.129 dev wan1 metric 200
# What bears this line's address leaves by this line, whichever line is used otherwise.
ip route replace default via 198.51.100.129 dev wan1 table 102
ip rule del from 198.51.100.132 lookup 102 2>/dev/null || true
ip rule add from 198.51.100.132 lookup 102 priority 102

# charon lays its own routes while a tunnel is up. While it is not, what lies behind it is out of reach, not somewhere on
# the line: otherwise the gateway's own services would call from the line's address and wait minutes for an answer.
ip route replace unreachable 10.64.0.0/16 metric 4000000000

kernel ipv4/ip_forward 1
kernel ipv6/conf/all/forwarding 0
END-OF-network

put /usr/local/lib/fosa/tunnels 0755 <<'END-OF-tunnels'
#!/bin/sh
# Opens the tunnels that this gateway opens and that are down, for ever: what a far end has once refused, because it was
# only just starting, charon itself does not try again, and the way to this building would stay shut.
conf=/etc/swanctl/conf.d/fosa.conf
while :; do
    # The block opened last before "start_action = start" is the child of that name.
    for tunnel in $(awk '/^ *[a-z][a-z0-9-]* \{$/ { name = $1 } /start_action = start/ { print name }' "$conf"); do
        if ! timeout 5 swanctl --list-sas --ike "$tunnel" 2>/dev/null | grep -q -e CONNECTING -e INSTALLED; then
            timeout 15 swanctl --initiate --child "$tunnel" --timeout 10 >/dev/null 2>&1
        fi
    done
    sleep 3
done
END-OF-tunnels

put /usr/local/lib/fosa/lines.d/lines/__init__.py 0644 <<'END-OF-__init__.py'
"""The program that keeps a gateway's tunnels and default route on lines that carry.

Through every line echo requests go to the far ends of our own tunnels and to the provider's router, four a second,
also while nobody needs the line: that a second line is dead is to be known before the first one is. Tunnels that this
gateway opens take the first way whose far end answers; those that far ends open it opens itself when charon has begun
anew, for they still believe in associations with the one before. The default route goes by the first line through
which a far end answers, or, where none does by any, the provider's router. Told in /run/fosa/lines.

Of two gateways that share their addresses only the one that holds them does any of this. When it begins to, it calls
every far end at once, whose old security association the new one replaces; when it ceases to, it ends all of them. For
a moment both may have worked, because they did not hear each other: far ends then have an association with the one
that has ceased since, and would believe in it until DPD; the one that goes on calls them anew, whatever it believes in
itself. The one that stands by asks for the providers' routers by ARP, from no address: it may not use the lines' own.
Who holds the addresses, and whether keepalived lives, is told in /run/fosa/pair.

This folder is what day 0 installs. Only the standard library; Python 3.9 and later. Nothing is imported late.
"""
END-OF-__init__.py

put /usr/local/lib/fosa/lines.d/lines/calls.py 0644 <<'END-OF-calls.py'
"""What charon is asked to open and to end. A charon that dies or hangs meanwhile keeps nobody waiting."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .telling import say

CALL_S = 3.0
"""A tunnel that is not up is opened so often."""
CALLING_S = 10.0
"""So long a gateway that has just taken over, or whose charon has begun anew, calls far ends that otherwise call it."""
VICI = Path("/run/charon.vici")
"""Made whenever charon begins."""
_UNLESS_UP = 'if timeout 5 swanctl --list-sas --ike "$0" | grep -q INSTALLED; then exit; fi; '
_OPEN = (
    'timeout 5 swanctl --terminate --ike "$0" --force; '
    'timeout 5 swanctl --initiate --ike "$0" --child "$1" --timeout 4; '
    'for other in $2; do timeout 5 swanctl --terminate --ike "$other" --force; done'
)
_END = 'timeout 5 swanctl --terminate --ike "$0" --force'


class Calls:
    """The tunnels of this gateway: those it opens, by one of their ways, and those it is called for."""

    def __init__(self, tunnels: dict[str, list[dict[str, str]]], called: list[str]) -> None:
        self.tunnels, self.called = tunnels, called
        self.calling_since = float("-inf")
        self.charon = made(VICI)
        self.anew: set[str] = set()
        self.calls: dict[str, tuple[subprocess.Popen[bytes] | None, float, str]] = {}

    def everybody(self, now: float, *, anew: bool = False) -> None:
        """From now on call also who otherwise calls. `anew`: what is up is worth nothing."""
        self.calling_since = now
        self.anew = {*self.called, *self.tunnels} if anew else set()

    def beat(self, wanted: dict[str, str], now: float) -> None:
        """Have each tunnel open on the wanted way."""
        if self.begun_anew():
            say("charon has begun anew: calls every far end")
            self.everybody(now)
        for tunnel, way in wanted.items():
            self.call(tunnel, way, now)
        if now - self.calling_since < CALLING_S:
            for tunnel in self.called:
                self.call(tunnel, tunnel, now)

    def begun_anew(self) -> bool:
        """Whether charon has, said once."""
        before, now = self.charon, made(VICI)
        self.charon = now or before
        return now is not None and before is not None and now != before

    def call(self, tunnel: str, wanted: str, now: float) -> None:
        """Have a tunnel open on the wanted way, and on no other; not waited for."""
        running, at, last = self.calls.get(tunnel, (None, float("-inf"), ""))
        if running is not None and running.poll() is None:
            return
        anew = tunnel in self.anew
        if wanted == last and now - at < CALL_S and not anew:
            return
        self.anew.discard(tunnel)
        if wanted != last:
            say(f"tunnel {tunnel} by {wanted}")
        others = " ".join(way["name"] for way in self.tunnels.get(tunnel, []) if way["name"] != wanted)
        script = _OPEN if anew else _UNLESS_UP + _OPEN
        self.calls[tunnel] = (background(script, wanted, tunnel, others), now, wanted)

    def end(self) -> None:
        """End every tunnel: the other gateway works."""
        for name in [*self.called, *(way["name"] for ways in self.tunnels.values() for way in ways)]:
            background(_END, name)
        self.calls = {}


def made(file: Path) -> tuple[int, int] | None:
    """What tells a file from one that was there before it under the same name."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns


def background(script: str, *words: str) -> subprocess.Popen[bytes]:
    """A few lines of shell, not waited for."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(["sh", "-c", script, *words], stdin=quiet, stdout=quiet, stderr=quiet)
END-OF-calls.py

put /usr/local/lib/fosa/lines.d/lines/carrying.py 0644 <<'END-OF-carrying.py'
"""Which line and which way carry: what is decided by who has answered when."""

from __future__ import annotations

DEAD_S = 1.2
"""No answer for so long, and a way is dead."""
STEADY_S = 5.0
"""A way that was dead is taken again after so long a time of answers."""


class Reach:
    """One of our addresses and one to be reached from it."""

    def __init__(self) -> None:
        self.last = self.since = float("-inf")
        self.carries = False
        self.known = False

    def answered(self, now: float) -> None:
        """An answer has come."""
        if now - self.last > DEAD_S:
            self.since = now
        self.last = now

    def judge(self, now: float) -> None:
        """Whether it carries at this moment."""
        alive = now - self.last < DEAD_S
        self.carries = alive and (self.carries or not self.known or now - self.since >= STEADY_S)
        self.known = self.known or alive


def active_line(lines: list[dict[str, str]], far: list[list[str]], carries: dict[tuple[str, str], bool]) -> str:
    """The interface the default route goes by. `far`: our address and the far end's, of every way."""
    for targets in (far, [[line["address"], line["gateway"]] for line in lines]):
        for line in lines:
            if any(carries.get((here, there)) for here, there in targets if here == line["address"]):
                return line["interface"]
    return lines[0]["interface"]


def wanted_way(ways: list[dict[str, str]], carries: dict[tuple[str, str], bool]) -> str:
    """The name of the way a tunnel takes: the first that carries; where none does, the first."""
    return next((way["name"] for way in ways if carries.get((way["here"], way["there"]))), ways[0]["name"])
END-OF-carrying.py

put /usr/local/lib/fosa/lines.d/lines/echoes.py 0644 <<'END-OF-echoes.py'
"""Echo requests from each of our addresses to whoever is to be reached from it (RFC 792)."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterable, Iterator

ECHO, REPLY, IN_PKTINFO = 8, 0, 8
ANSWERS_A_BEAT = 256


class Echoes:
    """Requests and their answers; OSError for who may open no raw socket."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.numbers = dict(enumerate(pairs, 1))
        self.token, self.sequence = os.urandom(8), 0
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.raw.setblocking(False)

    def ask(self) -> None:
        """One request each."""
        self.sequence = (self.sequence + 1) & 0xFFFF
        for number, (here, there) in self.numbers.items():
            bare = struct.pack("!BBHHH", ECHO, 0, 0, number, self.sequence) + self.token
            message = bare[:2] + struct.pack("!H", checksum(bare)) + bare[4:]
            own = struct.pack("@i4s4s", 0, socket.inet_aton(here), bytes(4))
            try:
                self.raw.sendmsg([message], [(socket.IPPROTO_IP, IN_PKTINFO, own)], 0, (there, 0))
            except OSError:
                # An address of ours that is gone sends nothing.
                continue

    def answers(self) -> Iterator[tuple[str, str]]:
        """The pairs whose answer has come."""
        for _each in range(ANSWERS_A_BEAT):
            try:
                packet = self.raw.recv(2048)
            except OSError:
                return
            start = (packet[0] & 15) * 4 if packet else 0
            message = packet[start:]
            if start < 20 or len(message) != 16 or message[0] != REPLY or message[8:] != self.token:
                continue
            pair = socket.inet_ntoa(packet[16:20]), socket.inet_ntoa(packet[12:16])
            if self.numbers.get(struct.unpack_from("!H", message, 4)[0]) == pair:
                yield pair


def checksum(data: bytes) -> int:
    """RFC 1071, over an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
END-OF-echoes.py

put /usr/local/lib/fosa/lines.d/lines/mate.py 0644 <<'END-OF-mate.py'
"""Which of two gateways works, as keepalived decides."""

from __future__ import annotations

import os
import socket
from pathlib import Path

KEEPALIVED = Path("/run/keepalived.pid")
BOTH = Path("/run/fosa/both-work")
"""keepalived touches it whenever it hears the other gateway work beside this one."""
CEASED_S = 1.2
"""It says so twice a second: nothing for so long, and the other one has ceased."""


class Both:
    """The end of a time in which both gateways have worked."""

    def __init__(self) -> None:
        self.mark, self.heard_at = touched(BOTH), float("inf")

    def over(self, now: float) -> bool:
        """Whether it is over, said once."""
        mark = touched(BOTH)
        if mark != self.mark:
            self.mark, self.heard_at = mark, now
        ceased = now - self.heard_at >= CEASED_S
        if ceased:
            self.heard_at = float("inf")
        return ceased


def touched(file: Path) -> int:
    """When it was, in nanoseconds; 0: never."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def held(address: str) -> bool:
    """Whether an address is on this device."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return False
    return True


def alive(number: Path) -> bool:
    """Whether the process whose number stands in a file lives."""
    try:
        os.kill(int(number.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return False
    return True
END-OF-mate.py

put /usr/local/lib/fosa/lines.d/lines/program.py 0644 <<'END-OF-program.py'
"""The program itself: four beats a second, from its start to its end."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from .calls import Calls
from .carrying import Reach, active_line, wanted_way
from .echoes import Echoes
from .mate import KEEPALIVED, Both, alive, held
from .routers import Routers
from .telling import put, say

BEAT_S = 0.25
TOLD, PAIR = Path("/run/fosa/lines"), Path("/run/fosa/pair")
METRIC = "50"
"""Before the routes that /usr/local/lib/fosa/network lays."""


class Lines:
    """The lines of this gateway. `written` is what day 0 wrote: see `templates.linux_gateway.tunnels`."""

    def __init__(self, written: dict[str, object]) -> None:
        self.lines: list[dict[str, str]] = written["lines"]  # type: ignore[assignment]  # as day 0 wrote it
        self.far: list[list[str]] = written["far"]  # type: ignore[assignment]
        self.tunnels: dict[str, list[dict[str, str]]] = written["tunnels"]  # type: ignore[assignment]
        self.called: list[str] = written["called"]  # type: ignore[assignment]
        self.shared: str = written.get("shared", "")  # type: ignore[assignment]
        routers = [(line["address"], line["gateway"]) for line in self.lines]
        self.reaches = {pair: Reach() for pair in [*((here, there) for here, there in self.far), *routers]}
        self.calls = Calls(self.tunnels, self.called)
        self.works, self.both = not self.shared, Both()
        self.routers: Routers | None = None
        self.route = ""

    def run(self) -> None:
        """For ever."""
        echoes = Echoes(self.reaches)
        while True:
            if self.shared and not self.working(time.monotonic()):
                time.sleep(BEAT_S)
                continue
            echoes.ask()
            time.sleep(BEAT_S)
            now = time.monotonic()
            for pair in echoes.answers():
                self.reaches[pair].answered(now)
            self.act(now)

    def working(self, now: float) -> bool:
        """Whether this gateway of two is the one that works; done when that changes."""
        holds, over = held(self.shared), self.both.over(now)
        if over and holds and self.works:
            say("the other gateway has worked, too: calls every far end anew")
            self.calls.everybody(now, anew=True)
        if holds and not self.works:
            say("works")
            self.calls.everybody(now)
            if self.routers is not None:
                self.routers.end()
            self.routers = None
        elif self.works and not holds:
            say("stands by")
            self.calls.end()
        self.works = holds
        put(PAIR, {"holds": holds, "ready": alive(KEEPALIVED)})
        if not holds:
            # With the addresses the kernel has dropped every route of the lines.
            self.route = ""
            self.routers = self.routers or Routers(self.lines)
            put(TOLD, self.routers.beat(now))
        return holds

    def act(self, now: float) -> None:
        """Lay the route, move the tunnels, tell."""
        for reach in self.reaches.values():
            reach.judge(now)
        carries = {pair: reach.carries for pair, reach in self.reaches.items()}
        self.lay(active_line(self.lines, self.far, carries))
        self.calls.beat({tunnel: wanted_way(ways, carries) for tunnel, ways in self.tunnels.items()}, now)
        of_far = {tuple(pair) for pair in self.far}
        known = [pair for pair in carries if pair in of_far] or list(carries)
        put(TOLD, {x["interface"]: any(carries[p] for p in known if p[0] == x["address"]) for x in self.lines})

    def lay(self, interface: str) -> None:
        """The default route. Tried again at the next beat where it does not work: an interface may be off."""
        if interface == self.route or len(self.lines) < 2:
            return
        line = next(line for line in self.lines if line["interface"] == interface)
        words = ["ip", "route", "replace", "default", "via", line["gateway"], "dev", interface, "metric", METRIC]
        if subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode == 0:
            say(f"default route by {interface}")
            self.route = interface


def main(file: str) -> None:
    """Read what day 0 wrote, and begin."""
    Lines(json.loads(Path(file).read_text(encoding="utf-8"))).run()
END-OF-program.py

put /usr/local/lib/fosa/lines.d/lines/routers.py 0644 <<'END-OF-routers.py'
"""The providers' routers, asked for by a gateway that has no address there (RFC 5227, section 2.1.1)."""

from __future__ import annotations

import socket
import struct

ETH_ARP, ASK_ARP, TELL_ARP = 0x0806, 1, 2
ARP_S = 1.0
"""So often each router is asked for."""
LATE_S = 0.25
"""So late an answer may be taken in."""
ANSWERS_A_BEAT = 256


class Routers:
    """The router of each line."""

    def __init__(self, lines: list[dict[str, str]]) -> None:
        self.lines, self.due = lines, 0.0
        self.sockets: dict[str, socket.socket] = {}
        self.answered = {line["interface"]: float("-inf") for line in lines}

    def beat(self, now: float) -> dict[str, bool]:
        """Ask when it is time, take the answers in; which lines carry."""
        asked = now >= self.due
        self.due = now + ARP_S if asked else self.due
        for line in self.lines:
            try:
                self.ask(line, now, asked=asked)
            except OSError:
                # The interface has gone, or went off: its socket serves no more.
                self.close(line["interface"])
        return {name: now - last < 3 * ARP_S + LATE_S for name, last in self.answered.items()}

    def ask(self, line: dict[str, str], now: float, *, asked: bool) -> None:
        """One line. OSError where it has no interface."""
        name, router = line["interface"], socket.inet_aton(line["gateway"])
        if name not in self.sockets:
            self.sockets[name] = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_ARP))
            self.sockets[name].bind((name, ETH_ARP))
            self.sockets[name].setblocking(False)
        wire = self.sockets[name]
        own = wire.getsockname()[4]
        if asked:
            ask = struct.pack("!HHBBH6s4s6s4s", 1, 0x0800, 6, 4, ASK_ARP, own, bytes(4), bytes(6), router)
            wire.sendto(ask, (name, ETH_ARP, 0, 0, b"\xff" * 6))
        for _each in range(ANSWERS_A_BEAT):
            try:
                said = wire.recv(64)
            except BlockingIOError:
                return
            if len(said) >= 28 and said[6:8] == struct.pack("!H", TELL_ARP) and said[14:18] == router:
                self.answered[name] = now

    def end(self) -> None:
        """Ask no more."""
        for name in [*self.sockets]:
            self.close(name)

    def close(self, name: str) -> None:
        """Have done with a socket."""
        if (wire := self.sockets.pop(name, None)) is not None:
            wire.close()
END-OF-routers.py

put /usr/local/lib/fosa/lines.d/lines/telling.py 0644 <<'END-OF-telling.py'
"""What the program says: to whoever asks, and to the journal."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def put(file: Path, said: dict[str, bool]) -> None:
    """For whoever asks; older than a few seconds it says nothing."""
    file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text(json.dumps(said) + "\n", encoding="utf-8")
    new.chmod(0o644)
    new.replace(file)


def say(text: str) -> None:
    """For the journal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
END-OF-telling.py

put /etc/fosa/lines.json 0644 <<'END-OF-lines.json'
{"lines": [{"interface": "wan0", "address": "198.51.100.20", "gateway": "198.51.100.17"}, {"interface": "wan1", "address": "198.51.100.132", "gateway": "198.51.100.129"}], "far": [["198.51.100.132", "203.0.113.10"], ["198.51.100.132", "203.0.113.130"], ["198.51.100.20", "203.0.113.10"], ["198.51.100.20", "203.0.113.130"]], "tunnels": {"k-b": [{"name": "k-b", "here": "198.51.100.20", "there": "203.0.113.10"}, {"name": "k-b_2", "here": "198.51.100.20", "there": "203.0.113.130"}, {"name": "k-b_3", "here": "198.51.100.132", "there": "203.0.113.10"}, {"name": "k-b_4", "here": "198.51.100.132", "there": "203.0.113.130"}]}, "called": []}
END-OF-lines.json

put /etc/nftables.conf 0644 <<'END-OF-nftables.conf'
#!/usr/sbin/nft -f
# First firewall of gw-b: closed but for the tunnels and the manager. The first push replaces it.

flush ruleset

table inet fosa {
    set protected {
        type ipv4_addr
        flags interval
        elements = { 10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.0.2.96/28, 192.168.0.0/16 }
    }

    chain guard {
        oifname != { "wan0", "wan1" } return
        meta nfproto ipv4 ip daddr != @protected return
        drop
    }

    chain input {
        type filter hook input priority filter; policy drop;
        iifname "lo" accept
        ct state vmap { invalid : drop, established : accept, related : accept }
        iifname { "wan0", "wan1" } ip saddr { 203.0.113.10, 203.0.113.130 } udp dport { 500, 4500 } accept
        iifname "ipsec0" ip saddr 10.64.0.10 ip daddr 10.64.16.1 tcp dport 22 accept
        iifname "ipsec0" ip saddr 10.64.0.10 icmp type echo-request accept
    }

    chain output {
        type filter hook output priority filter; policy drop;
        oifname "lo" accept
        jump guard
        ct state vmap { invalid : drop, established : accept, related : accept }
        oifname { "wan0", "wan1" } ip daddr { 203.0.113.10, 203.0.113.130 } udp dport { 500, 4500 } accept
    }

    chain forward {
        type filter hook forward priority filter; policy drop;
        jump guard
        ct state vmap { invalid : drop, established : accept, related : accept }
        iifname "ipsec0" oifname "vlan10" ip saddr 10.64.0.10 ip daddr 10.64.16.11 tcp dport 22 accept
        iifname "ipsec0" oifname "vlan10" ip saddr 10.64.0.10 ip daddr 10.64.16.12 tcp dport 22 accept
        iifname "ipsec0" oifname "vlan10" ip saddr 10.64.0.10 ip daddr 10.64.16.13 tcp dport 22 accept
    }
}
END-OF-nftables.conf

put /etc/strongswan.d/fosa.conf 0644 <<'END-OF-fosa.conf'
# How charon of gw-b behaves. Read by charon when it starts, so it is part of day 0, not of a push.
charon {
    # A dead peer is given up within half a minute: 1, 1.6, 2.6, 4.1, 6.6 and 10.5 seconds. Asking again after the first
    # of them lets whoever watches tell a lost packet from a far end that does not answer.
    retransmit_tries = 5
    retransmit_timeout = 1.0
    retransmit_base = 1.6
    # A new authentication does not interrupt the tunnel.
    make_before_break = yes
    # What two gateways need and nothing else: some of the others open sockets of their own.
    load_modular = no
    load = random nonce aes sha1 sha2 hmac kdf gcm openssl pem pkcs1 pkcs8 x509 revocation constraints pubkey kernel-libipsec kernel-netlink socket-default vici updown counters
    # With the whole office behind a tunnel, a table of its own would swallow the gateway's own networks.
    routing_table = 254
    plugins {
        kernel-libipsec {
            # Debian ships it switched off.
            load = yes
        }
    }
}
END-OF-fosa.conf

put /etc/swanctl/conf.d/fosa.conf 0600 <<'END-OF-fosa.conf'
# Tunnels of gw-b, building b.
# Written by fosa from the office's inventory: change the inventory, not this file.

connections {
    k-b {
        version = 2
        local_addrs = 198.51.100.20
        remote_addrs = 203.0.113.10
        proposals = aes256gcm16-prfsha384-ecp384
        rekey_time = 28800s
        reauth_time = 86400s
        dpd_delay = 10s
        fragmentation = yes
        mobike = no
        # A far end that does not answer yet is called until it does.
        keyingtries = 0
        unique = replace
        # Userspace ESP travels in UDP only.
        encap = yes

        local {
            auth = pubkey
            certs = gateway.pem
            id = gw-b.mops.example
        }
        remote {
            auth = pubkey
            cacerts = office-ca.pem
            revocation = strict
            id = gw-k.mops.example
        }

        children {
            k-b {
                mode = tunnel
                local_ts = 10.64.16.0/20
                remote_ts = 10.64.0.0/16
                esp_proposals = aes256gcm16-ecp384
                rekey_time = 3600s
                rekey_bytes = 20000000000
                replay_window = 128
                # Which way is taken, and when it is opened again, decides /usr/local/lib/fosa/lines.
                dpd_action = clear
                start_action = none
                close_action = none
            }
        }
    }
    k-b_2 {
        version = 2
        local_addrs = 198.51.100.20
        remote_addrs = 203.0.113.130
        proposals = aes256gcm16-prfsha384-ecp384
        rekey_time = 28800s
        reauth_time = 86400s
        dpd_delay = 10s
        fragmentation = yes
        mobike = no
        # A far end that does not answer yet is called until it does.
        keyingtries = 0
        unique = replace
        # Userspace ESP travels in UDP only.
        encap = yes

        local {
            auth = pubkey
            certs = gateway.pem
            id = gw-b.mops.example
        }
        remote {
            auth = pubkey
            cacerts = office-ca.pem
            revocation = strict
            id = gw-k.mops.example
        }

        children {
            k-b {
                mode = tunnel
                local_ts = 10.64.16.0/20
                remote_ts = 10.64.0.0/16
                esp_proposals = aes256gcm16-ecp384
                rekey_time = 3600s
                rekey_bytes = 20000000000
                replay_window = 128
                # Which way is taken, and when it is opened again, decides /usr/local/lib/fosa/lines.
                dpd_action = clear
                start_action = none
                close_action = none
            }
        }
    }
    k-b_3 {
        version = 2
        local_addrs = 198.51.100.132
        remote_addrs = 203.0.113.10
        proposals = aes256gcm16-prfsha384-ecp384
        rekey_time = 28800s
        reauth_time = 86400s
        dpd_delay = 10s
        fragmentation = yes
        mobike = no
        # A far end that does not answer yet is called until it does.
        keyingtries = 0
        unique = replace
        # Userspace ESP travels in UDP only.
        encap = yes

        local {
            auth = pubkey
            certs = gateway.pem
            id = gw-b.mops.example
        }
        remote {
            auth = pubkey
            cacerts = office-ca.pem
            revocation = strict
            id = gw-k.mops.example
        }

        children {
            k-b {
                mode = tunnel
                local_ts = 10.64.16.0/20
                remote_ts = 10.64.0.0/16
                esp_proposals = aes256gcm16-ecp384
                rekey_time = 3600s
                rekey_bytes = 20000000000
                replay_window = 128
                # Which way is taken, and when it is opened again, decides /usr/local/lib/fosa/lines.
                dpd_action = clear
                start_action = none
                close_action = none
            }
        }
    }
    k-b_4 {
        version = 2
        local_addrs = 198.51.100.132
        remote_addrs = 203.0.113.130
        proposals = aes256gcm16-prfsha384-ecp384
        rekey_time = 28800s
        reauth_time = 86400s
        dpd_delay = 10s
        fragmentation = yes
        mobike = no
        # A far end that does not answer yet is called until it does.
        keyingtries = 0
        unique = replace
        # Userspace ESP travels in UDP only.
        encap = yes

        local {
            auth = pubkey
            certs = gateway.pem
            id = gw-b.mops.example
        }
        remote {
            auth = pubkey
            cacerts = office-ca.pem
            revocation = strict
            id = gw-k.mops.example
        }

        children {
            k-b {
                mode = tunnel
                local_ts = 10.64.16.0/20
                remote_ts = 10.64.0.0/16
                esp_proposals = aes256gcm16-ecp384
                rekey_time = 3600s
                rekey_bytes = 20000000000
                replay_window = 128
                # Which way is taken, and when it is opened again, decides /usr/local/lib/fosa/lines.
                dpd_action = clear
                start_action = none
                close_action = none
            }
        }
    }
}
END-OF-fosa.conf

put /etc/ssh/sshd_config 0644 <<'END-OF-sshd_config'
# OpenSSH server of gw-b: the manager's two accounts and nobody else.
# Written by fosa from the office's inventory: change the inventory, not this file.

ListenAddress 10.64.16.1
Port 22
AddressFamily inet
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid

# Who: public keys only, each with a forced command.
AllowUsers fosa-read fosa-write
PermitRootLogin no
AuthenticationMethods publickey
PubkeyAuthentication yes
AuthorizedKeysFile /etc/fosa/authorized_keys/%u
PasswordAuthentication no
KbdInteractiveAuthentication no
HostbasedAuthentication no
GSSAPIAuthentication no
PermitEmptyPasswords no
StrictModes yes
UsePAM no
UseDNS no

# What: one command over a pipe. No terminal, no forwarding, no environment.
DisableForwarding yes
AllowTcpForwarding no
AllowStreamLocalForwarding no
AllowAgentForwarding no
X11Forwarding no
PermitTunnel no
GatewayPorts no
PermitTTY no
PermitUserEnvironment no
PermitUserRC no
PrintMotd no
PrintLastLog no

# How long and how often.
LoginGraceTime 20
MaxAuthTries 3
MaxSessions 10
MaxStartups 10:30:60
ClientAliveInterval 15
ClientAliveCountMax 4
TCPKeepAlive no

# With what.
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,ecdh-sha2-nistp384
HostKeyAlgorithms ssh-ed25519
PubkeyAcceptedAlgorithms ssh-ed25519,ecdsa-sha2-nistp384,sk-ssh-ed25519@openssh.com
Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
RekeyLimit 1G 1h
Compression no

SyslogFacility AUTH
LogLevel VERBOSE
END-OF-sshd_config

# What the break-glass sheet goes back to: the first firewall and the first door, whatever a push has put in their places.
mkdir -p /usr/local/lib/fosa/day-zero
for file in /etc/nftables.conf /etc/ssh/sshd_config; do
    cp -p "$file" "/usr/local/lib/fosa/day-zero/${file##*/}.new"
    mv "/usr/local/lib/fosa/day-zero/${file##*/}.new" "/usr/local/lib/fosa/day-zero/${file##*/}"
done

# ---- The two accounts: forced commands, no password, one rule of sudo each ---------------------------------------------

if ! id -u fosa-read >/dev/null 2>&1; then
    useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' fosa-read
fi
put /etc/fosa/authorized_keys/fosa-read 0644 <<'END-OF-KEYS'
restrict,from="10.64.0.10",command="sudo -n /usr/local/lib/fosa/gate read \"$SSH_ORIGINAL_COMMAND\"" ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
END-OF-KEYS

if ! id -u fosa-write >/dev/null 2>&1; then
    useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' fosa-write
fi
put /etc/fosa/authorized_keys/fosa-write 0644 <<'END-OF-KEYS'
restrict,from="10.64.0.10",command="sudo -n /usr/local/lib/fosa/gate write \"$SSH_ORIGINAL_COMMAND\"" ssh-ed25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
END-OF-KEYS

put /etc/sudoers.d/fosa 0440 <<'END-OF-SUDOERS'
fosa-read ALL=(root) NOPASSWD: /usr/local/lib/fosa/gate read *
fosa-write ALL=(root) NOPASSWD: /usr/local/lib/fosa/gate write *
END-OF-SUDOERS

# ---- Keys made here, that never leave ------------------------------------------------------------------------------------

if [ ! -s /etc/fosa/mask.key ]; then
    (
        umask 077
        head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >/etc/fosa/mask.key
    )
fi
if [ ! -s /etc/ssh/ssh_host_ed25519_key ]; then
    ssh-keygen -q -t ed25519 -N '' -C gw-b -f /etc/ssh/ssh_host_ed25519_key
fi

# ---- Closed first, then connected -----------------------------------------------------------------------------------------

nft -f /etc/nftables.conf
/usr/local/lib/fosa/network

# Without systemd somebody else starts the services, in this order.
if [ -d /run/systemd/system ]; then
    put /etc/systemd/system/fosa-boot.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Undo an unconfirmed change before the firewall is loaded
DefaultDependencies=no
After=local-fs.target
Before=nftables.service fosa-network.service strongswan.service ssh.service
[Service]
Type=oneshot
ExecStart=/usr/local/lib/fosa/gate boot
[Install]
WantedBy=sysinit.target
END-OF-UNIT
    put /etc/systemd/system/fosa-network.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Interfaces, addresses and routes of this gateway
After=nftables.service
Before=network.target strongswan.service ssh.service
Wants=network-pre.target
StartLimitIntervalSec=0
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/lib/fosa/network
# A card may show late.
Restart=on-failure
RestartSec=2
[Install]
WantedBy=multi-user.target
END-OF-UNIT
    put /etc/systemd/system/fosa-tunnels.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Open this gateway's tunnels again, whatever refused them
After=strongswan.service
[Service]
ExecStart=/usr/local/lib/fosa/tunnels
Restart=always
[Install]
WantedBy=multi-user.target
END-OF-UNIT
    put /etc/systemd/system/fosa-lines.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Keep this gateway's tunnels and default route on lines that carry
After=fosa-network.service strongswan.service
[Service]
ExecStart=/usr/local/lib/fosa/lines /etc/fosa/lines.json
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
END-OF-UNIT
    # A process of its own beside every session: nothing that ends sessions, or the SSH server, ends it.
    put /etc/systemd/system/fosa-deadman@.service 0644 <<'END-OF-UNIT'
[Unit]
Description=Take change %i back unless it is confirmed
[Service]
Type=notify
ExecStart=/usr/local/lib/fosa/gate fire %i
TimeoutStartSec=5
OOMScoreAdjust=-900
# Whichever of its two halves is killed, the other one stays.
KillMode=process
StandardOutput=null
END-OF-UNIT
    # Debian gives them up when they cannot start: then nobody could come to help.
    for unit in ssh strongswan; do
        mkdir -p "/etc/systemd/system/$unit.service.d"
        put "/etc/systemd/system/$unit.service.d/fosa.conf" 0644 <<'END-OF-UNIT'
[Unit]
StartLimitIntervalSec=0
[Service]
Restart=always
RestartSec=2
RestartPreventExitStatus=
END-OF-UNIT
    done
    systemctl daemon-reload
    systemctl enable fosa-boot fosa-network fosa-tunnels nftables strongswan ssh
    systemctl start nftables fosa-network
    systemctl restart strongswan ssh fosa-tunnels
    systemctl enable fosa-lines
    systemctl restart fosa-lines
fi

echo "host key, to be compared when this gateway is enrolled:"
cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub
ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub
