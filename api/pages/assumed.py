"""What of the inventory is assumed or not watched: shown, so that nobody takes a guess for knowledge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from api.pages.figures import count
from inventory.certainty import certainty
from inventory.model import Confidence, DeviceKind, Office
from inventory.words import gettext as _
from inventory.words import ngettext
from monitor.results import Watched

__all__ = ["Assumption", "Crowd", "assumptions", "crowds"]


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something nobody has confirmed."""

    what: str
    says: str
    """Where it comes from, as far as anybody wrote that down."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Devices of one kind, by building, in the order of the inventory's buildings."""

    kind: str
    numbers: tuple[str, ...]
    total: str


def assumptions(office: Office) -> tuple[Assumption, ...]:
    """Everything that is assumed, channels first: they are what people ask for."""
    return (*_emulated(office), *_channels(office), *_tunnels(office), *_counts(office))


def _emulated(office: Office) -> Iterator[Assumption]:
    if names := [device.name for device in office.managed if office.emulated(device.name)]:
        text = ngettext("{n} device: {names}", "{n} devices: {names}", len(names))
        says = _("emulated: a program answers in the words of its maker, and switches nothing")
        yield Assumption(text.format(n=len(names), names=", ".join(names)), says)


def _channels(office: Office) -> Iterator[Assumption]:
    for channel in office.channels:
        if channel.confidence is not Confidence.CONFIRMED:
            text = _("{confidence}: {source}")
            says = text.format(confidence=certainty(channel.confidence), source=channel.source)
            yield Assumption(channel.title, says)


def _tunnels(office: Office) -> Iterator[Assumption]:
    for tunnel in office.tunnels:
        if tunnel.assumed:
            yield Assumption(
                _("tunnel {tunnel}").format(tunnel=tunnel.name), _("nobody has confirmed that it exists as written")
            )


def _counts(office: Office) -> Iterator[Assumption]:
    lines = sum(wan.assumed for wan in office.wans)
    if lines:
        text = ngettext("{n} line to the internet", "{n} lines to the internet", lines)
        yield Assumption(text.format(n=lines), _("provider, address and speed assumed"))
    devices = sum(device.assumed for device in office.devices)
    devices += sum(group.count for group in office.groups if group.assumed)
    if devices:
        text = ngettext("{n} device", "{n} devices", devices)
        yield Assumption(text.format(n=count(devices)), _("existence and address assumed"))


def crowds(office: Office, watched: Watched, polled: Collection[str] = ()) -> tuple[Crowd, ...]:
    """The devices that are in the inventory and that nobody watches yet."""
    seen = {reading.device for reading in watched.devices} | set(polled)
    numbers: Counter[tuple[DeviceKind, str]] = Counter()
    for device in office.devices:
        if device.name not in seen:
            numbers[device.kind, device.building] += 1
    for group in office.groups:
        numbers[group.kind, group.building] += group.count
    return tuple(_crowd(office, kind, numbers) for kind in DeviceKind if any(each == kind for each, _where in numbers))


def _crowd(office: Office, kind: DeviceKind, numbers: Counter[tuple[DeviceKind, str]]) -> Crowd:
    each = [numbers[kind, building.name] for building in office.buildings]
    return Crowd(_kind(kind), tuple(count(number) for number in each), count(sum(each)))


def _kind(kind: DeviceKind) -> str:
    return {
        DeviceKind.FIREWALL: _("firewalls"),
        DeviceKind.SWITCH: _("switches"),
        DeviceKind.PRINTER: _("printers"),
        DeviceKind.COMPUTER: _("computers"),
        DeviceKind.SERVER: _("servers"),
        DeviceKind.ACCESS_POINT: _("access points"),
        DeviceKind.MOBILE_TERMINAL: _("mobile terminals"),
        DeviceKind.UPS: _("uninterruptible power supplies"),
    }[kind]
