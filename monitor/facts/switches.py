"""The readers of switches' texts, one a platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inventory.model import Platform
from monitor.facts.aruba_aoscx.reader import read_aoscx
from monitor.facts.cisco_ios.reader import read_ios
from monitor.facts.hp_procurve.reader import read_procurve
from monitor.facts.juniper_junos.reader import read_junos
from monitor.facts.mikrotik_routeros.reader import read_routeros
from monitor.facts.model import Facts

__all__ = ["SWITCHES"]

SWITCHES: Mapping[Platform, Callable[[Facts, Mapping[str, str]], Facts]] = {
    Platform.CISCO_IOS: read_ios,
    Platform.HP_PROCURVE: read_procurve,
    Platform.ARUBA_AOSCX: read_aoscx,
    Platform.JUNIPER_JUNOS: read_junos,
    Platform.MIKROTIK_ROUTEROS: read_routeros,
}
