#!/usr/bin/python3 -I
"""Keeps tunnels and the default route on lines that carry.

Through every line echo requests go to the far ends of our own tunnels and to the provider's router, four a second,
also while nobody needs the line: that a second line is dead is to be known before the first one is. Tunnels that this
gateway opens take the first way whose far end answers. The default route goes by the first line through which a far
end answers, or, where none does by any, the provider's router. Told in /run/fosa/lines.

Of two gateways that share their addresses only the one that holds them does any of this. When it begins to, it calls
every far end at once, whose old security association the new one replaces; when it ceases to, it ends all of them. For
a moment both may have worked, because they did not hear each other: far ends then have an association with the one
that has ceased since, and would believe in it until DPD; the one that goes on calls them anew, whatever it believes in
itself. The one that stands by asks for the providers' routers by ARP, from no address: it may not use the lines' own.
Who holds the addresses, and whether keepalived lives, is told in /run/fosa/pair.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

BEAT_S = 0.25
DEAD_S = 1.2
"""No answer for so long, and a way is dead."""
STEADY_S = 5.0
"""A way that was dead is taken again after so long a time of answers."""
CALL_S = 3.0
"""A tunnel that is not up is opened so often."""
TOLD, PAIR = Path("/run/fosa/lines"), Path("/run/fosa/pair")
KEEPALIVED = Path("/run/keepalived.pid")
BOTH = Path("/run/fosa/both-work")
"""keepalived touches it whenever it hears the other gateway work beside this one."""
CEASED_S = 1.2
"""It says so twice a second: nothing for so long, and the other one has ceased."""
METRIC = "50"
"""Before the routes that /usr/local/lib/fosa/network lays."""
ECHO, REPLY, IN_PKTINFO = 8, 0, 8
ANSWERS_A_BEAT = 256
ETH_ARP, ASK_ARP, TELL_ARP = 0x0806, 1, 2
ARP_S = 1.0
"""So often one that stands by asks each provider's router."""
CALLING_S = 10.0
"""So long a gateway that has just taken over calls far ends that otherwise call it."""


class Pair:
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


def checksum(data: bytes) -> int:
    """RFC 1071, over an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


class Asking:
    """The providers' routers, asked for by a gateway that has no address there (RFC 5227, section 2.1.1)."""

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
        return {name: now - last < 3 * ARP_S + BEAT_S for name, last in self.answered.items()}

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


class Lines:
    """The lines of this gateway, from its start to its end."""

    def __init__(self, written: dict[str, object]) -> None:
        self.shared: str = written.get("shared", "")  # type: ignore[assignment]  # as day 0 wrote it
        self.called: list[str] = written.get("called", [])  # type: ignore[assignment]
        self.works, self.worked_at = not self.shared, float("-inf")
        self.both, self.anew = Both(), set[str]()
        self.asking: Asking | None = None
        self.lines: list[dict[str, str]] = written["lines"]  # type: ignore[assignment]  # as day 0 wrote it
        self.far: list[list[str]] = written["far"]  # type: ignore[assignment]
        self.tunnels: dict[str, list[dict[str, str]]] = written["tunnels"]  # type: ignore[assignment]
        routers = [(line["address"], line["gateway"]) for line in self.lines]
        self.pairs = {pair: Pair() for pair in [*((here, there) for here, there in self.far), *routers]}
        self.numbers = dict(enumerate(self.pairs, 1))
        self.token = os.urandom(8)
        self.route = ""
        self.calls: dict[str, tuple[subprocess.Popen[bytes] | None, float, str]] = {}

    def run(self) -> None:
        """For ever."""
        raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        raw.setblocking(False)
        sequence = 0
        while True:
            sequence = (sequence + 1) & 0xFFFF
            if self.shared and not self.working(time.monotonic()):
                time.sleep(BEAT_S)
                continue
            for number, (here, there) in self.numbers.items():
                send(raw, here, there, struct.pack("!BBHHH", ECHO, 0, 0, number, sequence) + self.token)
            time.sleep(BEAT_S)
            self.read(raw, time.monotonic())
            self.act(time.monotonic())

    def working(self, now: float) -> bool:
        """Whether this gateway of two is the one that works; done when that changes."""
        holds, over = held(self.shared), self.both.over(now)
        if over and holds and self.works:
            say("the other gateway has worked, too: calls every far end anew")
            self.worked_at, self.anew = now, {*self.called, *self.tunnels}
        if holds and not self.works:
            say("works")
            self.worked_at = now
            if self.asking is not None:
                self.asking.end()
            self.asking = None
        elif self.works and not holds:
            say("stands by")
            for name in [*self.called, *(way["name"] for ways in self.tunnels.values() for way in ways)]:
                background('timeout 5 swanctl --terminate --ike "$0" --force', name)
        self.works = holds
        put(PAIR, {"holds": holds, "ready": alive(KEEPALIVED)})
        if not holds:
            # With the addresses the kernel has dropped every route of the lines.
            self.route, self.calls = "", {}
            self.asking = self.asking or Asking(self.lines)
            put(TOLD, self.asking.beat(now))
        return holds

    def read(self, raw: socket.socket, now: float) -> None:
        """Take the answers in."""
        for _each in range(ANSWERS_A_BEAT):
            try:
                packet = raw.recv(2048)
            except OSError:
                return
            start = (packet[0] & 15) * 4 if packet else 0
            message = packet[start:]
            if start < 20 or len(message) != 16 or message[0] != REPLY or message[8:] != self.token:
                continue
            here, there = socket.inet_ntoa(packet[16:20]), socket.inet_ntoa(packet[12:16])
            if self.numbers.get(struct.unpack_from("!H", message, 4)[0]) == (here, there):
                self.pairs[here, there].answered(now)

    def act(self, now: float) -> None:
        """Lay the route, move the tunnels, tell."""
        for pair in self.pairs.values():
            pair.judge(now)
        carries = {pair: state.carries for pair, state in self.pairs.items()}
        self.lay(active_line(self.lines, self.far, carries))
        for tunnel, ways in self.tunnels.items():
            self.call(tunnel, ways, wanted_way(ways, carries), now)
        if now - self.worked_at < CALLING_S:
            for name in self.called:
                self.call(name, [{"name": name}], name, now)
        of_far = {tuple(pair) for pair in self.far}
        known = [pair for pair in carries if pair in of_far] or list(carries)
        put(TOLD, {x["interface"]: any(carries[p] for p in known if p[0] == x["address"]) for x in self.lines})

    def lay(self, interface: str) -> None:
        """The default route. Tried again at the next beat where it does not work: an interface may be off."""
        if interface == self.route or len(self.lines) < 2:
            return
        line = next(line for line in self.lines if line["interface"] == interface)
        words = ["ip", "route", "replace", "default", "via", line["gateway"], "dev", interface, "metric", METRIC]
        if subprocess.run(words, check=False, stderr=subprocess.DEVNULL).returncode == 0:  # noqa: S603  of day 0's file
            say(f"default route by {interface}")
            self.route = interface

    def call(self, tunnel: str, ways: list[dict[str, str]], wanted: str, now: float) -> None:
        """Have a tunnel open on the wanted way, and on no other; not waited for.

        A charon that dies or hangs while it is asked must not keep the call for ever: the next one would never begin.
        """
        running, at, last = self.calls.get(tunnel, (None, float("-inf"), ""))
        if running is not None and running.poll() is None:
            return
        anew = tunnel in self.anew
        if wanted == last and now - at < CALL_S and not anew:
            return
        self.anew.discard(tunnel)
        if wanted != last:
            say(f"tunnel {tunnel} by {wanted}")
        others = " ".join(way["name"] for way in ways if way["name"] != wanted)
        script = (
            ("" if anew else 'if timeout 5 swanctl --list-sas --ike "$0" | grep -q INSTALLED; then exit; fi; ')
            + 'timeout 5 swanctl --terminate --ike "$0" --force; '
            'timeout 5 swanctl --initiate --ike "$0" --child "$1" --timeout 4; '
            'for other in $2; do timeout 5 swanctl --terminate --ike "$other" --force; done'
        )
        self.calls[tunnel] = (background(script, wanted, tunnel, others), now, wanted)


def held(address: str) -> bool:
    """Whether an address is on this device."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return False
    return True


def touched(file: Path) -> int:
    """When it was, in nanoseconds; 0: never."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def alive(number: Path) -> bool:
    """Whether the process whose number stands in a file lives."""
    try:
        os.kill(int(number.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return False
    return True


def background(script: str, *words: str) -> subprocess.Popen[bytes]:
    """A few lines of shell, not waited for."""
    quiet = subprocess.DEVNULL
    called = ["sh", "-c", script, *words]
    return subprocess.Popen(called, stdin=quiet, stdout=quiet, stderr=quiet)  # noqa: S603  of day 0's file


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


def send(raw: socket.socket, here: str, there: str, bare: bytes) -> None:
    """From that address of ours; one that is gone sends nothing."""
    message = bare[:2] + struct.pack("!H", checksum(bare)) + bare[4:]
    own = struct.pack("@i4s4s", 0, socket.inet_aton(here), bytes(4))
    try:
        raw.sendmsg([message], [(socket.IPPROTO_IP, IN_PKTINFO, own)], 0, (there, 0))
    except OSError:
        return


if __name__ == "__main__":
    Lines(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))).run()
