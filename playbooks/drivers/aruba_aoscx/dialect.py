"""AOS-CX, as the driver of switches needs it."""

from __future__ import annotations

from inventory.course import Guard
from playbooks.drivers.aruba_aoscx.normal import normal
from playbooks.drivers.aruba_aoscx.remedy import remedy
from playbooks.drivers.aruba_aoscx.session import opened
from playbooks.drivers.cli.session import Dialect
from templates.aruba_aoscx.secret import masked

__all__ = ["ARUBA_AOSCX"]

ARUBA_AOSCX = Dialect(
    guard=Guard.DEVICE,
    least_s=60,
    opened=opened,
    remedy=remedy,
    normal=normal,
    masked=masked,
    star="*",
)
"""It counts whole minutes, 1 to 60."""
