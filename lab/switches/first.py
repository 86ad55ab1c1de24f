"""The switches of a practice office before they are switched on: their disks, their secrets, who may log in."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from inventory.errors import LabError
from inventory.model import Office, Platform
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from lab.devices.platforms import EMULATED
from lab.folder import Account, OfficeFolder, Way
from lab.paths import LabPaths
from lab.switches.day_zero import FIRST
from lab.switches.order import HOST_KEY, On
from templates.secret import fill
from templates.switch.view import switch_view

__all__ = ["orders", "ways"]

_RADIUS = {"fosa-read": "file:secrets/switches-read", "fosa-write": "file:secrets/switches-write"}
_LOCAL = "file:secrets/switches-local"
_SSH = 22


def orders(office: Office, paths: LabPaths, prefix: str) -> Iterator[On]:
    """Write the disk of each switch, and invent the secrets of all; how each is to be switched on.

    A RADIUS server is not emulated: a switch that is told to ask one knows by itself whom that would let in.
    """
    if not office.switches:
        return
    store = SecretStore(paths.office)
    hashes = _invented(office, OfficeFolder(paths.office))
    asked = bool(office.switching and office.switching.radius)
    radius = {user: store.get(ref).get_secret_value() for user, ref in _RADIUS.items()} if asked else {}
    for device in office.switches:
        assert device.platform is not None  # noqa: S101  a switch fosa configures has one
        if device.platform not in EMULATED:
            message = _("{device}: nobody has written an emulation of {platform}")
            raise LabError(message.format(device=device.name, platform=device.platform))
        disk = paths.device(device.name)
        disk.mkdir(parents=True)
        _write_key(disk)
        text = fill(FIRST[device.platform](switch_view(office, device)), store.get)
        yield On(
            name=device.name,
            platform=device.platform,
            namespace=prefix + device.name,
            address=str(device.address),
            port=_SSH,
            disk=disk,
            factory=text,
            hashes=hashes,
            radius=radius,
        )


def ways(office: Office, switches: Mapping[str, On]) -> Iterator[Way]:
    """How fosa reaches each: by RADIUS where the office has it, else by the one local account."""
    local = None if office.switching is None else Account(office.switching.last_resort.user, _LOCAL)
    asked = bool(office.switching and office.switching.radius)
    read, write = (Account(user, ref) for user, ref in _RADIUS.items())
    for device in office.switches:
        key = (switches[device.name].disk / f"{HOST_KEY}.pub").read_text().strip()
        if asked:
            yield Way(device, key, read, write, emulated=True)
        elif local is not None:
            yield Way(device, key, local, local, emulated=True)


def _invented(office: Office, folder: OfficeFolder) -> dict[str, str]:
    """Every secret of the switches; the stored form of the local account's password on each platform -> it."""
    assert office.switching is not None  # noqa: S101  switches are there only with it
    switching, password = office.switching, f"Fosa-{secrets.token_hex(10)}"
    for ref in (*_RADIUS.values(), switching.mask_key, *(server.key for server in switching.radius)):
        folder.write_secret(ref, f"Fosa-{secrets.token_hex(16)}")
    if switching.ntp_key is not None:
        folder.write_secret(switching.ntp_key.key, secrets.token_hex(10))
    folder.write_secret(_LOCAL, password)
    stored = {platform: _stored(platform, password) for platform in switching.last_resort.hashes}
    for platform, ref in switching.last_resort.hashes.items():
        folder.write_secret(ref, stored[platform])
    return dict.fromkeys(stored.values(), password)


def _stored(platform: Platform, password: str) -> str:
    """In the form a device of that platform keeps it. Nobody hashes here: an emulated device breaks no hash either."""
    match platform:
        case Platform.CISCO_IOS:
            return f"$9${_word(14)}${_word(43)}"
        case Platform.JUNIPER_JUNOS:
            return f"$6${_word(8)}${_word(86)}"
        case Platform.ARUBA_AOSCX:
            return "AQBap" + base64.b64encode(secrets.token_bytes(72)).decode()
        case Platform.HP_PROCURVE:
            return secrets.token_hex(32)
        case _:
            return password


def _word(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _n in range(length))


def _write_key(disk: Path) -> None:
    key = Ed25519PrivateKey.generate()
    file = disk / HOST_KEY
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    (disk / f"{HOST_KEY}.pub").write_bytes(public)
