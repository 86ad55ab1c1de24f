"""The platforms of switches: what each can express."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform, Requirement
from templates.cisco_ios.means import MEANS_OF_IOS
from templates.juniper_junos import means as juniper_junos
from templates.switch.means import Means

__all__ = ["MEANS"]

MEANS: Mapping[Platform, Mapping[Requirement, Means]] = {
    Platform.CISCO_IOS: MEANS_OF_IOS,
    Platform.JUNIPER_JUNOS: juniper_junos.MEANS,
}
