"""A configuration made to run, and the old one again."""

from __future__ import annotations

import os
from pathlib import Path

from .device import Device
from .files import Files
from .managed import CERTIFICATE, NFTABLES, SWANCTL, UNITS, Bundle
from .renewal import renew
from .tools import load_text, must, run


def apply(files: Files, bundle: Bundle, changed: list[str]) -> None:
    """Files, then the kernel, then charon, then the units whose files changed."""
    files.switch(bundle, changed)
    must(run(["nft", "-f", "-"], load_text(os.fspath(files.device.place(NFTABLES)))), "internal", NFTABLES)
    must(run(["swanctl", "--load-all", "--noprompt"]), "internal", SWANCTL)
    if CERTIFICATE in changed:
        renew(files.device)
    for path in changed:
        if path in UNITS:
            must(run(["systemctl", *UNITS[path]]), "internal", path)
            must(run(["systemctl", "is-active", UNITS[path][1]]), "internal", path)


def reload(device: Device, claimed: Path, existed: dict[str, bool]) -> list[str]:
    """The kernel as it was (by hand or not), else as its file says; then charon and the units."""
    rules = [os.fspath(claimed / "rules.nft"), os.fspath(device.place(NFTABLES))]
    codes = [0] if any(run(["nft", "-f", "-"], load_text(path)).code == 0 for path in rules) else [1]
    faults = ["nft"] if codes != [0] else []
    if run(["swanctl", "--load-all", "--noprompt"]).code:
        faults.append("swanctl")
    if CERTIFICATE in existed:
        renew(device)
    for path, was in existed.items():
        action, unit = UNITS.get(path, ("", ""))
        if unit and run(["systemctl", action if was else "stop", unit]).code:
            faults.append(unit)
    return faults
