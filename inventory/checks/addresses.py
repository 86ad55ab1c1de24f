"""Networks and addresses: every one inside its own place, and no two in each other's."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Network
from typing import NamedTuple

from inventory.checks.problem import Path, Problem, error
from inventory.model import Device, DeviceKind, DeviceStatus, Office, Wan, Zone, ZonePrefix
from inventory.words import gettext as _

__all__ = ["check"]


class _Block(NamedTuple):
    path: Path
    owner: str
    network: IPv4Network | IPv6Network


def check(office: Office) -> Iterator[Problem]:
    """Overlaps, and what lies outside of the block it should be in."""
    yield from _overlaps([_Block(("prefixes", i), str(each), each) for i, each in enumerate(office.prefixes)])
    yield from _overlaps(
        [_Block(("buildings", i, "prefix"), each.name, each.prefix) for i, each in enumerate(office.buildings)]
    )
    zones = list(_prefixes(office))
    yield from _overlaps([_Block((*path, "network"), _owner(zone, p), p.network) for path, zone, p in zones])
    yield from _overlaps(
        [_Block((*path, "network6"), _owner(zone, p), p.network6) for path, zone, p in zones if p.network6]
    )
    yield from _buildings(office)
    yield from _zones(office)
    for i, device in enumerate(office.devices):
        yield from _device(office, ("devices", i), device)
    yield from _groups(office)
    for i, wan in enumerate(office.wans):
        yield from _wan(office, ("wans", i), wan)


def _prefixes(office: Office) -> Iterator[tuple[Path, Zone, ZonePrefix]]:
    for i, zone in enumerate(office.zones):
        for k, prefix in enumerate(zone.prefixes):
            yield ("zones", i, "prefixes", k), zone, prefix


def _owner(zone: Zone, prefix: ZonePrefix) -> str:
    return f"{zone.name}@{prefix.building}"


def _overlaps(blocks: list[_Block]) -> Iterator[Problem]:
    """Each block against the one before it in address order that reaches farthest: n log n, and every clash shows."""
    widest: _Block | None = None
    for block in sorted(blocks, key=lambda each: (int(each.network[0]), -each.network.num_addresses)):
        if widest is not None and int(block.network[0]) <= int(widest.network[-1]):
            yield error(
                block.path,
                _("{network} overlaps {other} of {owner}").format(
                    network=block.network, other=widest.network, owner=widest.owner
                ),
            )
        if widest is None or int(block.network[-1]) > int(widest.network[-1]):
            widest = block


def _buildings(office: Office) -> Iterator[Problem]:
    for i, building in enumerate(office.buildings):
        if not any(building.prefix.subnet_of(prefix) for prefix in office.prefixes):
            message = _("{network} is outside the office's prefixes: {prefixes}")
            prefixes = ", ".join(map(str, office.prefixes))
            yield error(("buildings", i, "prefix"), message.format(network=building.prefix, prefixes=prefixes))
    hubs = [i for i, building in enumerate(office.buildings) if building.hub]
    if not hubs:
        yield error(("buildings",), _("one building must be the hub: hub: true"))
    for i in hubs[1:]:
        first = office.buildings[hubs[0]].name
        yield error(("buildings", i, "hub"), _("only one building may be the hub; {first} is").format(first=first))


def _zones(office: Office) -> Iterator[Problem]:
    blocks = {building.name: building.prefix for building in office.buildings}
    seen: set[tuple[str, str]] = set()
    for path, zone, prefix in _prefixes(office):
        block, network = blocks.get(prefix.building), prefix.network
        if block is not None and not network.subnet_of(block):
            message = _("{network} is outside the block of building {building}: {block}")
            yield error((*path, "network"), message.format(network=network, building=prefix.building, block=block))
        if (zone.name, prefix.building) in seen:
            message = _("zone {zone} has a network in building {building} already")
            yield error((*path, "building"), message.format(zone=zone.name, building=prefix.building))
        seen.add((zone.name, prefix.building))
        if network.num_addresses < 4:  # the network, the gateway, a host, the broadcast
            yield error(
                (*path, "network"), _("{network} has no room for a host; /30 or larger").format(network=network)
            )
        elif why := _not_host(prefix.gateway_address, network):
            yield error((*path, "gateway"), why)


def _not_host(address: IPv4Address, network: IPv4Network) -> str | None:
    """Why an address cannot be a host's in a network; None when it can."""
    if address not in network:
        return _("{address} is outside {network}").format(address=address, network=network)
    if address == network.network_address:
        return _("{address} is the address of the network {network} itself").format(address=address, network=network)
    if address == network.broadcast_address:
        return _("{address} is the broadcast address of {network}").format(address=address, network=network)
    return None


def _device(office: Office, path: Path, device: Device) -> Iterator[Problem]:
    zone = next((zone for zone in office.zones if zone.name == device.zone), None)
    if zone is None:
        if device.address is not None and device.zone is None:
            yield error((*path, "zone"), _("a device with an address needs its zone"))
        return
    prefix = zone.prefix_in(device.building)
    if prefix is None:
        yield error((*path, "zone"), _no_network(zone, device.building))
    elif device.address is not None:
        if why := _not_host(device.address, prefix.network):
            message = _("{why}, zone {zone}")
            yield error((*path, "address"), message.format(why=why, zone=_owner(zone, prefix)))
        elif device.address == prefix.gateway_address and not _may_be_gateway(device):
            message = _("{address} is the gateway's address in zone {zone}")
            yield error((*path, "address"), message.format(address=device.address, zone=_owner(zone, prefix)))


def _may_be_gateway(device: Device) -> bool:
    if device.status is DeviceStatus.RETIRED:
        return True
    return device.kind is DeviceKind.FIREWALL or any(port.zone == device.zone for port in device.ports)


def _no_network(zone: Zone, building: str) -> str:
    where = ", ".join(prefix.building for prefix in zone.prefixes)
    message = _("zone {zone} has no network in building {building}; it has one in: {where}")
    return message.format(zone=zone.name, building=building, where=where)


def _groups(office: Office) -> Iterator[Problem]:
    zones = {zone.name: zone for zone in office.zones}
    for i, group in enumerate(office.groups):
        zone = zones.get(group.zone)
        if zone is not None and zone.prefix_in(group.building) is None:
            yield error(("groups", i, "zone"), _no_network(zone, group.building))


def _wan(office: Office, path: Path, wan: Wan) -> Iterator[Problem]:
    inside = wan.address and next((prefix for prefix in office.prefixes if wan.address in prefix), None)
    if inside:
        message = _("{address} lies in the office's own prefix {prefix}; a line has an outer address")
        yield error((*path, "address"), message.format(address=wan.address, prefix=inside))
    given = (wan.address is not None, wan.prefix_length is not None, wan.gateway is not None)
    if any(given) and not all(given):
        yield error(path, _("address, prefix_length and gateway belong together: give all three, or none"))
    if wan.address is None or wan.prefix_length is None or wan.gateway is None:
        return
    network = IPv4Network((wan.address, wan.prefix_length), strict=False)
    for key, address in (("address", wan.address), ("gateway", wan.gateway)):
        if why := _not_host(address, network) if wan.prefix_length < 31 else None:  # RFC 3021
            yield error((*path, key), why)
    if wan.address == wan.gateway:
        yield error((*path, "gateway"), _("the line's own address cannot be its gateway"))
    device = next((device for device in office.devices if device.name == wan.device), None)
    if device is not None and device.building != wan.building:
        message = _("{device} is in building {building}")
        yield error((*path, "device"), message.format(device=device.name, building=device.building))
