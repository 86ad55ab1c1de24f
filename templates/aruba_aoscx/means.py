"""What AOS-CX on an access switch can express. Sources: Aruba's guides of AOS-CX 10.06 to 10.14."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from templates.switch.means import WHOLE, Extent, Means

__all__ = ["MEANS_OF_AOSCX"]


def _partly(why: str) -> Means:
    return Means(Extent.PARTLY, say(why))


MEANS_OF_AOSCX: Mapping[Requirement, Means] = {
    **dict.fromkeys(Requirement, WHOLE),
    Requirement.CENTRAL_AAA: _partly(
        N_(
            "keys of RADIUS servers are shown encrypted, anew each time: fosa writes them with every change, and cannot"
            " see whether they are still the same (Aruba, AOS-CX Security Guide, radius-server host)"
        )
    ),
    Requirement.STRONG_HASH: _partly(
        N_(
            "a password is shown encrypted by the device: how it is hashed below that its maker does not say (Aruba,"
            " AOS-CX Hardening Guide, password rules)"
        )
    ),
    Requirement.SNMP_V3: _partly(
        N_(
            "SNMPv3 keys are shown encrypted, anew each time: fosa writes them with every change, and cannot see"
            " whether they are still the same (Aruba, AOS-CX SNMP/MIB Guide, snmpv3 user)"
        )
    ),
    Requirement.NTP_AUTHENTICATED: _partly(
        N_(
            "keys of time servers are SHA-1 at best, and shown encrypted: fosa writes them with every change, and"
            " cannot see whether they are still the same (Aruba, AOS-CX Fundamentals Guide, ntp authentication-key)"
        )
    ),
    Requirement.STORM_CONTROL: _partly(
        N_(
            "broadcasts are limited in kilobits a second, taken as the percentage of a gigabit port (Aruba, AOS-CX"
            " Quality of Service Guide, rate-limit)"
        )
    ),
}
