"""A Junos switch of an office, its secrets, and the texts it may have."""

from inventory.model import Office, Platform, PortMode, Switching, SwitchPorts
from templates.secret import fill
from tests.playbooks import single
from tests.playbooks.single import NAME, ROOT, TODAY, Safe, hardening, with_switch

__all__ = ["HASH", "MESS", "NAME", "PASSWORD", "SECRETS", "TODAY", "intended", "office", "rendered"]

PASSWORD = "correct-horse-1"
HASH = "$6$tests$" + "Qw3rTy9" * 12
SECRETS = {
    "file:hash": HASH,
    "file:radius": "radius-secret-1",
    "file:ntp": "ntp-secret-12",
    "file:mask": "m" * 40,
    "file:password": PASSWORD,
    "file:snmp-auth": "snmp-auth-key",
    "file:snmp-priv": "snmp-priv-key",
}
MESS = (ROOT / "tests/data/juniper_junos/mess.conf").read_text(encoding="utf-8")
"""A switch somebody has looked after by hand for years, in braces."""


PORTS = (
    SwitchPorts(
        ports=("ge-0/0/[0-3]",), mode=PortMode.ACCESS, zone="ps", voice="voip", macs=2, dot1x=True, label="biuro"
    ),
    SwitchPorts(ports=("ge-0/0/4",), mode=PortMode.ACCESS, zone="prn"),
    SwitchPorts(ports=("ge-0/0/[5-9]",), mode=PortMode.UNUSED),
    SwitchPorts(ports=("ge-0/0/[10-11]",), mode=PortMode.TRUNK, tagged=("mgmt", "ps", "prn", "voip"), uplink=True),
)


def office(ports: tuple[SwitchPorts, ...] = PORTS, switching: Switching | None = None) -> Office:
    """Piła with one Junos switch."""
    return with_switch(Platform.JUNIPER_JUNOS, ports, switching or hardening({Platform.JUNIPER_JUNOS: "file:hash"}))


def rendered(given: Office | None = None) -> str:
    """The intended text, with placeholders."""
    return single.rendered(given or office())


def intended(given: Office | None = None) -> str:
    """The intended text with its secrets."""
    return fill(rendered(given), Safe(SECRETS).get)
