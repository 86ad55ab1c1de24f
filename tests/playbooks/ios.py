"""A switch of the practice office with IOS, its secrets, and the texts it may have."""

from pathlib import Path

from inventory.model import Office, Platform, PortMode, Switching, SwitchPorts
from lab.devices.box import Box
from templates.secret import fill
from tests.playbooks import single
from tests.playbooks.single import NAME, ROOT, TODAY, Safe, hardening, with_switch

__all__ = [
    "BY_HAND",
    "HASH",
    "MESS",
    "NAME",
    "PASSWORD",
    "PORTS",
    "SECRETS",
    "TODAY",
    "box",
    "intended",
    "office",
    "rendered",
    "switching",
]

PASSWORD = "correct-horse-1"
HASH = "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM"
SECRETS = {
    "file:hash": HASH,
    "file:radius": "radius-secret-1",
    "file:ntp": "ntp-secret-12",
    "file:mask": "m" * 40,
    "file:password": PASSWORD,
    "file:enable": "enable-me-1",
    "file:wrong": "wrong-word-1",
    "file:snmp-auth": "snmp-auth-key",
    "file:snmp-priv": "snmp-priv-key",
}
MESS = (ROOT / "tests/data/cisco_ios/mess.conf").read_text(encoding="utf-8")
"""A switch somebody has looked after by hand for years."""
BY_HAND = f"""\
version 15.2
hostname {NAME}
username awaria privilege 15 secret 9 {HASH}
archive
 path flash:fosa-archive
file prompt quiet
ip scp server enable
interface GigabitEthernet1/0/1
interface GigabitEthernet1/0/2
 shutdown
interface GigabitEthernet1/0/3
interface GigabitEthernet1/0/4
interface Vlan1
 no ip address
ip http server
ip http secure-server
line con 0
line vty 0 4
 login local
line vty 5 15
 login local
end
"""
"""As a person leaves it for fosa: an account, and what a change needs to be taken back."""
PORTS = (
    SwitchPorts(
        ports=("GigabitEthernet1/0/[1-2]",),
        mode=PortMode.ACCESS,
        zone="ps",
        voice="voip",
        macs=2,
        dot1x=True,
        label="biuro",
    ),
    SwitchPorts(ports=("GigabitEthernet1/0/3",), mode=PortMode.UNUSED),
    SwitchPorts(ports=("GigabitEthernet1/0/4",), mode=PortMode.TRUNK, tagged=("mgmt", "ps", "voip"), uplink=True),
)


def box(folder: Path, factory: str = MESS) -> Box:
    """A device with that text; it knows the office's hash."""
    return Box(folder, factory=factory, hashes={HASH: PASSWORD})


def switching(**otherwise: object) -> Switching:
    """How the switches are hardened."""
    return hardening({Platform.CISCO_IOS: "file:hash"}).model_copy(update=otherwise)


def office(ports: tuple[SwitchPorts, ...] = PORTS, hardened: Switching | None = None) -> Office:
    """Piła with one switch of this platform."""
    return with_switch(Platform.CISCO_IOS, ports, hardened or switching())


def rendered(given: Office | None = None) -> str:
    """The intended text, with placeholders."""
    return single.rendered(given or office())


def intended(given: Office | None = None) -> str:
    """The intended text with its secrets."""
    return fill(rendered(given), Safe(SECRETS).get)
