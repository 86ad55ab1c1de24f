"""Many switches that answer SNMP: compiles fastagent.c, runs it, and counts what they were asked."""

from __future__ import annotations

import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from bench.compiled import compiled
from inventory.model import SnmpAuthentication, SnmpPrivacy, SnmpVersion
from monitor.snmp.expected import Credential
from monitor.snmp.session import Keyring

__all__ = [
    "ALGORITHMS",
    "AUTH",
    "CELLS",
    "COMMUNITY",
    "CREDENTIALS",
    "KEYS",
    "PORTS",
    "PRIV",
    "TABLES",
    "USER",
    "Agents",
    "Asked",
    "switched_on",
]

COMMUNITY, USER, AUTH, PRIV = "bench", "bench", "authpass12345", "privpass12345"
ALGORITHMS = "SHA-1/AES-128"
"""HMAC-SHA-1-96 (RFC 3414) and CFB128-AES-128 (RFC 3826), what fosa has Cisco's switches use."""
KEYS = Keyring({"file:community": COMMUNITY, "file:auth": AUTH, "file:priv": PRIV})
CREDENTIALS: Mapping[SnmpVersion, Credential] = {
    SnmpVersion.V2C: Credential(SnmpVersion.V2C, community="file:community"),
    SnmpVersion.V3: Credential(
        SnmpVersion.V3, USER, "file:auth", "file:priv", SnmpAuthentication.SHA1, SnmpPrivacy.AES128
    ),
}
PORTS = 48
TABLES: Mapping[str, int] = {"1.3.6.1.2.1.2.2.1": 22, "1.3.6.1.2.1.31.1.1.1": 19}
"""ifEntry and ifXEntry, with the number of their columns."""
CELLS = PORTS * sum(TABLES.values())
_SOURCE = Path(__file__).with_suffix(".c")
_FIRST, _PER_NET = IPv4Address("127.16.0.1"), 250
_COUNTERS = "3l"


@dataclass(frozen=True, slots=True)
class Asked:
    """What came to all of them together."""

    questions: int
    bindings: int
    """In their answers."""
    reports: int


@dataclass(frozen=True, slots=True)
class Agents:
    """They answer."""

    addresses: tuple[IPv4Address, ...]
    port: int
    pid: int
    _counters: Path

    def asked(self) -> Asked:
        """Since they were switched on."""
        return Asked(*struct.unpack(_COUNTERS, self._counters.read_bytes()))


@contextmanager
def switched_on(devices: int) -> Iterator[Agents]:
    """So many switches of `PORTS` ports, each on a loopback address of its own."""
    with tempfile.TemporaryDirectory(prefix="fosa-bench-") as name:
        folder = Path(name)
        program, counters = compiled(_SOURCE, folder, ("crypto",), "libssl-dev"), folder / "counters"
        port = _free_port()
        words = [str(word) for word in (program, devices, PORTS, port, counters)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "the switches do not start"
            addresses = tuple(_FIRST + (n // _PER_NET) * 256 + n % _PER_NET for n in range(devices))
            try:
                yield Agents(addresses, port, process.pid, counters)
            finally:
                process.stdin.close()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((str(_FIRST), 0))
        return int(free.getsockname()[1])
