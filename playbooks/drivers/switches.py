"""The platforms of switches: one row each."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform
from playbooks.drivers.aruba_aoscx.dialect import ARUBA_AOSCX
from playbooks.drivers.cisco_ios.dialect import CISCO_IOS
from playbooks.drivers.cli.session import Dialect
from playbooks.drivers.hp_procurve.dialect import HP_PROCURVE
from playbooks.drivers.juniper_junos.dialect import JUNIPER_JUNOS
from playbooks.drivers.mikrotik_routeros.dialect import MIKROTIK_ROUTEROS

__all__ = ["DIALECTS"]

DIALECTS: Mapping[Platform, Dialect] = {
    Platform.CISCO_IOS: CISCO_IOS,
    Platform.HP_PROCURVE: HP_PROCURVE,
    Platform.ARUBA_AOSCX: ARUBA_AOSCX,
    Platform.JUNIPER_JUNOS: JUNIPER_JUNOS,
    Platform.MIKROTIK_ROUTEROS: MIKROTIK_ROUTEROS,
}
