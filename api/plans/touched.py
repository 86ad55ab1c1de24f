"""What a plan does to one device: the difference, what it touches, who guards it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.plans.model import Device, Diff, File, Risk
from api.plans.risk import risks
from inventory.course import Guard
from inventory.errors import RefusedError
from inventory.model import Device as Managed
from inventory.model import Office, Platform
from inventory.words import gettext as _
from playbooks.drivers.base import Bundle
from playbooks.drivers.switches import DIALECTS
from playbooks.plan import DevicePlan, fingerprint
from playbooks.plan import plan as compared_plan
from playbooks.reach import Compared
from playbooks.verify import expected_tunnels

__all__ = ["GUARDS", "Looked", "guarded", "planned"]

GUARDS: Mapping[Platform, Guard] = {
    Platform.LINUX_GATEWAY: Guard.DEVICE,
    **{platform: dialect.guard for platform, dialect in DIALECTS.items()},
}
"""Who takes an unconfirmed change back, by platform."""

_CUTTING = frozenset({Risk.MANAGEMENT_PATH, Risk.TUNNELS, Risk.DEFAULT_ROUTE})
_ALONE = frozenset({Guard.MANAGER, Guard.NONE})
"""Guards that are of no use once the way to the device is cut."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A device that was read: as it is, as its bundle would make it."""

    device: Managed
    compared: Compared
    bundle: Bundle


def planned(office: Office, looked: Looked) -> Device | None:
    """What a bundle does to a device; None when it changes nothing."""
    device, compared = looked.device, looked.compared
    difference = compared_plan(device.name, compared.running, compared.intended)
    if not difference.changed:
        return None
    assert device.platform is not None  # noqa: S101  only managed devices are planned for
    return Device(
        name=device.name,
        base=fingerprint(compared.running),
        files=tuple(File(path=file.path, mode=file.mode, text=file.text) for file in looked.bundle.files),
        diffs=tuple(Diff(section=diff.section, lines=diff.lines) for diff in difference.diffs),
        group=_group(difference),
        risks=risks(office, device, compared.running, compared.intended),
        guard=GUARDS[device.platform],
        tunnels=tuple(sorted(expected_tunnels(office, device))),
    )


def guarded(devices: Iterable[Device], on_site: str) -> None:
    """RefusedError when a change may cut off a device that cannot take it back alone, and nobody stands beside it."""
    if on_site:
        return
    for device in devices:
        cutting = [risk for risk in device.risks if risk in _CUTTING]
        if device.guard in _ALONE and cutting:
            message = _(
                "{device} does not take a change back by itself, and this one touches: {risks}; "
                "name who stands beside it (--on-site)"
            )
            raise RefusedError(message.format(device=device.name, risks=", ".join(cutting)))


def _group(difference: DevicePlan) -> str:
    """The same for devices whose added and removed lines are the same."""
    lines = "\n".join(line for diff in difference.diffs for line in (f"= {diff.section}", *diff.changes))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]
