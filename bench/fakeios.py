"""Many emulated switches at the other end of SSH: compiles fakeios.c, runs it, and counts what was done to them."""

from __future__ import annotations

import socket
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh

from bench.compiled import compiled

__all__ = ["PASSWORD", "USER", "Done", "Switches", "switched_on"]

USER, PASSWORD = "bench", "admin"
_SOURCE = Path(__file__).with_suffix(".c")
_FIRST, _PER_NET = IPv4Address("127.0.2.1"), 250
_COUNTERS = "5l"


@dataclass(frozen=True, slots=True)
class Done:
    """What happened to all of them together."""

    logins: int
    lines: int
    saves: int


@dataclass(frozen=True, slots=True)
class Switches:
    """They listen."""

    addresses: tuple[IPv4Address, ...]
    port: int
    host_key: str
    """As a known_hosts file has it; the same for all."""
    _counters: Path

    def done(self) -> Done:
        """Since they were switched on."""
        _connections, logins, _commands, lines, saves = struct.unpack(_COUNTERS, self._counters.read_bytes())
        return Done(logins, lines, saves)


@contextmanager
def switched_on(devices: int, login_ms: int = 0, line_ms: int = 0) -> Iterator[Switches]:
    """So many of them, on loopback addresses of their own. Each takes so long to let somebody in, and for a line."""
    with tempfile.TemporaryDirectory(prefix="fosa-bench-") as name:
        folder = Path(name)
        program = compiled(_SOURCE, folder, ("ssh", "pthread"), "libssh-dev")
        key, counters = folder / "key", folder / "counters"
        private = asyncssh.generate_private_key("ssh-ed25519")
        private.write_private_key(str(key))
        key.chmod(0o600)
        port = _free_port()
        words = [str(word) for word in (program, devices, port, key, counters, login_ms, line_ms)]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "the switches do not start"
            public = private.export_public_key().decode().strip()
            addresses = tuple(_FIRST + (n // _PER_NET) * 256 + n % _PER_NET for n in range(devices))
            yield Switches(addresses, port, public, counters)
            process.stdin.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((str(_FIRST), 0))
        return int(listener.getsockname()[1])
