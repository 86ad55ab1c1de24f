"""A switch of the practice office with IOS, its secrets, and the texts it may have."""

import datetime as dt
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import SecretStr

from inventory.errors import SecretError
from inventory.load import load
from inventory.model import LastResort, NtpKey, Office, Platform, PortMode, Radius, Switching, SwitchPorts
from inventory.secrets import SecretStore
from lab.devices.box import Box
from templates.render import render
from templates.secret import fill

ROOT = Path(__file__).parents[2]
NAME = "sw-b-1"
TODAY = dt.date(2027, 3, 1)
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


class Safe(SecretStore):
    """With the secrets above."""

    def __init__(self) -> None:
        super().__init__(ROOT)

    def get(self, ref: str) -> SecretStr:
        """SecretError for another reference."""
        if ref not in SECRETS:
            raise SecretError(f"no secret at {ref}")
        return SecretStr(SECRETS[ref])


def box(folder: Path, factory: str = MESS) -> Box:
    """A device with that text; it knows the office's hash."""
    return Box(folder, factory=factory, hashes={HASH: PASSWORD})


@cache
def _pila() -> Office:
    return load(ROOT / "inventory/examples/pila", TODAY).require()


def switching(**otherwise: object) -> Switching:
    """How the switches are hardened."""
    return Switching(
        last_resort=LastResort(user="awaria", hashes={Platform.CISCO_IOS: "file:hash"}),
        mask_key="file:mask",
        radius=(Radius(address=IPv4Address("10.64.1.9"), key="file:radius"),),
        second_log_server=IPv4Address("10.64.1.21"),
        ntp_key=NtpKey(number=7, key="file:ntp"),
    ).model_copy(update=otherwise)


def office(ports: tuple[SwitchPorts, ...] = PORTS, hardened: Switching | None = None) -> Office:
    """Piła with one switch of this platform."""
    given = _pila()
    mine = given.device(NAME).model_copy(update={"platform": Platform.CISCO_IOS, "switch_ports": ports})
    snmp = given.network.snmp.model_copy(update={"auth": "file:snmp-auth", "priv": "file:snmp-priv"})
    return given.model_copy(
        update={
            "devices": tuple(mine if device.name == NAME else device for device in given.devices),
            "network": given.network.model_copy(update={"snmp": snmp}),
            "switching": hardened or switching(),
        }
    )


def rendered(given: Office | None = None) -> str:
    """The intended text, with placeholders."""
    there = given or office()
    return render(there, there.device(NAME), TODAY).file("running-config").text


def intended(given: Office | None = None) -> str:
    """The intended text with its secrets."""
    return fill(rendered(given), Safe().get)
