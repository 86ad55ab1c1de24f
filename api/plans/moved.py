"""Whether the devices of a plan still run what they ran when it was made."""

from __future__ import annotations

from api.desk.context import Context
from api.plans.model import Plan
from inventory.errors import DriverError
from inventory.words import gettext as _
from playbooks.drivers.base import Failure
from playbooks.plan import fingerprint
from playbooks.reach import fetch

__all__ = ["moved"]


def moved(context: Context, plan: Plan) -> tuple[str, ...]:
    """The devices that run something else by now. Reads them all; DriverError when one cannot be read.

    A device that is no longer in the inventory has moved, too.
    """
    here = {device.name: device for device in context.office.managed}
    gone = tuple(device.name for device in plan.devices if device.name not in here)
    bases = {device.name: device.base for device in plan.devices if device.name in here}
    answers = fetch({name: context.driver(here[name]) for name in bases})
    failures = {name: answer for name, answer in answers.items() if isinstance(answer, Failure)}
    if failures:
        told = "; ".join(f"{name}: {failure}" for name, failure in failures.items())
        raise DriverError(_("nobody can tell whether the plan still fits: {why}").format(why=told))
    running = {name: answer for name, answer in answers.items() if not isinstance(answer, Failure)}
    return (*gone, *(name for name, answer in running.items() if fingerprint(answer.sections) != bases[name]))
