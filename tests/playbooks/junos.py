"""A Junos switch of an office, its secrets, and the texts it may have."""

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

__all__ = ["HASH", "MESS", "NAME", "PASSWORD", "SECRETS", "TODAY", "intended", "office", "rendered", "safe"]

ROOT = Path(__file__).parents[2]
NAME = "sw-b-1"
TODAY = dt.date(2027, 3, 1)
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


def safe(folder: Path) -> SecretStore:
    """A store of the secrets above, in a folder of its own."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for ref, secret in SECRETS.items():
        path = folder / ref.removeprefix("file:")
        path.touch(mode=0o600)
        path.write_text(secret, encoding="utf-8")
    return SecretStore(folder)


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
    return _built(ports, switching or _switching())


@cache
def _pila() -> Office:
    return load(ROOT / "inventory/examples/pila", TODAY).require()


def _built(ports: tuple[SwitchPorts, ...], switching: Switching) -> Office:
    given = _pila()
    mine = Device(
        name=NAME,
        kind=given.device(NAME).kind,
        building="b",
        zone="mgmt",
        address=given.device(NAME).address,
        platform=Platform.JUNIPER_JUNOS,
        switch_ports=ports,
    )
    snmp = given.network.snmp.model_copy(update={"auth": "file:snmp-auth", "priv": "file:snmp-priv"})
    devices = tuple(mine if device.name == NAME else device for device in given.devices)
    network = given.network.model_copy(update={"snmp": snmp})
    return given.model_copy(update={"devices": devices, "network": network, "switching": switching})


def _switching() -> Switching:
    return Switching(
        last_resort=LastResort(user="awaria", hashes={Platform.JUNIPER_JUNOS: "file:hash"}),
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
    """The intended text with its secrets."""
    return fill(rendered(given), lambda ref: SecretStr(SECRETS[ref]))
