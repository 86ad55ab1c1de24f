"""A gateway of the practice office whose power is cut from outside, and that is switched on again."""

from __future__ import annotations

import atexit
import os
import signal
from dataclasses import replace

from standing import NAME, STATE, office_folder, until
from table import expect

from inventory.load import load
from lab.device import Device, Plant
from lab.namespace import batch
from lab.office import status
from lab.paths import LabPaths, write_status
from lab.plan import topology_of
from lab.root import Disk, layers

__all__ = ["power_cut"]


def power_cut(name: str) -> None:
    """Take the power away, and give it back: it boots by itself, from what is on its disk. This process owns it then,
    and it must be called from the main thread.
    """
    paths = LabPaths.of(NAME, STATE)
    now = status(NAME, STATE)
    assert now is not None
    old = now.node(name)
    os.kill(old.init, signal.SIGKILL)
    expect("the power to be off", holds=until(lambda: not _alive(old.init), 10))
    device = _like(name, old.namespace, paths)
    batch(
        (line for port in device.interfaces for line in (f"link set {port} down", f"addr flush dev {port}")),
        old.namespace,
    )
    device.start()
    atexit.register(device.destroy)
    nodes = tuple(replace(node, init=device.init) if node.name == name else node for node in now.nodes)
    write_status(paths, replace(now, nodes=nodes))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _like(name: str, namespace: str, paths: LabPaths) -> Device:
    """The device as the one who built the office has it."""
    node = topology_of(load(office_folder()).require()).node(name)
    ports = tuple(port.name for port in node.interfaces)
    plant = Plant(paths.folder / "platform" / "enter", layers(paths.folder / "platform", paths.daemons))
    return Device(name, namespace, ports, Disk(paths.device(name)), plant)
