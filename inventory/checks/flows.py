"""Flows: from somewhere, to somewhere, on known ports, and not past their day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from inventory.checks.problem import Path, Problem, error, note, warning
from inventory.model import Device, DeviceStatus, Endpoint, EndpointKind, Flow, Office, Service
from inventory.words import gettext as _

__all__ = ["check"]

_LAST_PORT = 65535


def check(office: Office, today: dt.date) -> Iterator[Problem]:
    """Ends that are nowhere, dates that have passed, flows that will not be rendered."""
    for i, service in enumerate(office.services):
        yield from _service(("services", i), service)
    for i, flow in enumerate(office.flows):
        path: Path = ("flows", i)
        for k, end in enumerate(flow.sources):
            if end.kind is EndpointKind.INTERNET:
                yield error(
                    (*path, "from", k), _("nothing is let in from the internet; name a channel, or take it out")
                )
            if end.kind is EndpointKind.LINES:
                yield error((*path, "from", k), _("lines are only looked at; name gateways, or take it out"))
        for side, ends in (("from", flow.sources), ("to", flow.destinations)):
            for k, end in enumerate(ends):
                yield from _end(office, (*path, side, k), end)
        yield from _dates(path, flow, today)
        yield from _ports(office, path, flow)


def _service(path: Path, service: Service) -> Iterator[Problem]:
    for k, text in enumerate(service.ports):
        numbers = [int(number) for number in re.findall(r"[0-9]+", text)]
        if any(number > _LAST_PORT for number in numbers):
            yield error((*path, "ports", k), _("{port}: the last port is 65535").format(port=text))
        elif numbers != sorted(numbers):
            yield error((*path, "ports", k), _("{port}: the range ends before it begins").format(port=text))


def _end(office: Office, path: Path, end: Endpoint) -> Iterator[Problem]:
    match end.kind:
        case EndpointKind.DEVICE:
            for device in office.devices:
                if device.name == end.name:
                    yield from _device(path, device)
        case EndpointKind.ZONE if end.building is not None:
            zones = [zone for zone in office.zones if zone.name == end.name]
            buildings = [building.name for building in office.buildings]
            if zones and end.building in buildings and zones[0].prefix_in(end.building) is None:
                message = _("zone {zone} has no network in building {building}")
                yield error(path, message.format(zone=end.name, building=end.building))
        case EndpointKind.CHANNEL:
            for channel in office.channels:
                if channel.name == end.name and not any(endpoint.pinned for endpoint in channel.endpoints):
                    message = _("not rendered: channel {channel} has no pinned address")
                    yield note(path, message.format(channel=end.name))


def _device(path: Path, device: Device) -> Iterator[Problem]:
    if device.status is DeviceStatus.RETIRED:
        yield error(path, _("{device} is retired; take it out of the flow").format(device=device.name))
    elif device.address is None:
        yield error(path, _("{device} has no address").format(device=device.name))


def _dates(path: Path, flow: Flow, today: dt.date) -> Iterator[Problem]:
    if flow.until is not None and flow.until < today:
        message = _("ended on {until} and is not rendered; take it out, or give it a new date")
        yield warning((*path, "until"), message.format(until=flow.until))
    elif flow.review is not None and flow.review < today:
        yield warning((*path, "review"), _("the review was due on {review}").format(review=flow.review))


def _ports(office: Office, path: Path, flow: Flow) -> Iterator[Problem]:
    services = {service.name: service for service in office.services}
    named = [services[name] for name in flow.services if name in services]
    for k, name in enumerate(flow.services):
        if name in services and not services[name].known:
            yield note(
                (*path, "services", k), _("not rendered: the ports of {service} are unknown").format(service=name)
            )
    if not all(service.known for service in named) or len(named) < len(flow.services):
        return
    specs = [spec for service in named for spec in service.specs if spec.protocol == "tcp"]
    channels = {channel.name: channel for channel in office.channels}
    for k, end in enumerate(flow.destinations):
        if end.kind is not EndpointKind.CHANNEL or end.name not in channels:
            continue
        for endpoint in channels[end.name].endpoints:
            if not any(spec.first <= endpoint.port <= spec.last for spec in specs):
                message = _("{host} of channel {channel} listens on tcp/{port}, which none of the services has")
                fields = {"host": endpoint.name, "channel": end.name, "port": endpoint.port}
                yield warning((*path, "to", k), message.format(**fields))
