"""The practice office with one of its switches made another: what is around the switch, its secrets, and its driver."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import SecretStr

from inventory.errors import SecretError
from inventory.load import load
from inventory.model import Access, LastResort, Login, NtpKey, Office, Platform, Radius, Switching, SwitchPorts
from inventory.secrets import SecretStore
from lab.devices.serve import Server
from playbooks.drivers.cli.driver import RUNNING, CliDriver, Place
from playbooks.drivers.cli.mask import marker
from playbooks.drivers.switches import DIALECTS
from templates.render import Rendered, RenderedFile, render

__all__ = ["NAME", "ROOT", "TODAY", "Safe", "bundle", "driver_of", "hardening", "rendered", "with_switch"]

ROOT = Path(__file__).parents[2]
NAME = "sw-b-1"
TODAY = dt.date(2027, 3, 1)


class Safe(SecretStore):
    """With these secrets and no others."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        super().__init__(ROOT)
        self._known = secrets

    def get(self, ref: str) -> SecretStr:
        """SecretError for another reference."""
        if ref not in self._known:
            raise SecretError(f"no secret at {ref}")
        return SecretStr(self._known[ref])


def hardening(hashes: Mapping[Platform, str]) -> Switching:
    """How the switches are hardened; `hashes`: where the one of the account `awaria` is."""
    return Switching(
        last_resort=LastResort(user="awaria", hashes=dict(hashes)),
        mask_key="file:mask",
        radius=(Radius(address=IPv4Address("10.64.1.9"), key="file:radius"),),
        second_log_server=IPv4Address("10.64.1.21"),
        ntp_key=NtpKey(number=7, key="file:ntp"),
    )


@cache
def _pila() -> Office:
    return load(ROOT / "inventory/examples/pila", TODAY).require()


def with_switch(platform: Platform, ports: tuple[SwitchPorts, ...], switching: Switching) -> Office:
    """Piła with one switch of that platform."""
    given = _pila()
    mine = given.device(NAME).model_copy(update={"platform": platform, "switch_ports": ports})
    snmp = given.network.snmp.model_copy(update={"auth": "file:snmp-auth", "priv": "file:snmp-priv"})
    return given.model_copy(
        update={
            "devices": tuple(mine if device.name == NAME else device for device in given.devices),
            "network": given.network.model_copy(update={"snmp": snmp}),
            "switching": switching,
        }
    )


def rendered(office: Office) -> str:
    """The switch's intended text, with placeholders."""
    return render(office, office.device(NAME), TODAY).file(RUNNING).text


def bundle(platform: Platform, text: str) -> Rendered:
    """A text as a plan has it."""
    return Rendered(NAME, platform, (RenderedFile(RUNNING, 0o600, text),))


def driver_of(office: Office, server: Server, secrets: SecretStore, folder: Path, **otherwise: object) -> CliDriver:
    """By the account of last resort, or another."""
    login = Login(
        address=IPv4Address("127.0.0.1"),
        port=server.port,
        user="awaria",
        host_key=server.host_key.export_public_key().decode().strip(),
        key="file:password",
    ).model_copy(update=otherwise)
    device = office.device(NAME)
    assert device.platform is not None
    place = Place(
        device,
        Access(device=NAME, read=login, write=login),
        secrets,
        folder / "candidates",
        marker(secrets, "file:mask"),
    )
    return CliDriver(place, DIALECTS[device.platform])
