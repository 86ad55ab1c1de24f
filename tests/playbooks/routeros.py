"""A RouterOS switch of an office, its secrets, and the texts it may have."""

from inventory.model import Office, Platform, PortMode, Switching, SwitchPorts
from templates.secret import fill
from tests.playbooks import single
from tests.playbooks.single import NAME, ROOT, TODAY, Safe, with_switch

__all__ = ["MANAGER", "MESS", "NAME", "PASSWORD", "SECRETS", "TODAY", "USER", "intended", "office", "rendered"]

MANAGER = "10.64.0.10"
USER = "awaria"
PASSWORD = "Correct-horse-1"
SECRETS = {
    "file:account": PASSWORD,
    "file:mask": "m" * 40,
    "file:ntp": "ntp-$ecret-12",
    "file:password": PASSWORD,
    "file:radius": "radius-secret?1",
    "file:snmp-auth": "snmp-auth-key",
    "file:snmp-priv": "snmp-priv-key",
}
MESS = (ROOT / "tests/data/mikrotik_routeros/mess.rsc").read_text(encoding="utf-8")
"""A switch somebody has looked after by hand for years; with the passwords its export would not show."""
PORTS = (
    SwitchPorts(ports=("ether[1-4]",), mode=PortMode.ACCESS, zone="ps", voice="voip", dot1x=True, label="biuro"),
    SwitchPorts(ports=("ether5",), mode=PortMode.ACCESS, zone="prn"),
    SwitchPorts(ports=("ether[6-9]",), mode=PortMode.UNUSED),
    SwitchPorts(ports=("sfp-sfpplus[1-2]",), mode=PortMode.TRUNK, tagged=("mgmt", "ps", "prn", "voip"), uplink=True),
)


def office(ports: tuple[SwitchPorts, ...] = PORTS, switching: Switching | None = None) -> Office:
    """Piła with one RouterOS switch."""
    return with_switch(Platform.MIKROTIK_ROUTEROS, ports, switching or hardening())


def hardening() -> Switching:
    """What holds for its switches."""
    return single.hardening({Platform.MIKROTIK_ROUTEROS: "file:account"})


def rendered(given: Office | None = None) -> str:
    """The intended text, with placeholders."""
    return single.rendered(given or office())


def intended(given: Office | None = None) -> str:
    """The intended text, with its secrets."""
    return fill(rendered(given), Safe(SECRETS).get)
