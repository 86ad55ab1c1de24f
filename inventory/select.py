"""Choosing devices by name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from inventory.errors import SelectionError
from inventory.model import Device, Office
from inventory.words import gettext as _

__all__ = ["gateway", "select"]


def select(office: Office, names: Sequence[str]) -> tuple[Device, ...]:
    """The managed devices of these names in the inventory's order; all of them when no name is given.

    Raises SelectionError naming every name that cannot be chosen and all that can.
    """
    managed = {device.name: device for device in office.managed}
    if not names:
        return tuple(managed.values())
    refused = [_refusal(office, name, tuple(managed)) for name in dict.fromkeys(names) if name not in managed]
    if refused:
        known = ", ".join(managed) or _("none")
        raise SelectionError("; ".join([*refused, _("fosa configures: {names}").format(names=known)]))
    wanted = frozenset(names)
    return tuple(device for name, device in managed.items() if name in wanted)


def gateway(office: Office, name: str) -> Device:
    """The gateway of this name. Raises SelectionError for any other device, and as `select` does."""
    (device,) = select(office, [name])
    if not device.gateway:
        known = ", ".join(each.name for each in office.gateways) or _("none")
        raise SelectionError(_("{name} is no gateway; gateways: {names}").format(name=name, names=known))
    return device


def _refusal(office: Office, name: str, managed: tuple[str, ...]) -> str:
    if any(device.name == name for device in office.devices):
        return _("{name} is in the inventory, but fosa does not configure it").format(name=name)
    if close := get_close_matches(name, managed, n=1):
        return _("there is no device {name}; did you mean {close}?").format(name=name, close=close[0])
    return _("there is no device {name}").format(name=name)
