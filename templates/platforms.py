"""The platforms of switches: what each can express."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform, Requirement
from templates.aruba_aoscx.means import MEANS_OF_AOSCX
from templates.cisco_ios.means import MEANS_OF_IOS
from templates.hp_procurve.means import MEANS_OF_PROCURVE
from templates.juniper_junos import means as juniper_junos
from templates.mikrotik_routeros import means as mikrotik_routeros
from templates.switch.means import Means

__all__ = ["MEANS"]

MEANS: Mapping[Platform, Mapping[Requirement, Means]] = {
    Platform.CISCO_IOS: MEANS_OF_IOS,
    Platform.HP_PROCURVE: MEANS_OF_PROCURVE,
    Platform.ARUBA_AOSCX: MEANS_OF_AOSCX,
    Platform.JUNIPER_JUNOS: juniper_junos.MEANS,
    Platform.MIKROTIK_ROUTEROS: mikrotik_routeros.MEANS,
}
