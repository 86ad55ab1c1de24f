"""A RouterOS switch of an office, its secrets, and the texts it may have."""

import datetime as dt
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import SecretStr

from inventory.load import load
from inventory.model import (
    Device,
    LastResort,
    NtpKey,
    Office,
    Platform,
    PortMode,
    Radius,
    Switching,
    SwitchPorts,
)
from inventory.secrets import SecretStore
from templates.render import render
from templates.secret import fill

__all__ = ["MANAGER", "MESS", "NAME", "PASSWORD", "SECRETS", "TODAY", "USER", "intended", "office", "rendered", "safe"]

ROOT = Path(__file__).parents[2]
NAME = "sw-b-1"
MANAGER = "10.64.0.10"
TODAY = dt.date(2027, 3, 1)
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


def safe(folder: Path) -> SecretStore:
    """A store of the secrets above, in a folder of its own."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for ref, secret in SECRETS.items():
        path = folder / ref.removeprefix("file:")
        path.touch(mode=0o600)
        path.write_text(secret, encoding="utf-8")
    return SecretStore(folder)


@cache
def _pila() -> Office:
    return load(ROOT / "inventory/examples/pila", TODAY).require()


def office(ports: tuple[SwitchPorts, ...] = PORTS, switching: Switching | None = None) -> Office:
    """Piła with one RouterOS switch."""
    given = _pila()
    mine = Device(
        name=NAME,
        kind=given.device(NAME).kind,
        building="b",
        zone="mgmt",
        address=given.device(NAME).address,
        platform=Platform.MIKROTIK_ROUTEROS,
        switch_ports=ports,
    )
    snmp = given.network.snmp.model_copy(update={"auth": "file:snmp-auth", "priv": "file:snmp-priv"})
    devices = tuple(mine if device.name == NAME else device for device in given.devices)
    network = given.network.model_copy(update={"snmp": snmp})
    update = {"devices": devices, "network": network, "switching": switching or hardening()}
    return given.model_copy(update=update)


def hardening() -> Switching:
    """What holds for its switches."""
    return Switching(
        last_resort=LastResort(user=USER, hashes={Platform.MIKROTIK_ROUTEROS: "file:account"}),
        mask_key="file:mask",
        radius=(Radius(address=IPv4Address("10.64.1.9"), key="file:radius"),),
        second_log_server=IPv4Address("10.64.1.21"),
        ntp_key=NtpKey(number=7, key="file:ntp"),
    )


def rendered(given: Office | None = None) -> str:
    """The intended text, with placeholders."""
    there = given or office()
    return render(there, there.device(NAME), TODAY).file("running-config").text


def intended(given: Office | None = None) -> str:
    """The intended text, with its secrets."""
    return fill(rendered(given), lambda ref: SecretStr(SECRETS[ref]))
