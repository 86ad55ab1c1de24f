"""The day-0 script with the programs of this version in it."""

from __future__ import annotations

import datetime as dt

from inventory.model import Device, Office
from templates.linux_gateway.programs import programs
from templates.render import ManagerKeys, day_zero

__all__ = ["script"]


def script(office: Office, device: Device, keys: ManagerKeys, today: dt.date) -> str:
    """What a person runs at the console of a new gateway. Holds no secret; RenderError as `render` says."""
    return day_zero(office, device, keys, today=today, programs=programs())
