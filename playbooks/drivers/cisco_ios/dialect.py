"""Cisco IOS, as the driver of switches needs it."""

from __future__ import annotations

from inventory.course import Guard
from playbooks.drivers.cisco_ios.normal import normal
from playbooks.drivers.cisco_ios.remedy import remedy
from playbooks.drivers.cisco_ios.session import opened
from playbooks.drivers.cli.session import Dialect
from templates.cisco_ios.secret import masked

__all__ = ["CISCO_IOS"]

CISCO_IOS = Dialect(
    guard=Guard.DEVICE,
    least_s=60,
    opened=opened,
    remedy=remedy,
    normal=normal,
    masked=masked,
    imports=("napalm.ios", "netmiko", "paramiko"),
)
"""It counts whole minutes, 1 to 120."""
