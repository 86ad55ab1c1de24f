"""What a switch that fosa configures must have, what holds for all of them, and what they are let off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from inventory.checks import switchports
from inventory.checks.problem import Path, Problem, error, note, warning
from inventory.model import Device, DeviceKind, Office, Platform, Switching
from inventory.words import gettext as _

__all__ = ["check"]

_HASHES: Path = ("switching", "last_resort", "hashes")
_ENABLES = frozenset({Platform.CISCO_IOS, Platform.HP_PROCURVE})
"""Where a password of its own may stand before the privileged mode."""


def check(office: Office, today: dt.date) -> Iterator[Problem]:
    """The switches, one by one and all together."""
    switches = {device.name for device in office.switches}
    for i, device in enumerate(office.devices):
        if device.name in switches:
            yield from _switch(office, ("devices", i), device)
            yield from switchports.check(office, ("devices", i), device)
        elif device.switch_ports and not device.managed:
            message = _(
                "says nothing while fosa does not configure the switch: platform is missing, or it is not in use"
            )
            yield note(("devices", i, "switch_ports"), message)
    if office.switching is not None:
        yield from _hashes(office, office.switching)
        yield from _log_servers(office, office.switching)
        yield from _waivers(office.switching, switches, today)
    yield from _logins(office)


def _switch(office: Office, path: Path, device: Device) -> Iterator[Problem]:
    if device.kind is not DeviceKind.SWITCH:
        message = _("{platform} is a platform of switches; the kind is {kind}")
        yield error((*path, "platform"), message.format(platform=device.platform, kind=device.kind))
    needs = {
        _("its zone"): device.zone is not None,
        _("its address"): device.address is not None,
        _("its ports (switch_ports)"): bool(device.switch_ports),
        _("the office's section switching"): office.switching is not None,
    }
    for what, there in needs.items():
        if not there:
            yield error(path, _("a switch with a platform needs {what}").format(what=what))


def _hashes(office: Office, switching: Switching) -> Iterator[Problem]:
    first: dict[Platform, str] = {}
    for device in office.switches:
        if device.platform is not None:
            first.setdefault(device.platform, device.name)
    for platform, name in first.items():
        if platform not in switching.last_resort.hashes:
            message = _("no hash for {platform}, which {device} is; every platform keeps a password in its own way")
            yield error(_HASHES, message.format(platform=platform, device=name))
    if Platform.LINUX_GATEWAY in switching.last_resort.hashes:
        message = _("{platform} is no platform of switches")
        yield error((*_HASHES, Platform.LINUX_GATEWAY.value), message.format(platform=Platform.LINUX_GATEWAY))


def _log_servers(office: Office, switching: Switching) -> Iterator[Problem]:
    second = switching.second_log_server
    first = next((device for device in office.devices if device.name == office.network.log_server), None)
    if second is not None and first is not None and first.address == second:
        message = _("{address} is {device}, the first log server already")
        yield error(("switching", "second_log_server"), message.format(address=second, device=first.name))


def _waivers(switching: Switching, switches: set[str], today: dt.date) -> Iterator[Problem]:
    for i, waiver in enumerate(switching.waivers):
        path: Path = ("switching", "waivers", i)
        if waiver.device is not None and waiver.device not in switches:
            message = _("{device} is no switch that fosa configures: the exception lets nobody off")
            yield warning((*path, "device"), message.format(device=waiver.device))
        if waiver.until < today:
            message = _("the exception ended on {date}: {requirement} is asked again")
            yield warning((*path, "until"), message.format(date=waiver.until, requirement=waiver.requirement))


def _logins(office: Office) -> Iterator[Problem]:
    """Accounts the switches would still know after a push, and passwords they ask for."""
    switches = {device.name: device for device in office.switches}
    for i, access in enumerate(office.access):
        device = switches.get(access.device)
        if device is None:
            continue
        for key, login in (("read", access.read), ("write", access.write)):
            path: Path = ("access", i, key)
            if login.enable is not None and device.platform not in _ENABLES:
                message = _("{platform} asks for no second password; take it out")
                yield error((*path, "enable"), message.format(platform=device.platform))
            if office.switching is not None:
                yield from _account(path, login.user, office.switching)


def _account(path: Path, user: str, switching: Switching) -> Iterator[Problem]:
    local = switching.last_resort.user
    if switching.radius and user == local:
        message = _("{user} is for the day no RADIUS server answers; give fosa an account on the RADIUS servers")
        yield warning((*path, "user"), message.format(user=user))
    if not switching.radius and user != local:
        message = _("without RADIUS servers {local} is the only account a switch keeps: fosa would take {user} away")
        yield error((*path, "user"), message.format(local=local, user=user))
