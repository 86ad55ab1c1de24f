"""Tunnels proven anew: what charon has once believed it would go on believing for a day."""

from __future__ import annotations

import re

from .charon import tunnels
from .device import Device
from .managed import SWANCTL
from .tools import run

END_SECONDS, OPEN_SECONDS = 5, 5
BLOCK = re.compile(r"\s*([a-z][a-z0-9-]*) \{\Z")


def reauthenticate(device: Device, connection: str) -> dict[str, object]:
    """End a connection's IKE SA, so that both ends must prove again who they are; whoever opens it opens it again."""
    if connection in tunnels():
        run(["swanctl", "--terminate", "--ike", connection, "--force", "--timeout", str(END_SECONDS)])
    if connection in opened_here(device):
        # Ended by itself, charon does not open it again.
        run(["swanctl", "--initiate", "--child", connection, "--timeout", str(OPEN_SECONDS)])
    return {"tunnel": tunnels().get(connection, {"state": "", "children": {}})}


def opened_here(device: Device) -> set[str]:
    """The connections this end opens: each has one child, of its own name."""
    name, found = "", set()
    for line in device.place(SWANCTL).read_text().splitlines():
        block = BLOCK.match(line)
        name = block[1] if block else name
        if line.strip() == "start_action = start":
            found.add(name)
    return found
