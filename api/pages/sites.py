"""What stands where: a building with its gateways, lines and tunnels, as outages and the map need it."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model import Building, Device, DeviceKind, Office, Tunnel, TunnelEnd, Wan

__all__ = [
    "Site",
    "building_of",
    "device_named",
    "far_end",
    "other_side",
    "room_of",
    "sites",
    "tunnel_named",
    "wan_named",
]


@dataclass(frozen=True, slots=True)
class Site:
    """One building and what joins it to the others."""

    building: Building
    gateways: tuple[Device, ...]
    """Firewalls of the building, also those fosa does not configure."""
    wans: tuple[Wan, ...]
    tunnels: tuple[str, ...]
    """Names of the tunnels that end on a gateway of it."""

    @property
    def managed(self) -> tuple[Device, ...]:
        """The gateways that fosa configures and watches."""
        return tuple(device for device in self.gateways if device.gateway)


def sites(office: Office) -> tuple[Site, ...]:
    """Every building, the hub first, else in the inventory's order."""
    buildings = sorted(office.buildings, key=lambda building: not building.hub)
    return tuple(_site(office, building) for building in buildings)


def _site(office: Office, building: Building) -> Site:
    here = [device for device in office.devices if device.building == building.name]
    gateways = tuple(device for device in here if device.kind is DeviceKind.FIREWALL or device.gateway)
    names = {device.name for device in gateways}
    return Site(
        building=building,
        gateways=gateways,
        wans=tuple(wan for wan in office.wans if wan.building == building.name),
        tunnels=tuple(t.name for t in office.tunnels if any(end.device in names for end in t.ends)),
    )


# A watch that was started with another inventory may speak of things this one does not have: hence None below.


def tunnel_named(office: Office, name: str) -> Tunnel | None:
    """The tunnel of that name, if the inventory has one."""
    return next((tunnel for tunnel in office.tunnels if tunnel.name == name), None)


def device_named(office: Office, name: str) -> Device | None:
    """The device of that name, if the inventory has one."""
    return next((device for device in office.devices if device.name == name), None)


def wan_named(office: Office, name: str) -> Wan | None:
    """The line of that name; None for a cable too."""
    return next((wan for wan in office.wans if wan.name == name), None)


def building_of(office: Office, device: str) -> Building | None:
    """Where a device stands."""
    found = device_named(office, device)
    return None if found is None else office.building(found.building)


def far_end(tunnel: Tunnel) -> TunnelEnd | None:
    """The end that is somebody else's, or None where both are ours."""
    return next((end for end in tunnel.ends if end.device is None), None)


def other_side(office: Office, tunnel: Tunnel) -> str:
    """What people call the far end that is not ours: the channel through the tunnel, else who it says it is."""
    title = next((channel.title for channel in office.channels if channel.tunnel == tunnel.name), None)
    end = far_end(tunnel)
    return title or ("" if end is None else end.identity)


def room_of(office: Office, device: Device) -> str:
    """Where a device stands in its building; empty where nobody has said."""
    return next((room.title for room in office.rooms if room.name == device.room), "")
