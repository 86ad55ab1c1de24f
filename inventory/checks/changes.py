"""Whether changes can begin at all: hours that end after they begin, a canary that fosa configures."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.problem import Problem, error, warning
from inventory.model import Office
from inventory.window import hours_of
from inventory.words import gettext as _

__all__ = ["check"]


def check(office: Office) -> Iterator[Problem]:
    """The hours of the window, and the device every change begins with."""
    for day in office.changes.window:
        begins, ends = hours_of(office, day)
        if begins >= ends:
            message = _("the window ends ({ends}) before it begins ({begins})")
            yield error(
                ("changes", "window", day.value), message.format(begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")
            )
    if not office.changes.window:
        yield warning(("changes", "window"), _("no day is named: changes begin only when somebody says so"))
    canary = office.changes.canary
    others = {device.name for device in office.devices} - {device.name for device in office.managed}
    if canary in others:
        yield error(("changes", "canary"), _("fosa does not configure {name}").format(name=canary))
