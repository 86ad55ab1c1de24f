"""What may be somebody's only once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from inventory.checks.problem import Path, Problem, error
from inventory.model import DeviceStatus, Office
from inventory.words import gettext as _

__all__ = ["check"]

_NAMED = (
    "buildings",
    "rooms",
    "wans",
    "zones",
    "devices",
    "links",
    "clusters",
    "groups",
    "services",
    "flows",
    "tunnels",
    "channels",
    "data_sets",
    "domain_systems",
    "contacts",
)

_Use = tuple[Path, Hashable, str]
"""Where a value stands, the value, and whose it is."""


def check(office: Office) -> Iterator[Problem]:
    """Names, addresses, MACs, VLANs, serial numbers and tunnel identities that two have."""
    for key in _NAMED:
        items = getattr(office, key)
        yield from _twice((((key, i, "name"), item.name, item.name) for i, item in enumerate(items)), named=True)
    access = ((("access", i, "device"), each.device, each.device) for i, each in enumerate(office.access))
    yield from _twice(access, named=True)
    yield from _twice((("zones", i, "vlan"), zone.vlan, zone.name) for i, zone in enumerate(office.zones))
    yield from _twice(_addresses(office))
    yield from _twice(_serials(office))
    yield from _twice(_macs(office))
    yield from _twice(_identities(office))


def _twice(uses: Iterator[_Use], *, named: bool = False) -> Iterator[Problem]:
    """A problem at each use of a value that somebody else had before; of a name, at each later use."""
    first: dict[Hashable, str] = {}
    for path, value, owner in uses:
        if value is None:
            continue
        if value not in first:
            first[value] = owner
        elif named:
            yield error(path, _("the name {name} stands twice in {key}").format(name=value, key=path[0]))
        else:
            yield error(path, _("{value} belongs to {owner} already").format(value=value, owner=first[value]))


def _addresses(office: Office) -> Iterator[_Use]:
    for i, device in enumerate(office.devices):
        # A retired device may have left its address to another one.
        if device.status is not DeviceStatus.RETIRED:
            yield ("devices", i, "address"), device.address, device.name
    for i, wan in enumerate(office.wans):
        yield ("wans", i, "address"), wan.address, wan.name


def _serials(office: Office) -> Iterator[_Use]:
    for i, device in enumerate(office.devices):
        # Makers number on their own: only with the maker a serial number is one of a kind.
        key = None if device.serial is None else f"{device.vendor or ''} {device.serial}".strip()
        yield ("devices", i, "serial"), key, device.name


def _macs(office: Office) -> Iterator[_Use]:
    for i, device in enumerate(office.devices):
        yield ("devices", i, "mac"), device.mac, device.name
        for k, port in enumerate(device.ports):
            if port.mac != device.mac:
                yield ("devices", i, "ports", k, "mac"), port.mac, f"{device.name} {port.name}"


def _identities(office: Office) -> Iterator[_Use]:
    """One use for each peer: a gateway has the same identity in all its tunnels."""
    seen = set()
    for i, tunnel in enumerate(office.tunnels):
        for k, end in enumerate(tunnel.ends):
            peer = (end.device or str(end.address), end.identity)
            if peer not in seen:
                seen.add(peer)
                yield ("tunnels", i, "ends", k, "identity"), end.identity, peer[0]
