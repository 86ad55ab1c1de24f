"""What needs what, from the inventory alone: a device its switches, a building its tunnel, a tunnel its lines.

Seen from the manager, whom everything is reached by. Subjects are written as in events: `device:sw-k-2`, `tunnel:k-b`,
`link:k-isp1`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from inventory.distance import cables, hops, neighbours
from inventory.model import Device, Office, Tunnel

__all__ = ["Depends", "cause_of", "depends_on"]

Depends = Mapping[str, tuple[str, ...]]
"""Subject -> what it does not work without, the nearest only; in the inventory's order. No way leads in a circle."""


def depends_on(office: Office) -> Depends:
    """Of every device, tunnel and line. Where the inventory does not say which of several it is, none is named."""
    web = _Web.of(office)
    found = {f"device:{device.name}": tuple(_of_device(web, device)) for device in _reached(office)}
    found |= {f"tunnel:{tunnel.name}": tuple(_of_tunnel(web, tunnel)) for tunnel in office.tunnels}
    return found | {f"link:{wan.name}": () for wan in office.wans}


def cause_of(depends: Depends, failed: Collection[str], subject: str) -> str:
    """The failed one farthest along a subject's way, whether it has failed itself or not; itself where there is none.

    Through everything it needs, since what lies between may be one that nobody watches.
    """
    root, layer, seen = subject, [subject], {subject}
    while layer:
        before = [need for each in layer for need in depends.get(each, ()) if need not in seen]
        root = next((need for need in before if need in failed), root)
        seen.update(before)
        layer = list(dict.fromkeys(before))
    return root


def _reached(office: Office) -> Iterator[Device]:
    return (device for device in office.devices if device.name != office.network.manager)


@dataclass(frozen=True, slots=True)
class _Web:
    """What lies beside what, worked out once for an office."""

    office: Office
    beside: Mapping[str, frozenset[str]]
    near: Mapping[str, int]
    """Device -> cables to the nearest gateway."""
    far: Mapping[str, int]
    """Building -> tunnels to the manager's."""
    places: Mapping[str, str]
    """Gateway -> building."""
    switches: Mapping[str, list[Device]]
    gateways: Mapping[str, list[Device]]
    """By building."""

    @classmethod
    def of(cls, office: Office) -> _Web:
        beside, gateways = neighbours(office), office.gateways
        return cls(
            office=office,
            beside=beside,
            near=cables(office, beside),
            far=hops(office),
            places={device.name: device.building for device in gateways},
            switches=_by_building(office.switches),
            gateways=_by_building(gateways),
        )


def _by_building(devices: Collection[Device]) -> Mapping[str, list[Device]]:
    found: dict[str, list[Device]] = {}
    for device in devices:
        found.setdefault(device.building, []).append(device)
    return found


def _of_device(web: _Web, device: Device) -> Iterator[str]:
    """The next device on its way to a gateway; of a gateway the tunnel that leads to its building."""
    if device.gateway:
        yield from (f"tunnel:{tunnel.name}" for tunnel in _leading_to(web, device))
        return
    if (far := web.near.get(device.name)) is not None:
        yield from (f"device:{name}" for name in sorted(web.beside[device.name]) if web.near.get(name) == far - 1)
        return
    switches = _others(web.switches, device)
    on = [switch for switch in switches if _carries(switch, device.zone)]
    if len(on) == 1:
        yield f"device:{on[0].name}"
    elif len(gateways := _others(web.gateways, device)) == 1:
        yield f"device:{gateways[0].name}"


def _leading_to(web: _Web, gateway: Device) -> Iterator[Tunnel]:
    """From buildings that are nearer to the manager."""
    own = web.far.get(gateway.building)
    for tunnel in web.office.tunnels_of(gateway.name):
        other = tunnel.far_end_of(gateway.name)
        place = None if other is None or other.device is None else web.places.get(other.device)
        if own is not None and place is not None and web.far.get(place, own) < own:
            yield tunnel


def _of_tunnel(web: _Web, tunnel: Tunnel) -> Iterator[str]:
    """Its lines, and the gateway it begins at: the other one is reached through it."""
    yield from dict.fromkeys(f"link:{end.wan}" for end in tunnel.ends if end.wan is not None)
    ours = [end.device for end in tunnel.ends if end.device is not None and end.device in web.places]
    if ours:
        yield f"device:{min(ours, key=lambda name: web.far.get(web.places[name], len(web.far)))}"


def _others(by_building: Mapping[str, list[Device]], device: Device) -> list[Device]:
    return [each for each in by_building.get(device.building, ()) if each.name != device.name]


def _carries(switch: Device, zone: str | None) -> bool:
    """Whether devices of a zone are plugged in there."""
    return any(zone is not None and ports.zone == zone and not ports.uplink for ports in switch.switch_ports)
