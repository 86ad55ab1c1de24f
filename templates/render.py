"""Intended configuration: an office and one of its devices in, the device's files out. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from inventory.errors import RenderError
from inventory.model import Device, Office, Platform
from inventory.words import gettext as _
from templates.environment import fill_template
from templates.linux_gateway import day_zero as linux_day_zero
from templates.linux_gateway.programs import Programs
from templates.linux_gateway.text import FILES
from templates.linux_gateway.view import gateway_view
from templates.platforms import MEANS
from templates.switch.means import Lack, lacks
from templates.switch.view import switch_view

__all__ = ["ManagerKeys", "Rendered", "RenderedFile", "day_zero", "render", "unexpressed"]

ManagerKeys = linux_day_zero.ManagerKeys


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file: where it belongs on the device, its mode, its text. Secrets are placeholders: `templates.secret`."""

    path: str
    mode: int
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of one device, in the order in which they are applied."""

    device: str
    platform: Platform
    files: tuple[RenderedFile, ...]

    def file(self, path: str) -> RenderedFile:
        """The file of that path; KeyError when the device has none."""
        for file in self.files:
            if file.path == path:
                return file
        raise KeyError(path)


def render(office: Office, device: Device, today: dt.date) -> Rendered:
    """Every file of a device as it should be on that day.

    RenderError when the inventory does not say enough, or holds a value that may not stand in a configuration.
    """
    with _explained(device):
        platform = _platform(device)
        return Rendered(device.name, platform, tuple(_WRITERS[platform](office, device, today)))


def unexpressed(office: Office, device: Device, today: dt.date) -> tuple[Lack, ...]:
    """What a switch's platform cannot express of what is asked of it. Nothing for a device that is no switch."""
    table = MEANS.get(device.platform) if device.platform is not None else None
    return () if table is None else tuple(lacks(office, device, table, today))


def day_zero(office: Office, device: Device, keys: ManagerKeys, *, today: dt.date, programs: Programs) -> str:
    """The script a person types on the console of a new gateway, with the programs that run there in it."""
    with _explained(device):
        _platform(device)
        return linux_day_zero.script(office, device, keys, today=today, programs=programs)


def _linux_gateway(office: Office, device: Device, today: dt.date) -> Iterator[RenderedFile]:
    view = gateway_view(office, device, today)
    for file in FILES:
        yield RenderedFile(file.path, file.mode, fill_template(f"linux_gateway/{file.template}", gateway=view))


def _switch(office: Office, device: Device, _today: dt.date) -> Iterator[RenderedFile]:
    yield RenderedFile(
        "running-config", 0o600, fill_template(f"{device.platform}/config.j2", switch=switch_view(office, device))
    )


_WRITERS: dict[Platform, Callable[[Office, Device, dt.date], Iterator[RenderedFile]]] = {
    **dict.fromkeys(MEANS, _switch),
    Platform.LINUX_GATEWAY: _linux_gateway,
}


def _platform(device: Device) -> Platform:
    if device.platform is None:
        raise RenderError(_("fosa does not configure {name}").format(name=device.name))
    return device.platform


@contextmanager
def _explained(device: Device) -> Iterator[None]:
    """An inventory that nobody checked can be wrong in any way; the caller gets one error that names the device."""
    try:
        yield
    except RenderError as error:
        raise RenderError(_("{device}: {error}").format(device=device.name, error=error)) from error
    except LookupError as error:
        raise RenderError(_("{device}: the inventory has no {name}").format(device=device.name, name=error)) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RenderError(_("{device}: {error}").format(device=device.name, error=error)) from error
