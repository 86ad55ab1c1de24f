"""Day 0: what a person does at a new gateway's console before fosa can reach it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from inventory.errors import LabError
from inventory.model import Device, Office
from inventory.words import gettext as _
from lab.device import Device as LabDevice
from templates import render
from templates.linux_gateway.programs import programs

__all__ = ["apply", "day_zero", "host_key"]


def day_zero(office: Office, device: Device, read: str, write: str) -> str:
    """The script a person would type at the console of a new gateway, with the manager's two public keys in it."""
    keys = render.ManagerKeys(read=read, write=write)
    return render.day_zero(office, device, keys, today=dt.datetime.now(dt.UTC).date(), programs=programs())


def apply(office: Office, devices: Mapping[str, LabDevice], write: Callable[[Device], str]) -> dict[str, str]:
    """Type the script in at every managed gateway; their host keys by name. LabError names the gateway that refused."""
    managed = office.gateways
    with ThreadPoolExecutor(max_workers=4) as pool:
        keys = pool.map(lambda device: _apply_one(devices[device.name], write(device)), managed)
        return dict(zip((device.name for device in managed), keys, strict=True))


def host_key(device: LabDevice) -> str:
    """The public host key of a gateway, read at its console: this is how a key gets pinned."""
    words = device.must(["cat", "/etc/ssh/ssh_host_ed25519_key.pub"]).split()
    return " ".join(words[:2])


def _apply_one(device: LabDevice, script: str) -> str:
    done = device.run(["/bin/sh", "-eu", "-s"], text=script)
    if done.returncode:
        why = (done.stderr or done.stdout).strip()[-600:]
        raise LabError(_("day 0 of {device} fails: {why}").format(device=device.name, why=why))
    return host_key(device)
