"""Where a packet of the manager goes through a tunnel, and through no other."""

from __future__ import annotations

from ipaddress import IPv4Address

from inventory.model import Office, Tunnel, TunnelEnd

__all__ = ["inside"]


def inside(office: Office, tunnel: Tunnel) -> IPv4Address | None:
    """The far gateway's own address inside, where the manager's packets to it go through this tunnel of ours.

    No two tunnels of an inventory that loads lead to the same address, so the answer comes through this one.
    """
    manager = next((device for device in office.devices if device.name == office.network.manager), None)
    if manager is None or manager.address is None:
        return None
    managed = {device.name for device in office.gateways}
    if not all(end.device in managed for end in tunnel.ends):
        return None
    here = {device.name for device in office.gateways if device.building == manager.building}
    near = [end for end in tunnel.ends if end.device in here and _within(manager.address, end)]
    far = [end for end in tunnel.ends if end.device not in here]
    if not near or not far or far[0].device is None:
        return None
    address = _address(office, far[0].device)
    return address if address is not None and _within(address, far[0]) else None


def _within(address: IPv4Address, end: TunnelEnd) -> bool:
    return any(address in network for network in end.networks)


def _address(office: Office, device: str) -> IPv4Address | None:
    access = office.access_to(device)
    return office.device(device).address or (access.read.address if access is not None else None)
