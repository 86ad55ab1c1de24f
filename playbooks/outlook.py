"""What can be reached from the manager through a device: looked at before a change and, over new connections, after."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from inventory.model import Device, DeviceKind, EndpointKind, Flow, Office
from inventory.policy import Oracle

__all__ = ["Outlook", "Sight", "look", "outlooks"]

_SECONDS, _SSH = 0.6, 22
_FLOWS = 8
"""So many allowed flows are sampled: a look must not take longer than a device waits."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A port that answers, or does not: TCP accepts, and where `tls` a TLS session is agreed. Nothing is sent in it."""

    name: str
    """As people read it."""
    address: IPv4Address
    port: int
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lies beyond one device."""

    sights: tuple[Sight, ...] = ()
    beyond: Mapping[str, Sight] = field(default_factory=dict)
    """Tunnel -> something behind its far end: whether it answers does not matter, but it makes packets go there."""


def outlooks(office: Office, devices: Iterable[Device], today: dt.date) -> dict[str, Outlook]:
    """The outlook of each device, from the flows that the inventory allows the manager."""
    manager = office.device(office.network.manager)
    if manager.address is None:
        return {}
    oracle = Oracle(office, today)
    seen = [*_channels(office, oracle, manager), *_flows(office, oracle, manager), *_switches(office)]
    return {
        device.name: Outlook(
            tuple(sight for place, sight in seen if device.building in {place, manager.building}),
            dict(_beyond(office, device, [sight for _place, sight in seen])),
        )
        for device in devices
    }


def look(outlook: Outlook, names: Iterable[str] | None = None) -> frozenset[str]:
    """The names of the sights (all, or these) that answer now. Something is sent through every tunnel on the way."""
    sights = [sight for sight in outlook.sights if names is None or sight.name in names]
    every: Sequence[Sight] = [*sights, *outlook.beyond.values()]
    if not every:
        return frozenset()
    with ThreadPoolExecutor(len(every), thread_name_prefix="look") as pool:
        answers = list(pool.map(_answers, every))
    return frozenset(sight.name for sight, answer in zip(sights, answers, strict=False) if answer)


def _answers(sight: Sight) -> bool:
    try:
        with socket.create_connection((str(sight.address), sight.port), _SECONDS) as connection:
            if not sight.tls:
                return True
            with _context().wrap_socket(connection):
                return True
    except OSError:
        return False


def _context() -> ssl.SSLContext:
    """Whose certificate it is, is the watch's question: here only the way to it matters."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _channels(office: Office, oracle: Oracle, manager: Device) -> Iterator[tuple[str, Sight]]:
    """The platforms' endpoints that the manager may speak to; the way to them is its own building's."""
    assert manager.address is not None  # noqa: S101  asked for before
    for channel in office.channels:
        for end in channel.endpoints:
            for address in end.pinned:
                if oracle.verdict(manager.address, address, "tcp", end.port).allowed:
                    yield manager.building, Sight(f"TLS {end.name}:{end.port} ({address})", address, end.port, tls=True)


def _switches(office: Office) -> Iterator[tuple[str, Sight]]:
    """Where each switch is managed; in a building one is the way to another."""
    for device in office.switches:
        access = office.access_to(device.name)
        address, port = (device.address, _SSH) if access is None else (access.write.address, access.write.port)
        if address is not None:
            yield device.building, Sight(f"{device.name} tcp/{port}", address, port)


def _flows(office: Office, oracle: Oracle, manager: Device) -> list[tuple[str, Sight]]:
    """One host for each building of each allowed flow, of those that are never switched off; servers first."""
    assert manager.address is not None  # noqa: S101
    kinds = (DeviceKind.SERVER, DeviceKind.SWITCH)
    hosts = sorted(
        (
            device
            for device in office.devices
            if device.kind in kinds and device.address and device is not manager and not device.managed
        ),
        key=lambda device: (kinds.index(device.kind), device.name),
    )
    found: dict[tuple[str, str], tuple[str, Sight]] = {}
    for device in hosts:
        assert device.address is not None  # noqa: S101
        for port in _ports(office):
            verdict = oracle.verdict(manager.address, device.address, "tcp", port)
            if verdict.flow is not None:
                sight = Sight(f"{device.name} tcp/{port}", device.address, port)
                found.setdefault((verdict.flow.name, device.building), (device.building, sight))
    return list(found.values())[:_FLOWS]


def _ports(office: Office) -> tuple[int, ...]:
    """The TCP ports of flows towards hosts, each once."""
    ports = (
        spec.first
        for flow in office.flows
        if _inside(flow)
        for name in flow.services
        for spec in office.service(name).specs
        if spec.protocol == "tcp"
    )
    return tuple(dict.fromkeys(ports))


def _inside(flow: Flow) -> bool:
    return any(end.kind in {EndpointKind.ZONE, EndpointKind.DEVICE} for end in flow.destinations)


def _beyond(office: Office, device: Device, sights: Sequence[Sight]) -> Iterator[tuple[str, Sight]]:
    for tunnel in office.tunnels_of(device.name):
        far = tunnel.far_end_of(device.name)
        access = office.access_to(far.device) if far is not None and far.device is not None else None
        if access is not None:
            yield tunnel.name, Sight(tunnel.name, access.read.address, access.read.port)
        elif far is not None:
            inner = (sight for sight in sights if any(sight.address in network for network in far.networks))
            if (sight := next(inner, None)) is not None:
                yield tunnel.name, sight
