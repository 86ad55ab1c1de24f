"""ArubaOS-Switch, as the driver of switches needs it."""

from __future__ import annotations

from inventory.course import Guard
from playbooks.drivers.cli.session import Dialect
from playbooks.drivers.hp_procurve.normal import normal
from playbooks.drivers.hp_procurve.remedy import remedy
from playbooks.drivers.hp_procurve.session import opened
from templates.hp_procurve.secret import masked

__all__ = ["HP_PROCURVE"]

HP_PROCURVE = Dialect(
    guard=Guard.DEVICE_RELOAD,
    least_s=60,
    opened=opened,
    remedy=remedy,
    normal=normal,
    masked=masked,
    star="*",
)
"""It counts whole minutes."""
