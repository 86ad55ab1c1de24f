"""Tunnels proven anew: what charon has once believed it would go on believing for a day."""

from __future__ import annotations

import re
import time

from .charon import tree, tunnels
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


def renew(device: Device, connection: str) -> None:
    """Prove a connection anew with what is loaded now, by a second IKE SA beside the one that stands.

    Nothing is lost on the way where both ends agree. Where they do not, the old SA says nothing for the new terms: it
    is ended, and the tunnel is as far away as it would be the next day.
    """
    before, until = established(connection), time.monotonic() + OPEN_SECONDS
    run(["swanctl", "--rekey", "--ike", connection, "--reauth"])
    while not established(connection) - before:
        if time.monotonic() > until:
            reauthenticate(device, connection)
            return
        time.sleep(0.1)


def established(connection: str) -> set[str]:
    """The numbers of a connection's IKE SAs that stand."""
    said = run(["swanctl", "--list-sas", "--ike", connection, "--pretty"])
    found = (message.get(connection) for message in tree(said.text))
    return {str(sa["uniqueid"]) for sa in found if isinstance(sa, dict) and sa.get("state") == "ESTABLISHED"}


def opened_here(device: Device) -> set[str]:
    """The connections this end opens: each has one child, of its own name."""
    name, found = "", set()
    for line in device.place(SWANCTL).read_text().splitlines():
        block = BLOCK.match(line)
        name = block[1] if block else name
        if line.strip() == "start_action = start":
            found.add(name)
    return found
