"""What leaves a line and must not: the heads of packets with a protected address, and of tunnels without encryption.

tcpdump does the catching, in the kernel, with a filter that is made here and that nobody can choose. Nothing is stored.
"""

from __future__ import annotations

import base64
import contextlib
import ipaddress
import json
import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path

from .errors import GateError
from .managed import SWANCTL
from .relay import IN, Ends
from .request import parse
from .tools import must, run

HEAD_BYTES, LIMIT_PACKETS = 128, 200
"""Enough for the addresses, the ports and a canary in the payload of an echo request, also inside another tunnel."""

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
LIMIT_NETWORKS, LIMIT_BYTES = 64, 1 << 16
SELECTOR = re.compile(r"^\s*(?:local|remote)_ts\s*=\s*(.+)$", re.MULTILINE)
DROPPED = re.compile(r"^(\d+) packets? dropped by (?:kernel|interface)", re.MULTILINE)
STATISTICS = "/sys/class/net/{}/statistics/tx_packets"


def sniff(words: str, ends: Ends) -> None:
    """One JSON line at once, one a second, and a last one with what was caught; then the end.

    GateError `refused` for what is no line: an interface that no default route leads to.
    """
    role, _space, asked = words.partition(" ")
    _verb, interface, seconds = parse(role, asked)
    if interface not in lines():
        raise GateError("refused", "only a line that a default route leads to may be listened at", interface)
    networks = protected()
    expression = filter_of(networks, own_addresses(interface))
    how = ["-i", interface, "-Q", "out", "-n", "-p", "-U", "-Z", "nobody", "--immediate-mode"]
    limits = ["-s", str(HEAD_BYTES), "-c", str(LIMIT_PACKETS), "-w", "-"]
    try:
        tool = subprocess.Popen(
            # Whatever becomes of this process, nobody listens for ever.
            ["timeout", "-s", "KILL", str(seconds + 15), "tcpdump", *how, *limits, expression],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise GateError("internal", f"tcpdump: {error.strerror}") from error
    with tool:
        try:
            tell(ends, {"interface": interface, "networks": networks, "seconds": seconds})
            Listening(tool, ends, interface).run(seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(tool.pid, signal.SIGKILL)


class Listening:
    """tcpdump at work. The client's end ends it, too."""

    def __init__(self, tool: subprocess.Popen[bytes], ends: Ends, interface: str) -> None:
        assert tool.stdout is not None  # noqa: S101  pipes were asked for
        assert tool.stderr is not None  # noqa: S101
        self.tool, self.ends, self.interface = tool, ends, interface
        self.caught, self.said = bytearray(), bytearray()
        self.open = {tool.stdout.fileno(): self.caught, tool.stderr.fileno(): self.said}
        self.left_at_first = left(interface)

    def run(self, seconds: int) -> None:
        """So long, and what tcpdump still has to say."""
        until = self.wait_until_listening(time.monotonic() + 5) + seconds
        while self.open and time.monotonic() < until:
            if not self.listen(min(until, time.monotonic() + 1.0)):
                return
            tell(self.ends, {"left": left(self.interface) - self.left_at_first})
        count = left(self.interface) - self.left_at_first
        with contextlib.suppress(ProcessLookupError):
            self.tool.send_signal(signal.SIGTERM)
        patience = time.monotonic() + 5
        while self.open and time.monotonic() < patience:
            if not self.listen(patience):
                return
        dropped = sum(int(number) for number in DROPPED.findall(self.said.decode("utf-8", "replace")))
        pcap = base64.b64encode(self.caught).decode()
        tell(self.ends, {"done": not self.open, "left": count, "dropped": dropped, "pcap": pcap})

    def wait_until_listening(self, patience: float) -> float:
        """The instant from which on nothing is missed; GateError when tcpdump refuses to listen."""
        while b"listening on" not in self.said:
            if not self.open or time.monotonic() > patience:
                raise GateError("internal", self.said.decode("utf-8", "replace")[-500:] or "tcpdump says nothing")
            if not self.listen(time.monotonic() + 0.1):
                raise GateError("internal", "nobody listens any more")
        return time.monotonic()

    def listen(self, until: float) -> bool:
        """Take in what comes until then, or until tcpdump has ended; false when the client is gone."""
        poller = select.poll()
        poller.register(self.ends.asks, IN)
        for end in self.open:
            poller.register(end, IN)
        while self.open and (wait := until - time.monotonic()) > 0:
            for end, _happened in poller.poll(wait * 1000):
                if end == self.ends.asks:
                    if os.read(end, 1):
                        raise GateError("refused", "nothing can be asked while it listens")
                    return False
                chunk = os.read(end, 65536)
                self.open[end] += chunk[: LIMIT_BYTES - len(self.open[end])]
                if not chunk:
                    poller.unregister(end)
                    del self.open[end]
        return True


def tell(ends: Ends, said: dict[str, object]) -> None:
    """One line. Whoever is gone is seen at the next reading."""
    with contextlib.suppress(BrokenPipeError):
        os.write(ends.tells, json.dumps(said).encode() + b"\n")


def lines() -> frozenset[str]:
    """The interfaces that a default route leads to, in any table."""
    listed = json.loads(must(run(["ip", "-j", "-4", "route", "show", "table", "all"]), "internal", "ip route") or "[]")
    routes = [route for route in listed if isinstance(route, dict) and route.get("dst") == "default"]
    hops = [hop for route in routes for hop in (route, *route.get("nexthops", ()))]
    return frozenset(str(hop["dev"]) for hop in hops if "dev" in hop)


def own_addresses(interface: str) -> list[str]:
    """The IPv4 addresses of an interface."""
    listed = json.loads(must(run(["ip", "-j", "-4", "addr", "show", "dev", interface]), "internal", interface) or "[]")
    found = [entry.get("local", "") for link in listed if isinstance(link, dict) for entry in link.get("addr_info", ())]
    return [str(ipaddress.IPv4Address(text)) for text in found[:LIMIT_NETWORKS]]


def protected(path: Path = Path(SWANCTL)) -> list[str]:
    """Private networks, and what the tunnels of this gateway carry between."""
    try:
        text = path.read_text(errors="replace")
    except OSError:
        text = ""
    found = {ipaddress.IPv4Network(network) for network in PRIVATE}
    for words in SELECTOR.findall(text):
        for word in words.split(","):
            with contextlib.suppress(ValueError):
                found.add(ipaddress.IPv4Network(word.strip(), strict=False))
    return [str(network) for network in ipaddress.collapse_addresses(found)][:LIMIT_NETWORKS]


def filter_of(networks: list[str], own: list[str]) -> str:
    """tcpdump's words for what must not leave a line.

    IKE and ESP from the line's own address are the tunnels themselves; DHCP speaks to a provider's private address.
    """
    to = " or ".join(f"dst net {network}" for network in networks)
    of = " or ".join(f"src net {network}" for network in networks)
    mine = " or ".join(f"src host {address}" for address in own) or "less 0"
    four = f"({to}) or (({of}) and not ({mine})) or proto 4 or proto 41 or proto 47 or icmp[icmptype] = icmp-echo"
    carriers = f"(({mine}) and (proto 50 or udp port 500 or udp port 4500)) or (udp src port 68 and udp dst port 67)"
    six = "ip6 and not (src net fe80::/10 or src host ::)"
    return f"(ip and ({four}) and not ({carriers})) or ({six})"


def left(interface: str) -> int:
    """How many packets have left an interface since it exists."""
    try:
        return int(Path(STATISTICS.format(interface)).read_text())
    except (OSError, ValueError):
        return 0
