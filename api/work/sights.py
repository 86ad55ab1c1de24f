"""What a change must leave reachable: what the inventory allows the manager beyond the devices of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from api.desk.context import Context
from api.plans.model import Kind, Plan
from playbooks.outlook import Outlook, outlooks

__all__ = ["seen"]

_MEANT = frozenset({Kind.PUSH, Kind.ROTATE, Kind.REMOVAL})
"""These bring about what the inventory says. An earlier text may forbid, and rightly, what the inventory allows now."""


def seen(context: Context, plan: Plan) -> Mapping[str, Outlook]:
    """The outlook of each device of a plan; nothing for one that goes back to an earlier text."""
    if plan.kind not in _MEANT:
        return {}
    today = context.clock().astimezone(ZoneInfo(context.office.calendar.timezone)).date()
    return outlooks(context.office, [context.office.device(device.name) for device in plan.devices], today)
