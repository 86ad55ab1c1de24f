"""The platforms that can be emulated: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inventory.model import Platform
from lab.devices.box import Box
from lab.devices.cisco_ios.device import Ios
from lab.devices.juniper_junos.device import JunosSwitch
from lab.devices.mikrotik_routeros.device import Routeros
from lab.devices.serve import Emulated

__all__ = ["EMULATED"]

EMULATED: Mapping[Platform, Callable[[Box], Emulated]] = {
    Platform.CISCO_IOS: Ios,
    Platform.JUNIPER_JUNOS: JunosSwitch,
    Platform.MIKROTIK_ROUTEROS: Routeros,
}
