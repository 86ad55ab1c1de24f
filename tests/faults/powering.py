"""A gateway of a practice office whose power is cut from outside, and that is switched on again."""

from __future__ import annotations

import atexit
import os
import signal
from dataclasses import replace

from standing import NAME, STATE, until
from table import expect

from inventory.load import load
from lab.device import Device, Plant
from lab.namespace import batch
from lab.office import status
from lab.paths import LabPaths, Status, write_status
from lab.plan import topology_of
from lab.root import Disk, layers

__all__ = ["power_cut", "power_off", "power_on"]


def power_cut(device: str) -> None:
    """Take the power away, and give it back: it boots by itself, from what is on its disk. This process owns it then,
    and it must be called from the main thread.
    """
    power_off(NAME, device)
    power_on(NAME, device)


def power_off(lab: str, device: str) -> None:
    """Every process of it is gone."""
    init = _status(lab).node(device).init
    os.kill(init, signal.SIGKILL)
    expect("the power to be off", holds=until(lambda: not _alive(init), 10))


def power_on(lab: str, device: str) -> None:
    """As `power_cut`."""
    now, paths = _status(lab), LabPaths.of(lab, STATE)
    namespace = now.node(device).namespace
    one = _like(device, namespace, paths)
    batch((line for port in one.interfaces for line in (f"link set {port} down", f"addr flush dev {port}")), namespace)
    one.start()
    atexit.register(one.destroy)
    nodes = tuple(replace(node, init=one.init) if node.name == device else node for node in now.nodes)
    write_status(paths, replace(now, nodes=nodes))


def _status(lab: str) -> Status:
    now = status(lab, STATE)
    assert now is not None, f"lab {lab} is not up"
    return now


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _like(device: str, namespace: str, paths: LabPaths) -> Device:
    """The device as the one who built the office has it."""
    node = topology_of(load(paths.office).require()).node(device)
    ports = tuple(port.name for port in node.interfaces)
    plant = Plant(paths.folder / "platform" / "enter", layers(paths.folder / "platform", paths.daemons))
    return Device(device, namespace, ports, Disk(paths.device(device)), plant)
