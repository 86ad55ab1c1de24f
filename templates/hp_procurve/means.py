"""What ArubaOS-Switch can express. Sources: HPE's guides of ArubaOS-Switch 16.05 to 16.09."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from templates.switch.means import WHOLE, Extent, Means

__all__ = ["MEANS_OF_PROCURVE"]


def _partly(why: str) -> Means:
    return Means(Extent.PARTLY, say(why))


MEANS_OF_PROCURVE: Mapping[Requirement, Means] = {
    **dict.fromkeys(Requirement, WHOLE),
    Requirement.SSH_MODERN: _partly(
        N_(
            "weak algorithms are switched off by name, one by one: which others a release has does not stand in its"
            " text (HPE, ArubaOS-Switch Access Security Guide, ip ssh cipher)"
        )
    ),
    Requirement.CENTRAL_AAA: _partly(
        N_(
            "keys of RADIUS servers are shown encrypted: fosa writes them with every change, and cannot see whether"
            " they are still the same (HPE, ArubaOS-Switch Access Security Guide, encrypt-credentials)"
        )
    ),
    Requirement.STRONG_HASH: _partly(
        N_(
            "a password is kept as SHA-256 at best, a fast hash (HPE, ArubaOS-Switch Access Security Guide 16.06,"
            " Password storage in SHA-256 format)"
        )
    ),
    Requirement.SNMP_V3: _partly(
        N_(
            "a group that may only read asks for a proof, not for encryption; and SNMPv3 keys are shown hashed with the"
            " device's own number: fosa writes them with every change, and cannot see whether they are still the same"
            " (HPE, ArubaOS-Switch Management and Configuration Guide, snmpv3 group; Access Security Guide, SNMP"
            " security credentials)"
        )
    ),
    Requirement.SNMP_SHA2: Means(
        Extent.NONE,
        say(
            N_(
                "SNMPv3 authenticates with SHA-1 here: the device knows md5 and sha only (HPE, ArubaOS-Switch Access"
                " Security Guide 16.07, snmpv3 user)"
            )
        ),
    ),
    Requirement.NTP_AUTHENTICATED: _partly(
        N_(
            "keys of time servers are SHA-1 at best, and shown encrypted: fosa writes them with every change, and"
            " cannot see whether they are still the same (HPE, ArubaOS-Switch Management and Configuration Guide, ntp"
            " authentication)"
        )
    ),
}
