"""What is typed to a switch of each platform at which moment of a change, and what its own words are."""

from __future__ import annotations

from inventory.model import Platform

__all__ = [
    "AOSCX",
    "COMMITTED",
    "CONFIRM",
    "FULL",
    "GUARD",
    "IOS",
    "JUNOS",
    "LINE",
    "LOCKED",
    "LOG",
    "MIDDLE",
    "PLATFORMS",
    "PROCURVE",
    "ROUTEROS",
    "SAVE",
    "SHOW",
    "WRITES",
    "others",
]

IOS, JUNOS, PROCURVE, AOSCX, ROUTEROS = PLATFORMS = (
    Platform.CISCO_IOS,
    Platform.JUNIPER_JUNOS,
    Platform.HP_PROCURVE,
    Platform.ARUBA_AOSCX,
    Platform.MIKROTIK_ROUTEROS,
)
_SYSLOG = "^/system logging action add name=fosa1 "
MIDDLE = {
    IOS: "^copy flash:/merge",
    JUNOS: "^commit-configuration confirmed",
    PROCURVE: "^logging 10.64.1.20",
    AOSCX: "^logging 10.64.1.20",
    ROUTEROS: _SYSLOG,
}
"""What is typed or asked when the change has begun and is not done."""
LINE = {**MIDDLE, IOS: "^logging host 10.64.1.20", JUNOS: "^set system syslog host 10.64.1.20 any"}
"""One of many lines."""
GUARD = {
    IOS: "^configure terminal revert",
    JUNOS: "^commit-configuration confirmed",
    PROCURVE: "^reload after",
    AOSCX: "^checkpoint auto",
    ROUTEROS: "^/system scheduler add",
}
"""What sets the guard."""
COMMITTED = {**MIDDLE, PROCURVE: "^end$", AOSCX: "^end$"}
"""What is heard last, or almost, before it is verified."""
SHOW = {
    IOS: "^show running-config$",
    JUNOS: "^get-configuration",
    PROCURVE: "^show running-config$",
    AOSCX: "^show running-config$",
    ROUTEROS: "^/export",
}
"""How its text is asked for."""
SAVE = {
    IOS: "^write mem",
    JUNOS: "^commit-configuration confirmed",
    PROCURVE: "^write memory",
    AOSCX: "^copy running-config startup-config",
    ROUTEROS: "^/system backup save",
}
"""What needs room on its flash."""
CONFIRM = {
    IOS: "^configure confirm",
    JUNOS: "^commit-configuration$",
    PROCURVE: "^no reload",
    AOSCX: "^checkpoint auto confirm",
    ROUTEROS: "^/system scheduler remove",
}
"""What makes a change last."""
WRITES = {
    IOS: "^(?:conf|copy|write|wr$|delete|archive)",
    JUNOS: "^(?:load-configuration|commit-configuration)",
    PROCURVE: "^(?:conf|copy|write|reload|no reload)",
    AOSCX: "^(?:conf|copy|checkpoint (?:auto|rollback)|erase)",
    ROUTEROS: "^/[a-z /-]+ (?:add|set|remove|enable|disable|save|load)\\b",
}
"""Whatever is more than a question."""

# ---- Words. None was verified on a device: what counts is that they are words fosa has not been written for. ---------

FULL = {
    IOS: "startup-config file open failed (Not enough space)",
    JUNOS: "could not save to juniper.save+: No space left on device",
    PROCURVE: "Unable to save configuration: insufficient flash space",
    AOSCX: "Error: no space left on device",
    ROUTEROS: "failure: no space left on disk",
}
LOCKED = {
    IOS: "% Configuration mode is locked by process '3' user 'console' from terminal '0'. Please try later.",
    PROCURVE: "Cannot enter configuration mode: another session is in it",
    AOSCX: "Error: the configuration is locked by another session",
}
LOG = {
    IOS: "*Nov 21 10:50:22.123: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/2, changed state to up",
    PROCURVE: "I 11/21/26 10:50:22 00076 ports: port 2 is now on-line",
    AOSCX: "2026-11-21T10:50:22.123456+01:00 sw intfd[2345]: Event|403|LOG_INFO|AMM|-|Link status for 1/1/2 is up",
    ROUTEROS: "10:50:22 echo: system,error,critical login failure for user admin from 10.64.9.9 via ssh",
}


def others(*left_out: Platform) -> tuple[Platform, ...]:
    """All but those."""
    return tuple(platform for platform in PLATFORMS if platform not in left_out)
