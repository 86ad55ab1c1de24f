"""How far from the manager a device is, and so which end of a tunnel changes first."""

from __future__ import annotations

from inventory.model import Device, Office, Tunnel

__all__ = ["first_to_change", "hops"]


def hops(office: Office) -> dict[str, int]:
    """Building -> tunnels between it and the manager's, which is the way to all others; none where no tunnel leads."""
    places = {device.name: device.building for device in office.devices}
    edges = [
        {places[end.device] for end in tunnel.ends if end.device is not None and end.device in places}
        for tunnel in office.tunnels
    ]
    found = {office.device(office.network.manager).building: 0}
    reached = set(found)
    while reached:
        near = {building: found[building] for building in reached}
        reached = {there for edge in edges for here in near if here in edge for there in edge} - set(found)
        found |= dict.fromkeys(reached, max(near.values()) + 1)
    return found


def first_to_change(office: Office, tunnel: Tunnel) -> str | None:
    """The device whose end of a tunnel changes before the other's: the canary, else the farther one from the manager.

    None where only one end is ours: then there is nothing to be kept in order.
    """
    names = {end.device for end in tunnel.ends}
    own = [device for device in office.devices if device.name in names]
    if len(own) != len(tunnel.ends):
        return None
    far = hops(office)

    def rank(device: Device) -> tuple[bool, int]:
        return device.name != office.changes.canary, -far.get(device.building, len(far))

    return min(own, key=rank).name
