"""What Junos on an EX switch can express of a hardened switch."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from templates.switch.means import WHOLE, Extent, Means

__all__ = ["MEANS"]

_SNMP = N_(
    "it binds SNMPv3 keys to its engine: whether the key is still the one of the inventory cannot be read, and a new"
    " one is written with the next change of the section snmp (Juniper: authentication-password)"
)
_IDLE = N_("root on the console is in no login class: its session does not end by itself (DISA STIG V-223231)")

MEANS: Mapping[Requirement, Means] = {
    **dict.fromkeys(Requirement, WHOLE),
    Requirement.SNMP_V3: Means(Extent.PARTLY, say(_SNMP)),
    Requirement.IDLE_TIMEOUT: Means(Extent.PARTLY, say(_IDLE)),
}
