"""What IOS on a Catalyst access switch can express. Sources: Cisco's command references of IOS 15.2E."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from templates.switch.means import WHOLE, Extent, Means

__all__ = ["MEANS_OF_IOS"]

MEANS_OF_IOS: Mapping[Requirement, Means] = {
    **dict.fromkeys(Requirement, WHOLE),
    Requirement.SSH_MODERN: Means(
        Extent.PARTLY,
        say(N_("IOS 15.2E signs with an RSA host key and SHA-1, and cannot be told otherwise (Cisco, ip ssh server)")),
    ),
    Requirement.SNMP_V3: Means(
        Extent.PARTLY,
        say(
            N_(
                "IOS never shows an SNMPv3 user, nor the keys: fosa writes them with every change, and cannot see "
                "whether they are still the same (Cisco, SNMP command reference, snmp-server user)"
            )
        ),
    ),
    Requirement.SNMP_SHA2: Means(
        Extent.NONE,
        say(
            N_(
                "SNMPv3 authenticates with SHA-1: IOS 15.2E knows md5 and sha only (Cisco, SNMP command reference, "
                "snmp-server user)"
            )
        ),
    ),
    Requirement.NTP_AUTHENTICATED: Means(
        Extent.PARTLY,
        say(N_("keys of time servers are MD5, the only kind IOS 15.2E has (Cisco, ntp authentication-key)")),
    ),
    Requirement.LOCKOUT: Means(
        Extent.PARTLY,
        say(
            N_(
                "after wrong passwords the whole device waits, not the account; the manager is let in meanwhile "
                "(Cisco, login block-for)"
            )
        ),
    ),
}
