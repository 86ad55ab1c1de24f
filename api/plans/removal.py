"""The end of a temporary flow, planned together with its beginning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from api.desk.context import Context
from api.plans.model import Device
from api.plans.number import day_of
from api.plans.touched import Looked, planned
from inventory.errors import DriverError
from inventory.words import gettext as _
from playbooks.drivers.base import Failure
from playbooks.reach import Compared
from templates.render import Rendered, render

__all__ = ["Removal", "removal_of"]

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes again, and when."""

    ends: dt.date
    """The last day of the flow."""
    devices: tuple[Device, ...]
    """As they will be the day after; `base` is empty, for nobody knows what runs by then."""


def removal_of(context: Context, touched: Sequence[tuple[Looked, Device]]) -> Removal | None:
    """The removal of what this change adds for a time; None when it adds nothing of the kind.

    Of several ends the first: what ends later is planned when that day has come, and is approved then. DriverError
    when a device cannot say what the removal would make of it.
    """
    today = day_of(context.office, context.clock())
    for end in sorted({flow.until for flow in context.office.flows if flow.until is not None}):
        if end >= today:
            devices = tuple(_removed(context, touched, end))
            if devices and any(_undoes(device, each) for device in devices for _one, each in touched):
                return Removal(end, devices)
    return None


def _removed(context: Context, touched: Sequence[tuple[Looked, Device]], end: dt.date) -> list[Device]:
    """The devices whose files are others the day after, compared with what this change makes of them."""
    found = []
    for looked, device in touched:
        later = render(context.office, looked.device, end + _DAY)
        if [file.text for file in later.files] == [file.text for file in device.files]:
            continue
        removed = planned(context.office, _afterwards(context, looked, later))
        if removed is not None:
            found.append(removed.model_copy(update={"base": ""}))
    return found


def _afterwards(context: Context, looked: Looked, later: Rendered) -> Looked:
    staged = context.driver(looked.device).normal(later)
    if isinstance(staged, Failure):
        message = _("{device} does not say what the end of a temporary flow would make of it: {why}")
        raise DriverError(message.format(device=looked.device.name, why=staged))
    return Looked(looked.device, Compared(looked.device.name, looked.compared.intended, staged.sections), later)


def _undoes(removed: Device, added: Device) -> bool:
    """Whether what goes later is, in part, what comes now."""
    if removed.name != added.name:
        return False
    return bool(_signed(added, "+") & _signed(removed, "-"))


def _signed(device: Device, sign: str) -> set[tuple[str, str]]:
    """The lines that come or go, but for braces and blanks, which are the same everywhere."""
    lines = ((diff.section, line[1:]) for diff in device.diffs for line in diff.lines if line[0] == sign)
    return {(section, line) for section, line in lines if line.strip(" \t{}();")}
