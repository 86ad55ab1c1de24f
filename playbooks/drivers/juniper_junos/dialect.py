"""What the driver of switches knows of Junos."""

from __future__ import annotations

from inventory.course import Guard
from playbooks.drivers.cli.session import Dialect
from playbooks.drivers.juniper_junos.remedy import remedy
from playbooks.drivers.juniper_junos.session import MINUTE_S, opened
from templates.juniper_junos.shown import BOUND, masked, normal

__all__ = ["JUNIPER_JUNOS"]

JUNIPER_JUNOS = Dialect(
    guard=Guard.DEVICE,
    least_s=MINUTE_S,
    opened=opened,
    remedy=remedy,
    normal=normal,
    masked=masked,
    star=BOUND,
    imports=("napalm.junos", "jnpr.junos", "ncclient.transport.errors"),
)
