"""The platforms that can be emulated: one row each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inventory.model import Platform
from lab.devices.aruba_aoscx.device import Aoscx
from lab.devices.box import Box
from lab.devices.cisco_ios.device import Ios
from lab.devices.hp_procurve.device import Procurve
from lab.devices.juniper_junos.device import JunosSwitch
from lab.devices.mikrotik_routeros.device import Routeros
from lab.devices.serve import Emulated

__all__ = ["EMULATED"]

EMULATED: Mapping[Platform, Callable[[Box], Emulated]] = {
    Platform.CISCO_IOS: Ios,
    Platform.HP_PROCURVE: Procurve,
    Platform.ARUBA_AOSCX: Aoscx,
    Platform.JUNIPER_JUNOS: JunosSwitch,
    Platform.MIKROTIK_ROUTEROS: Routeros,
}
