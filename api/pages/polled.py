"""Devices that are read by SNMP, building by building."""

from __future__ import annotations

from urllib.parse import quote

from api.pages.groups import Group, Row, grouped
from api.pages.times import Clock
from api.picture import Picture
from inventory.model import Device, DeviceKind
from inventory.words import gettext as _
from monitor.snmp.model import Figures, Polled

__all__ = ["device_groups", "what_it_is"]


def device_groups(picture: Picture, clock: Clock) -> tuple[Group, ...]:
    """Every device that is polled, in the inventory's order."""
    office = picture.office
    rows: dict[str, list[Row]] = {building.name: [] for building in office.buildings}
    for device in office.devices:
        if (polled := picture.polled.get(device.name)) is not None:
            rows[device.building].append(_row(device, polled, clock))
    return grouped("polled", rows, {building.name: building.title for building in office.buildings})


def _row(device: Device, polled: Polled, clock: Clock) -> Row:
    return Row(
        state=polled.state,
        name=device.name,
        what=what_it_is(device, polled.figures),
        href=f"/devices/{quote(device.name)}",
        cause="; ".join(map(str, polled.problems)) or str(polled.cause),
        since=clock.moment(polled.since),
        lasting=clock.since(polled.since),
    )


def what_it_is(device: Device, figures: Figures | None) -> str:
    """Make and model, as it says itself, else as the inventory says; its kind where nobody does."""
    said = figures or Figures()
    return " ".join(filter(None, (said.vendor or device.vendor, said.model or device.model))) or _kind(device.kind)


def _kind(kind: DeviceKind) -> str:
    return {
        DeviceKind.FIREWALL: _("firewall"),
        DeviceKind.SWITCH: _("switch"),
        DeviceKind.PRINTER: _("printer"),
        DeviceKind.COMPUTER: _("computer"),
        DeviceKind.SERVER: _("server"),
        DeviceKind.ACCESS_POINT: _("access point"),
        DeviceKind.MOBILE_TERMINAL: _("mobile terminal"),
        DeviceKind.UPS: _("uninterruptible power supply"),
    }[kind]
