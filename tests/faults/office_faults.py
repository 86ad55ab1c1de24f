"""Faults of what stands in the office: power, lines, clocks, switches, printers, a gateway's rules, the daily query."""

from __future__ import annotations

import contextlib
import socket
import struct
import subprocess
import time
from collections.abc import Sequence
from ipaddress import IPv4Address
from threading import Event, Thread

from blackbox import Question
from breaking import Fault
from line_faults import BEHIND, GIVEN_UP, PING, UNSEEN
from platform_faults import set_to
from powering import power_off, power_on

from bench.acts import Act, dropped, kill, let_through, shell, start, then
from bench.stage import Standing
from lab import namespace
from lab.office import host_command
from lab.paths import LabPaths
from lab.plan import topology_of
from lab.standins.mood import Mood

__all__ = ["FAULTS"]

_HUB, _STANDBY, _SPOKE, _OTHER = "gw-k", "gw-k2", "gw-b", "gw-c"
_SWITCH, _SWITCH_ADDRESS = "sw-b-1", "10.64.16.11"
_PRINTER, _PRINTERS, _PRINTER_ADDRESS = "prn-k-05", "printers-prn-k", "10.64.7.14/26"
_NTP_PORT, _UNIX_AS_NTP, _OFF_S = 123, 2_208_988_800, 10
_OPENED = """\
nft list ruleset > /run/kept.nft
nft insert rule inet fosa guard ip daddr 10.64.16.0/20 accept
nft insert rule inet fosa guard_sender accept
ip route add 10.64.16.0/20 via 203.0.113.9 metric 5000
"""
"""Typed by hand: a way past the tunnel, and rules that let through what is to stay inside."""
_CLOSED = """\
ip route del 10.64.16.0/20 via 203.0.113.9 metric 5000
(echo flush ruleset; cat /run/kept.nft) | nft -f -
"""
_FORGOTTEN = """\
nft flush set inet fosa asked
nft add element inet fosa asked '{ 0.0.0.0 . 0.0.0.0 timeout 14d expires 4d }'
nft add element inet fosa asked '{ 10.64.2.10 . 192.0.2.80 timeout 14d expires 5d }'
"""
"""The notes of ten days in which a domain system asked on the ninth day before today for the last time."""


_ASK = "import socket; socket.create_connection(('192.0.2.80', 443), 10).close()"


class _WrongClock:
    """Answers in the place of a gateway's chrony, ten seconds ahead (RFC 5905, section 7.3)."""

    def __init__(self, device: str, address: IPv4Address) -> None:
        self._device, self._place, self._ended = device, (str(address), _NTP_PORT), Event()
        self._thread: Thread | None = None

    def begin(self, there: Standing) -> None:
        """In the gateway's network."""
        there.device(self._device, "systemctl", "stop", "chrony")
        listening = namespace.inside(LabPaths.of(there.name, there.state).prefix + self._device, self._bound)
        self._ended.clear()
        self._thread = Thread(target=self._answer, args=(listening,))
        self._thread.start()

    def end(self, there: Standing) -> None:
        """And chrony again."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        there.device(self._device, "systemctl", "start", "chrony")

    def _bound(self) -> socket.socket:
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        made.bind(self._place)
        made.settimeout(0.2)
        return made

    def _answer(self, listening: socket.socket) -> None:
        with listening:
            while not self._ended.is_set():
                with contextlib.suppress(TimeoutError):
                    question, whence = listening.recvfrom(512)
                    now = round((time.time() + _UNIX_AS_NTP + _OFF_S) * 2**32)
                    head = struct.pack(">BBbbIII", 0x24, 2, 6, -20, 0, 0, 0x7F000001)
                    listening.sendto(head + struct.pack(">Q8sQQ", now, question[40:48], now, now), whence)


_clock = _WrongClock(_OTHER, IPv4Address("10.64.32.1"))


class _Asking:
    """A domain system that asks the platform through the tunnel again and again."""

    def __init__(self) -> None:
        self._running: subprocess.Popen[bytes] | None = None

    def begin(self, there: Standing) -> None:
        """Each question is a packet that goes in."""
        code = (
            "import socket, time\n"
            "while True:\n"
            "    one = socket.socket(); one.setblocking(False); one.connect_ex(('192.0.2.100', 443))\n"
            "    time.sleep(0.05); one.close()\n"
        )
        argv = host_command(there.name, there.state, "sd-k", ["python3", "-c", code])
        self._running = subprocess.Popen(argv, stdin=subprocess.DEVNULL)

    def end(self, _there: Standing) -> None:
        """No more, once there may have been an answer: before anything comes out again nobody knows that it does."""
        time.sleep(1.0)
        if self._running is not None:
            self._running.kill()
            self._running.wait()


_asking = _Asking()


def _within(node: str, argv: Sequence[str]) -> Act:
    """A program of this machine in the network of a host."""

    def act(there: Standing) -> None:
        subprocess.run(host_command(there.name, there.state, node, argv), check=True, capture_output=True, timeout=60)

    return act


def _plug(node: str, state: str) -> Act:
    """The far end of its cable: it loses its carrier and keeps its addresses."""

    def act(there: Standing) -> None:
        plug = topology_of(there.office).opposite(node, "eth0")
        assert plug is not None, f"{node} has no cable in the lab"
        _within(plug.node, ["ip", "link", "set", plug.interface, state])(there)

    return act


FAULTS = (
    Fault(
        name=f"power of {_SPOKE} cut",
        breaks=lambda there: power_off(there.name, _SPOKE),
        mends=lambda there: power_on(there.name, _SPOKE),
        subject="tunnel:k-b",
        cause="far_end_silent",
        follows=BEHIND,
        box=PING,
        charon=GIVEN_UP,
    ),
    Fault(
        name=f"line of {_SPOKE} cut",
        breaks=lambda there: there.line(_SPOKE, "down"),
        mends=lambda there: there.line(_SPOKE, "up"),
        subject="tunnel:k-b",
        cause="far_end_silent",
        broken=("link:b-isp1",),
        follows=BEHIND,
        box=PING,
        charon=UNSEEN,
        lasts=False,
    ),
    Fault(
        name=f"line of {_HUB} cut",
        breaks=lambda there: there.line(_HUB, "down"),
        mends=lambda there: there.line(_HUB, "up"),
        subject="link:k-isp1",
        cause="no_carrier",
        broken=("tunnel:k-b", "tunnel:k-c", "tunnel:k-platform"),
        follows="probe:.*",
        box=PING,
        charon=UNSEEN,
    ),
    Fault(
        name="a far end that is not ours stands, and nothing comes out of it",
        breaks=then(dropped("ip saddr 192.0.2.10 udp dport 4500 @th,64,32 != 0", _HUB), _asking.begin),
        mends=then(let_through(_HUB), _asking.end),
        subject="tunnel:k-platform",
        states=("degraded",),
        cause="one_way",
        charon=UNSEEN,
    ),
    Fault(
        name="long packets vanish on the line (MTU)",
        breaks=dropped("udp dport 4500 ip length > 1300", _SPOKE),
        mends=let_through(_SPOKE),
        subject="probe:path-mtu:k-b",
        cause=r"packets longer than \d+ bytes vanish without a word; 1400 are expected",
        box=PING,
        charon=UNSEEN,
        limit_s=120,
    ),
    Fault(
        name=f"clock of {_OTHER} {_OFF_S} s off",
        breaks=_clock.begin,
        mends=_clock.end,
        subject=f"probe:ntp:{_OTHER}",
        cause=f"its clock and this machine's differ by {_OFF_S} s",
        follows="probe:ntp:office",
        charon=UNSEEN,
    ),
    Fault(
        name="a switch dead",
        breaks=_plug(_SWITCH, "down"),
        mends=_plug(_SWITCH, "up"),
        subject=f"device:{_SWITCH}",
        cause="no answer.*",
        box=Question("icmp", _SWITCH_ADDRESS),
        charon=UNSEEN,
    ),
    Fault(
        name="a printer dead",
        breaks=_within(_PRINTERS, ["ip", "addr", "del", _PRINTER_ADDRESS, "dev", "eth0"]),
        mends=_within(_PRINTERS, ["ip", "addr", "add", _PRINTER_ADDRESS, "dev", "eth0"]),
        subject=f"device:{_PRINTER}",
        cause="no answer.*",
        box=Question("icmp", _PRINTER_ADDRESS.partition("/")[0]),
        charon=UNSEEN,
    ),
    Fault(
        name=f"leak opened by hand on {_HUB}, and its tunnel down",
        breaks=then(kill(_SPOKE, "TERM"), shell(_HUB, _OPENED)),
        mends=then(shell(_HUB, _CLOSED), start(_SPOKE)),
        subject="probe:leak:gw-k/k-isp1",
        cause=r"leaves the line in clear: .*10\.64\.16\.1 icmp.*",
        broken=("tunnel:k-b",),
        follows=BEHIND,
        charon=UNSEEN,
    ),
    Fault(
        name="nobody asks the platform any more",
        # Of two gateways either may have seen it: both take note, and what one has not noted is not known.
        breaks=then(set_to(Mood.UNASKED), shell(_HUB, _FORGOTTEN), shell(_STANDBY, _FORGOTTEN)),
        mends=then(set_to(Mood.FINE), _within("sd-k", ["python3", "-c", _ASK])),
        subject="probe:duty:csizs",
        cause=r"nobody asked by [-\d]+ [\d:]+; last on [-\d]+ [\d:]+",
        charon=UNSEEN,
        afresh=True,
        limit_s=90,
    ),
)
