"""Connections that are not as they were are proven anew: an SA would live on for a day under terms nobody holds."""

from __future__ import annotations

from threading import Thread

from .charon import lines, tree, tunnels
from .device import Device
from .managed import CERTIFICATE, SWANCTL
from .renewal import END_SECONDS, opened_here, renew
from .tools import run

Held = dict[str, "tuple[str, str]"]
"""Connection -> its terms, and that by which this end proves itself: its certificate, or its shared keys in the file.

To the terms as charon has them belongs what the file says of the connection, because charon tells no proposals.
"""
SHARED = "pre-shared key"


def held(device: Device) -> Held:
    """What charon holds to now; nothing when it does not answer."""
    said = run(["swanctl", "--list-conns", "--pretty"])
    file, shown = text_of(device, SWANCTL), text_of(device, CERTIFICATE)
    secrets = file.partition("\nsecrets {")[2]
    found: Held = {}
    for message in tree(said.text) if said.code == 0 else ():
        for name, terms in message.items():
            # The name on the certificate goes with the certificate.
            told = [line for line in lines(terms) if not line.lstrip().startswith("certs =")]
            text = "\n".join([*told, *block(file, name)])
            shared = "\n".join([*block(secrets, f"ike-{name}"), *block(secrets, f"ike-{name}_previous")])
            found[name] = (text, shared if SHARED in text else shown)
    return found


def block(file: str, name: str) -> list[str]:
    """What a file says of a connection, without comments; nothing when it does not name it."""
    inside, found = False, []
    for line in file.splitlines():
        if line.rstrip() == f"    {name} {{":
            inside = True
        elif line.rstrip() == "    }":
            inside = False
        elif inside and line.strip() and not line.strip().startswith("#"):
            found.append(line.strip())
    return found


def text_of(device: Device, path: str) -> str:
    """A file as it is on the device, nothing when it is not there."""
    try:
        return device.place(path).read_text()
    except OSError:
        return ""


def prove(device: Device, before: Held) -> None:
    """Nothing agreed under terms that have changed or gone stays. Whoever opens a connection opens it again."""
    after, opened, there = held(device), opened_here(device), tunnels()
    changed = [name for name in there if name in before and after.get(name) != before[name]]
    # At once: a far end that is gone takes its time, and all of them have one deadline.
    threads = [Thread(target=end, args=(name,)) for name in changed if name not in after or name not in opened]
    # charon begins again by itself what it opens, except where only the shared key is another.
    same = [name for name in changed if name in opened and name in after and after[name][0] == before[name][0]]
    threads += [Thread(target=renew, args=(device, name)) for name in same if SHARED in after[name][0]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def end(name: str) -> None:
    """End a connection's IKE SA; its far end hears of it if it can."""
    run(["swanctl", "--terminate", "--ike", name, "--force", "--timeout", str(END_SECONDS)])
