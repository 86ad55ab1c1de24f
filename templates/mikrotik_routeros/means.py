"""What RouterOS on a CRS3xx can express of a hardened switch. Source: MikroTik's manual (manual.mikrotik.com)."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Requirement
from inventory.sentence import say
from inventory.words import noted as N_
from templates.switch.means import WHOLE, Extent, Means

__all__ = ["MEANS"]

_SSH = N_("strong-crypto and the ciphers can be set, the key exchanges and MACs cannot be named (manual, /ip/ssh)")
_AAA = N_("it asks its own accounts first, and RADIUS only for names it does not know (manual, User)")
_ACCOUNT = N_(
    "it never shows a password: whether it is still the one of the inventory cannot be read, and it is written again"
    " with every change (manual, Configuration management)"
)
_HASH = N_("it takes a password in clear and shows no hash of it (manual, /user)")
_NTP = N_("it never shows the key: it is written again with every change (manual, /system/ntp/key)")
_BANNER = N_("over SSH it is shown only after the login, before it over telnet alone (manual, /system/note)")
_IDLE = N_("only sessions of local accounts end: nothing can be set for those RADIUS lets in (manual, /user)")
_LOCKOUT = N_("it has no lock-out of accounts (manual, /user/settings)")
_VOICE = N_("LLDP-MED tells telephones one VLAN for the whole switch (manual, /ip/neighbor/discovery-settings)")
_MACS = N_("a CRS3xx does not limit how many devices show themselves on a port (manual, Bridging and Switching)")
_ARP = N_("a bridge does not inspect ARP (manual, Bridging and Switching)")


def _partly(why: str) -> Means:
    return Means(Extent.PARTLY, say(why))


def _not(why: str) -> Means:
    return Means(Extent.NONE, say(why))


MEANS: Mapping[Requirement, Means] = {
    **dict.fromkeys(Requirement, WHOLE),
    Requirement.SSH_MODERN: _partly(_SSH),
    Requirement.CENTRAL_AAA: _partly(_AAA),
    Requirement.LAST_RESORT: _partly(_ACCOUNT),
    Requirement.STRONG_HASH: _not(_HASH),
    Requirement.NTP_AUTHENTICATED: _partly(_NTP),
    Requirement.BANNER: _partly(_BANNER),
    Requirement.IDLE_TIMEOUT: _partly(_IDLE),
    Requirement.LOCKOUT: _not(_LOCKOUT),
    Requirement.VOICE: _partly(_VOICE),
    Requirement.PORT_SECURITY: _not(_MACS),
    Requirement.ARP_INSPECTION: _not(_ARP),
}
