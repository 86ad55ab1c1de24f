"""The day-0 script with the gate of this version in it."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files

from inventory.model import Device, Office
from templates.render import ManagerKeys, day_zero

__all__ = ["script"]


def script(office: Office, device: Device, keys: ManagerKeys, today: dt.date) -> str:
    """What a person runs at the console of a new gateway. Holds no secret; RenderError as `render` says."""
    gate = files("templates").joinpath("linux_gateway", "gate")
    texts = {file.name: file.read_text(encoding="utf-8") for file in gate.iterdir() if file.name.endswith(".py")}
    return day_zero(office, device, keys, today=today, gate=texts)
