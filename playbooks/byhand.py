"""What a person needs to run the plays by hand: hosts.yml, known_hosts, a bundle a device; no secret in any of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.model import Access
from playbooks.drivers.bundle import sealed
from playbooks.drivers.pinned import host_variables, known_hosts

if TYPE_CHECKING:
    from playbooks.drivers.base import Bundle

__all__ = ["Hand", "write_by_hand"]


@dataclass(frozen=True, slots=True)
class Hand:
    """One device for the plays, in the order in which they shall change them."""

    access: Access
    bundle: Bundle
    tunnels: tuple[str, ...] = ()


def write_by_hand(out: Path, inventory: Path, hands: Iterable[Hand]) -> tuple[Path, ...]:
    """Write hosts.yml, known_hosts and bundles/DEVICE.json below `out`; devices without a pinned host key are left out.

    Private keys are used where they are: a key that is no `file:` is left to the person's own `--private-key`.
    """
    from yaml import safe_dump

    usable = [hand for hand in hands if hand.access.write.host_key is not None]
    bundles = out / "bundles"
    bundles.mkdir(parents=True, exist_ok=True)
    hosts: dict[str, Mapping[str, object]] = {}
    for hand in usable:
        device, login = hand.access.device, hand.access.write
        (bundles / f"{device}.json").write_text(sealed(hand.bundle))
        kind, _colon, rest = login.key.partition(":")
        key = (inventory / rest).resolve() if kind == "file" else None
        hosts[device] = {
            **host_variables(login, (out / "known_hosts").resolve(), key),
            "fosa_bundle": str((bundles / f"{device}.json").resolve()),
            "fosa_inventory": str(inventory.resolve()),
            "fosa_tunnels": list(hand.tunnels),
        }
    (out / "known_hosts").write_text(known_hosts(hand.access.write for hand in usable))
    (out / "hosts.yml").write_text(safe_dump({"gateways": {"hosts": hosts}}, sort_keys=False))
    return (out / "hosts.yml", out / "known_hosts", *(bundles / f"{hand.access.device}.json" for hand in usable))
