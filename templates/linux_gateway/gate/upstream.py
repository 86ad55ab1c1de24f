"""What a gateway needs from elsewhere: its sources of time, and the servers that keep its logs."""

from __future__ import annotations

import contextlib
import re
import socket
import sys
from pathlib import Path

from .device import Device
from .managed import RSYSLOG
from .tools import LIMIT_IN, LIMIT_OUT, run

CHRONYD = "/run/chrony/chronyd.sock"
CONNECTIONS = Path("/proc/net/tcp")
ESTABLISHED = 1
LOST_TRIES = 3
"""So often the same bytes were sent again without an answer: nobody is there, whatever the connection is called."""

ACTION = re.compile(r"(?s)\baction\s*\((?:[^()\"]|\"(?:[^\"\\]|\\.)*\")*\)")
PARAMETER = re.compile(r"(?s)([\w.]+)\s*=\s*\"((?:[^\"\\]|\\.)*)\"")

Entry = dict[str, object]


def time_sources() -> list[Entry] | None:
    """chronyd's sources as it sees them now; None when it does not answer."""
    # By its socket: without one, chronyc would ask the network for seconds.
    said = run(["chronyc", "-h", CHRONYD, "-c", "-n", "sources"], seconds=5)
    return sources(said.text) if said.code == 0 else None


def log_targets(device: Device) -> list[Entry] | None:
    """The servers that rsyslog's file names, and whether there is a connection to each; None when it cannot be read."""
    try:
        with device.place(RSYSLOG).open("rb") as file:
            text = file.read(LIMIT_IN).decode("utf-8", "replace")
        with CONNECTIONS.open("rb") as file:
            peers = connected(file.read(LIMIT_OUT).decode("ascii", "replace"))
    except FileNotFoundError:
        return [] if not device.place(RSYSLOG).exists() else None
    except OSError:
        return None
    return targets(text, peers)


def sources(text: str) -> list[Entry] | None:
    """The lines of `chronyc -c sources`; None when one is not understood.

    A source is reachable while one of its last eight questions was answered.
    """
    found: list[Entry] = []
    for line in text.splitlines():
        fields = line.split(",")
        try:
            reach, offset = int(fields[5], 8), float(fields[7])
        except (IndexError, ValueError):
            return None
        found.append(
            {
                "source": fields[2],
                "reachable": reach != 0,
                "selected": fields[1] == "*",
                "offset_s": offset if reach else None,
            }
        )
    return found


def targets(text: str, peers: set[tuple[str, int]]) -> list[Entry]:
    """Every target of rsyslog's forwarding module, in the order of its file.

    `established` is None where it cannot be seen: a target by name, or over UDP.
    """
    found: list[Entry] = []
    for action in ACTION.findall(re.sub(r"(?m)^\s*#.*$", "", text)):
        given = {name.lower(): value for name, value in PARAMETER.findall(action)}
        if given.get("type", "").lower() != "omfwd" or "target" not in given:
            continue
        server, port = given["target"], given.get("port", "514")
        number = int(port) if port.isdecimal() and int(port) < 65536 else 0
        seen = number and given.get("protocol", "udp").lower() == "tcp" and is_address(server)
        found.append({"server": server, "port": number, "established": (server, number) in peers if seen else None})
    return found


def connected(table: str) -> set[tuple[str, int]]:
    """The far ends of the kernel's TCP connections over IPv4 that stand and are answered."""
    found = set()
    for line in table.splitlines()[1:]:
        fields = line.split()
        with contextlib.suppress(IndexError, ValueError):
            if int(fields[3], 16) == ESTABLISHED and int(fields[6], 16) < LOST_TRIES:
                address, _, port = fields[2].partition(":")
                found.add((socket.inet_ntoa(int(address, 16).to_bytes(4, sys.byteorder)), int(port, 16)))
    return found


def is_address(text: str) -> bool:
    """Whether a target is an address of IPv4 as the kernel's table has it."""
    with contextlib.suppress(OSError):
        return socket.inet_ntoa(socket.inet_aton(text)) == text
    return False
