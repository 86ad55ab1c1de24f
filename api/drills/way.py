"""Which tunnels can be drilled, from which end, and whom the manager may speak to through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.errors import InputError, SelectionError
from inventory.model import Device, Office, Tunnel
from inventory.pairs import in_its_place
from inventory.words import gettext as _

__all__ = ["Stage", "stage"]


@dataclass(frozen=True, slots=True)
class Stage:
    """A tunnel that can be drilled."""

    office: Office
    """As its near end sees it: a standby that works stands in the place of the other one."""
    tunnel: Tunnel
    near: Device
    """The end that the manager reaches without the tunnel: here it is taken down."""
    far: Device
    target: tuple[IPv4Address, int]
    """What is asked for beyond it while it is down: management of the far end, which every rule set lets through."""


def stage(office: Office, name: str, at: str = "") -> Stage:
    """SelectionError where there is no such tunnel, InputError where nothing could be proven.

    `at`: the gateway it is taken down on, where two share the tunnel; without it the one the inventory names.
    """
    office = in_its_place(office, at)
    tunnel = next((each for each in office.tunnels if each.name == name), None)
    if tunnel is None:
        raise SelectionError(_("there is no tunnel {name}").format(name=name))
    here = office.device(office.network.manager).building
    ends = [device for device in _ends(office, tunnel) if device.building == here]
    far = [device for device in _ends(office, tunnel) if device.building != here]
    if not ends:
        text = _("no end of {name} is in the manager's building: taken down elsewhere, nobody could bring it back")
        raise InputError(text.format(name=name))
    access = office.access_to(far[0].name) if far else None
    if access is None:
        text = _("the far end of {name} is not ours: the manager may send nothing through it that could leak")
        raise InputError(text.format(name=name))
    return Stage(office, tunnel, ends[0], far[0], (access.read.address, access.read.port))


def _ends(office: Office, tunnel: Tunnel) -> Iterator[Device]:
    return (device for device in office.gateways if tunnel.end_of(device.name) is not None)
