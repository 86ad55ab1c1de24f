"""Keys of this gateway: made here and kept here. The certificate that comes for one is checked before it is let in."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from .device import Device
from .disk import newest, sync, write
from .errors import GateError
from .managed import AUTHORITY, CERTIFICATE, KEY, REVOCATIONS, Bundle, ManagedFile
from .tools import LIMIT_IN, must, run

KEEP_KEYS = 8
CURVE = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]


class Keys:
    """The keys below /var/lib/fosa/keys wait for their certificate, or for the way back to an earlier one."""

    def __init__(self, device: Device) -> None:
        self.device, self.held = device, device.root / "var/lib/fosa/keys"
        self.held.mkdir(mode=0o700, parents=True, exist_ok=True)

    def make(self, name: str) -> dict[str, object]:
        """A request for a certificate of the key of that name, which is made unless it is there. The key stays here."""
        if not (self.held / name / "key.pem").exists():
            self.hold(name, must(run(["openssl", "genpkey", *CURVE]), "internal", KEY))
        asked = ["openssl", "req", "-new", "-sha384", "-config", "/dev/null", "-subj", f"/CN={name}"]
        key = os.fspath(self.held / name / "key.pem")
        return {"request": must(run([*asked, "-key", key]), "internal", KEY)}

    def hold(self, name: str, text: str) -> None:
        """Keep a key, all of it or nothing; the oldest go."""
        folder = self.held / name
        folder.mkdir(mode=0o700, exist_ok=True)
        write(folder / "new", text)
        (folder / "new").replace(folder / "key.pem")
        sync(folder)
        sync(self.held)
        newest(self.held, KEEP_KEYS)

    def completed(self, bundle: Bundle) -> Bundle:
        """The bundle, and with a certificate the key that fits it. GateError `invalid` when none here does."""
        if CERTIFICATE not in bundle:
            return bundle
        text, authority = bundle[CERTIFICATE].text, os.fspath(self.device.place(AUTHORITY))
        alone = ["-no-CApath", "-no-CAstore"]
        must(run(["openssl", "verify", *alone, "-CAfile", authority], text), "invalid", CERTIFICATE)
        wanted = must(run(["openssl", "x509", "-noout", "-pubkey"], text), "invalid", CERTIFICATE)
        for key in (self.device.place(KEY), *sorted(self.held.glob("*/key.pem"))):
            if public(key) == wanted:
                return {**bundle, KEY: ManagedFile(0o600, key.read_text())}
        raise GateError("invalid", "no key on this device fits this certificate", CERTIFICATE)

    def keep_old(self, bundle: Bundle) -> None:
        """Hold the key in use before another takes its place: who undoes the change needs it."""
        old = self.device.place(KEY)
        if KEY in bundle and old.exists() and old.read_text() != bundle[KEY].text:
            self.hold(f"was-{hashlib.sha256(public(old).encode()).hexdigest()[:16]}", old.read_text())

    def certificates(self) -> dict[str, object]:
        """The certificates and the revocation lists of this device, as PEM: all of them are public."""
        folders = (self.device.place(path).parent for path in (CERTIFICATE, AUTHORITY, REVOCATIONS))
        paths = [path for folder in folders for path in sorted(folder.glob("[!.]*"))[:20] if path.is_file()]
        return {"certificates": {f"/{path.relative_to(self.device.root)}": beginning(path) for path in paths}}


def public(key: Path) -> str:
    """The public half of a key, or nothing when there is no such key."""
    found = run(["openssl", "pkey", "-pubout", "-in", os.fspath(key)])
    return found.text if found.code == 0 else ""


def beginning(path: Path) -> str:
    """A public file, as far as one of its kind can be long."""
    with path.open(encoding="ascii", errors="replace") as file:
        return file.read(LIMIT_IN // 16)
