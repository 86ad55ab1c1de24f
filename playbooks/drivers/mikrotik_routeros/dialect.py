"""RouterOS, as the driver of switches needs it."""

from __future__ import annotations

from inventory.course import Guard
from playbooks.drivers.cli.session import Dialect
from playbooks.drivers.mikrotik_routeros.remedy import remedy
from playbooks.drivers.mikrotik_routeros.session import opened
from templates.mikrotik_routeros.shown import masked, normal

__all__ = ["MIKROTIK_ROUTEROS"]

MIKROTIK_ROUTEROS = Dialect(
    guard=Guard.DEVICE_RELOAD,
    least_s=60,
    opened=opened,
    remedy=remedy,
    normal=normal,
    masked=masked,
)
"""Its scheduler could wait one second; a minute is what a restart takes anyway."""
