"""The inventory fosa uses in a lab: a copy of the one it was built from, with keys and secrets of its own."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from inventory.errors import LabError
from inventory.model import Device, Office
from inventory.words import gettext as _

__all__ = ["AUTHORITY", "AUTHORITY_KEY", "READ_KEY", "WRITE_KEY", "Account", "OfficeFolder", "Way"]

READ_KEY = "file:secrets/manager-read"
WRITE_KEY = "file:secrets/manager-write"
AUTHORITY = "file:secrets/office-ca.pem"
AUTHORITY_KEY = "file:secrets/office-ca.key"


@dataclass(frozen=True, slots=True)
class Account:
    """A name on a device, and the reference of what it proves itself with."""

    user: str
    key: str


@dataclass(frozen=True, slots=True)
class Way:
    """How fosa reaches a device."""

    device: Device
    host_key: str
    read: Account = Account("fosa-read", READ_KEY)
    write: Account = Account("fosa-write", WRITE_KEY)
    emulated: bool = False


@dataclass(frozen=True, slots=True)
class OfficeFolder:
    """The folder of the lab's own inventory."""

    path: Path

    def create(self, source: Path) -> None:
        """Copy an inventory without its secrets and its access: a practice office has neither from the real one."""
        shutil.copytree(source, self.path, ignore=shutil.ignore_patterns("secrets", "access.yaml", ".*"), symlinks=True)
        self._secret_path("file:secrets/none").parent.mkdir(mode=0o700)

    def make_secrets(self, office: Office) -> dict[str, str]:
        """Invent every secret the inventory names by file; by tunnel, the shared keys among them."""
        snmp = office.network.snmp
        tunnels = {tunnel.name: tunnel.authentication.psk for tunnel in office.tunnels}
        previous = (tunnel.authentication.previous for tunnel in office.tunnels)
        for ref in {snmp.auth, snmp.priv, *(psk for psk in (*tunnels.values(), *previous) if psk)}:
            self.write_secret(ref, secrets.token_urlsafe(32))
        return {name: self._secret_path(psk).read_text().strip() for name, psk in tunnels.items() if psk}

    def write_authority(self, certificate: str, key: str) -> None:
        """Leave the office's authority where `fosa keys authority` can take it over."""
        self.write_secret(AUTHORITY, certificate)
        self.write_secret(AUTHORITY_KEY, key)

    def make_manager_keys(self) -> tuple[str, str]:
        """Make the manager's two SSH keys; the public ones, read and write."""
        read, write = (self._make_key(ref) for ref in (READ_KEY, WRITE_KEY))
        return read, write

    def write_access(self, ways: Iterable[Way]) -> None:
        """Say how each device is reached, its host key pinned."""
        lines = ["# Written by the practice office: the accounts that day 0 made.", "access:"]
        for way in ways:
            lines.append(f"  - device: {way.device.name}")
            if way.emulated:
                lines.append("    emulated: true")
            for role, account in (("read", way.read), ("write", way.write)):
                lines += [
                    f"    {role}:",
                    f"      address: {way.device.address}",
                    f"      user: {account.user}",
                    f"      host_key: {way.host_key}",
                    f'      key: "{account.key}"',
                ]
        (self.path / "access.yaml").write_text("\n".join(lines) + "\n")

    def _make_key(self, ref: str) -> str:
        key = Ed25519PrivateKey.generate()
        self.write_secret(ref, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode())
        return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()

    def write_secret(self, ref: str, text: str) -> None:
        """Put a secret where its reference says; LabError where that is no file of this folder."""
        target = self._secret_path(ref)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_text(text)

    def write_public(self, ref: str, text: str) -> None:
        """Put a file that is no secret where its reference says."""
        target = self.path / ref.removeprefix("public:")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def _secret_path(self, ref: str) -> Path:
        kind, _colon, name = ref.partition(":")
        target = (self.path / name).resolve()
        if kind != "file" or not target.is_relative_to(self.path.resolve()):
            raise LabError(
                _("the lab can only invent secrets in files of the inventory folder, not {ref}").format(ref=ref)
            )
        return target
