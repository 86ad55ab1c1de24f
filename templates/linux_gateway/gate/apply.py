"""A configuration made to run, and the old one again."""

from __future__ import annotations

import os
from pathlib import Path

from .charon import loaded
from .device import Device
from .files import Files
from .managed import NFTABLES, SWANCTL, UNITS, Bundle
from .proof import Held, held, prove
from .tools import load_text, must, run


def apply(files: Files, bundle: Bundle, changed: list[str]) -> None:
    """Files, then the kernel, then charon, then the units whose files changed."""
    before = held(files.device)
    files.switch(bundle, changed)
    must(run(["nft", "-f", "-"], load_text(os.fspath(files.device.place(NFTABLES)))), "internal", NFTABLES)
    must(run(["swanctl", "--load-all", "--noprompt"]), "internal", SWANCTL)
    prove(files.device, before)
    for path in changed:
        if path in UNITS:
            renew(path, *UNITS[path], wanted=path in bundle)


def renew(path: str, action: str, unit: str, *, wanted: bool) -> None:
    """Have a unit read its file; one whose file is gone has nothing to do."""
    must(run(["systemctl", action if wanted else "stop", unit]), "internal", path)
    if wanted:
        must(run(["systemctl", "is-active", unit]), "internal", path)


def reload(device: Device, claimed: Path, existed: dict[str, bool], before: Held) -> list[str]:
    """The kernel as it was (by hand or not), else as its file says; then charon and the units. What failed."""
    rules = [os.fspath(claimed / "rules.nft"), os.fspath(device.place(NFTABLES))]
    faults = [] if any(run(["nft", "-f", "-"], load_text(path)).code == 0 for path in rules) else ["nft"]
    load = ["swanctl", "--load-all", "--noprompt"]
    if run(load).code and (run(["systemctl", "restart", "strongswan"]).code or run(load).code):
        faults.append("swanctl")
    prove(device, before)
    for path, was in existed.items():
        action, unit = UNITS.get(path, ("", ""))
        if unit and run(["systemctl", action if was else "stop", unit]).code:
            faults.append(unit)
    return faults if same_terms(claimed) else [*faults, "the connections that charon had"]


def same_terms(claimed: Path) -> bool:
    """Whether charon has the connections it had when the change was armed, those loaded by hand among them."""
    try:
        kept = (claimed / "charon").read_text()
    except OSError:
        kept = ""
    return not kept or kept == loaded()
