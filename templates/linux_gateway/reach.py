"""Which gateways a packet passes: the tunnels' selectors, followed from building to building."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import NamedTuple

from inventory.model import Office

__all__ = ["Reach"]


class _Hop(NamedTuple):
    network: IPv4Network
    building: str | None
    """None: the far end is not ours."""


class Reach:
    """The ways through one office. Answers are kept, since many flows ask the same."""

    __slots__ = ("_hops", "_local", "_paths")

    def __init__(self, office: Office) -> None:
        self._local = {b.name: (b.prefix, *office.networks_in(b.name)) for b in office.buildings}
        self._hops: dict[str, list[_Hop]] = {b.name: [] for b in office.buildings}
        self._paths: dict[tuple[str, IPv4Network], tuple[str, ...]] = {}
        for building, hop in _hops(office):
            self._hops[building].append(hop)
        for hops in self._hops.values():
            hops.sort(key=lambda hop: -hop.network.prefixlen)

    def path(self, building: str, target: IPv4Network) -> tuple[str, ...]:
        """The buildings whose gateways a packet passes on its way to the target, the first one included."""
        key = (building, target)
        if (known := self._paths.get(key)) is None:
            known = self._paths[key] = self._follow(building, target)
        return known

    def tunnelled(self, building: str, target: IPv4Network) -> bool:
        """Whether a packet to the target leaves this building's gateway by a tunnel."""
        return not self._is_local(building, target) and self._next(building, target) is not None

    def _follow(self, building: str, target: IPv4Network) -> tuple[str, ...]:
        path = [building]
        while not self._is_local(path[-1], target):
            hop = self._next(path[-1], target)
            if hop is None or hop.building is None or hop.building in path:
                break
            path.append(hop.building)
        return tuple(path)

    def _is_local(self, building: str, target: IPv4Network) -> bool:
        return any(target.subnet_of(network) for network in self._local[building])

    def _next(self, building: str, target: IPv4Network) -> _Hop | None:
        return next((hop for hop in self._hops[building] if target.subnet_of(hop.network)), None)


def _hops(office: Office) -> Iterator[tuple[str, _Hop]]:
    building_of = {device.name: device.building for device in office.gateways}
    for tunnel in office.tunnels:
        for near, far in (tunnel.ends, tunnel.ends[::-1]):
            if near.device in building_of:
                beyond = building_of.get(far.device) if far.device else None
                for network in far.networks:
                    yield building_of[near.device], _Hop(network, beyond)
