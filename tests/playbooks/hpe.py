"""Switches of HPE in the practice office, ArubaOS-Switch and AOS-CX: their secrets, and the texts they may have."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inventory.model import Office, Platform, PortMode, Switching, SwitchPorts
from lab.devices.aruba_aoscx.device import FACTORY as AOSCX_FACTORY
from lab.devices.aruba_aoscx.device import Aoscx
from lab.devices.box import Box
from lab.devices.hp_procurve.device import FACTORY as PROCURVE_FACTORY
from lab.devices.hp_procurve.device import Procurve
from playbooks.drivers.aruba_aoscx.dialect import ARUBA_AOSCX
from playbooks.drivers.cli.session import Dialect
from playbooks.drivers.hp_procurve.dialect import HP_PROCURVE
from templates.render import Rendered, render
from templates.secret import fill
from tests.playbooks.single import NAME, ROOT, TODAY, Safe, hardening, with_switch

__all__ = ["AOSCX", "NAME", "PASSWORD", "PROCURVE", "SECRETS", "TODAY", "Make", "switching"]

PASSWORD = "correct-horse-1"
_CIPHER = "AQBapZHf2d20GYrxcGUzYzm0zjNf4VKHtSqbNImqtfYbJYCgAAALkGFJVcSp3nZ3o="
_SHA256 = "5c41b8a9c375d31b9162d4f0466f3eb87e9aa69d5c41b8a9c375d31b9162d4f0"
SECRETS = {
    "file:cipher": _CIPHER,
    "file:sha256": _SHA256,
    "file:radius": "radius-secret-1",
    "file:ntp": "ntp-secret-12",
    "file:mask": "m" * 40,
    "file:password": PASSWORD,
    "file:wrong": "wrong-word-1",
    "file:snmp-auth": "snmp-auth-key",
    "file:snmp-priv": "snmp-priv-key",
}


@dataclass(frozen=True)
class Make:
    """One of the two platforms."""

    platform: Platform
    dialect: Dialect
    device: Callable[[Box], "Aoscx | Procurve"]
    hashed: str
    port: str
    """What stands before a port's number."""
    factory: str
    by_hand: str
    """As a person leaves it for fosa."""
    near: Callable[[str], str]
    """A text one line away from another."""

    def __str__(self) -> str:
        return self.platform.value

    @property
    def mess(self) -> str:
        """A switch somebody has looked after by hand for years."""
        return (ROOT / "tests/data" / self.platform.value / "mess.conf").read_text(encoding="utf-8")

    def box(self, folder: Path, text: str) -> Box:
        """A device with that text; it knows the office's hashes."""
        return Box(folder, factory=text, hashes={_CIPHER: PASSWORD, _SHA256: PASSWORD})

    def ports(self) -> tuple[SwitchPorts, ...]:
        """An access switch of four ports."""
        return (
            SwitchPorts(
                ports=(f"{self.port}[1-2]",), mode=PortMode.ACCESS, zone="ps", voice="voip", dot1x=True, label="biuro"
            ),
            SwitchPorts(ports=(f"{self.port}3",), mode=PortMode.UNUSED),
            SwitchPorts(ports=(f"{self.port}4",), mode=PortMode.TRUNK, tagged=("mgmt", "ps", "voip"), uplink=True),
        )

    def office(self, ports: tuple[SwitchPorts, ...] | None = None, hardened: Switching | None = None) -> Office:
        """Piła with one switch of this platform."""
        return with_switch(self.platform, self.ports() if ports is None else ports, hardened or switching())

    def rendered(self, office: Office | None = None) -> Rendered:
        """The intended configuration, with placeholders."""
        there = office or self.office()
        return render(there, there.device(NAME), TODAY)

    def intended(self, office: Office | None = None) -> str:
        """The intended text with its secrets."""
        return fill(self.rendered(office).file("running-config").text, Safe(SECRETS).get)


def switching(**otherwise: object) -> Switching:
    """How the switches are hardened."""
    hashes = {Platform.ARUBA_AOSCX: "file:cipher", Platform.HP_PROCURVE: "file:sha256"}
    return hardening(hashes).model_copy(update=otherwise)


AOSCX = Make(
    platform=Platform.ARUBA_AOSCX,
    dialect=ARUBA_AOSCX,
    device=Aoscx,
    hashed=_CIPHER,
    port="1/1/",
    factory=AOSCX_FACTORY,
    by_hand=f"hostname {NAME}\nuser awaria group administrators password ciphertext {_CIPHER}\nntp enable\n"
    "ssh server vrf default\ntelnet server vrf default\nvlan 1\nspanning-tree\n"
    + "".join(f"interface 1/1/{port}\n    no shutdown\n    vlan access 1\n" for port in range(1, 5))
    + "interface vlan 1\n    ip dhcp\nhttps-server vrf default\n",
    near=lambda text: f"{text}logging 192.0.2.9\n",
)
PROCURVE = Make(
    platform=Platform.HP_PROCURVE,
    dialect=HP_PROCURVE,
    device=Procurve,
    hashed=_SHA256,
    port="",
    factory=PROCURVE_FACTORY,
    by_hand="; J9772A Configuration Editor; Created on release #YA.16.10.0023\n"
    f'hostname "{NAME}"\ninclude-credentials\npassword manager user-name "awaria" sha256 "{_SHA256}"\n'
    'ip default-gateway 10.64.16.1\nsnmp-server community "public" unrestricted\nvlan 1\n   name "DEFAULT_VLAN"\n'
    "   untagged 1-4\n   ip address dhcp-bootp\n   exit\n",
    near=lambda text: f"{text}logging 192.0.2.9\n",
)
