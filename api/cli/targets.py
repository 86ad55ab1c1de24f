"""The devices a command was asked for, each with its driver and its rendered files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded, settings, today
from inventory.errors import DriverError
from inventory.model import Device, Office
from inventory.secrets import SecretStore
from inventory.select import select
from inventory.words import gettext as _
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Failure, FailureKind
from playbooks.plan import DevicePlan
from playbooks.plan import plan as plan_device
from playbooks.reach import Compared, Target, compare
from templates.render import render

if TYPE_CHECKING:
    from api.plans.laid import Laid

__all__ = ["Carrier", "Looked", "Targets", "exit_code", "look", "targets"]

Carrier = Annotated[
    CarrierKind | None,
    typer.Option(
        "--carrier",
        help=_("Who carries a change to a gateway. [default: ssh]"),
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Targets:
    """What a command works on."""

    office: Office
    devices: tuple[Device, ...]
    by_name: Mapping[str, Target]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found on the devices: a plan for each that answered, a failure for each that did not."""

    plans: tuple[DevicePlan, ...]
    failures: Mapping[str, Failure]
    laid: Laid
    """Those that would change, in the order in which they would."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The devices that differ from what they should be."""
        return tuple(plan.device for plan in self.plans if plan.changed)


def targets(inventory: Path | None, names: Sequence[str], carrier: CarrierKind | None) -> Targets:
    """Load, select and render; opens no connection."""
    found = loaded(inventory)
    office = found.require()
    devices = select(office, names)
    secrets = SecretStore(found.folder)
    kind = carrier or CarrierKind.SSH

    def target(device: Device) -> Target:
        driver = open_driver(office, device, secrets, kind, settings().state / "runs")
        return Target(device.name, driver, render(office, device, today()))

    return Targets(office, devices, {device.name: target(device) for device in devices})


def look(chosen: Targets) -> Looked:
    """Ask every device at once, by its read account, what runs and what its files would make of it."""
    from api.plans.laid import lay

    answers = compare(tuple(chosen.by_name.values()))
    failures = {name: answer for name, answer in answers.items() if isinstance(answer, Failure)}
    compared = [answer for answer in answers.values() if isinstance(answer, Compared)]
    plans = tuple(plan_device(each.device, each.running, each.intended) for each in compared)
    changed = {plan.device for plan in plans if plan.changed}
    devices = [device for device in chosen.devices if device.name in changed]
    laid = lay(chosen.office, devices, (each for each in compared if each.device in changed))
    return Looked(plans, failures, laid)


def exit_code(looked: Looked) -> Exit | None:
    """The exit code that the failures alone ask for; None when there are none."""
    if not looked.failures:
        return None
    unreachable = all(failure.kind is FailureKind.UNREACHABLE for failure in looked.failures.values())
    return Exit.UNREACHABLE if unreachable and not looked.plans else Exit.FAILED


def require_devices(chosen: Targets) -> None:
    """DriverError when the inventory has nothing fosa configures."""
    if not chosen.devices:
        raise DriverError(_("the inventory has no device that fosa configures (none names a platform)"))
