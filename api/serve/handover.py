"""Handing a part the secrets it may have, where it is not started as root: systemd runs this before it, as root.

    python -m api.serve.handover watch|work --to FILE

The file lies in the part's own folder in memory; the part reads it once and takes it away.
"""

from __future__ import annotations

import argparse
import os
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from api.held import HeldSecrets, hold, references
from api.serve.part import begin
from api.settings import Settings
from inventory.errors import InputError
from inventory.load import load
from inventory.model import Office
from inventory.model.base import Value
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from monitor.probes.rounds import probe_secrets
from monitor.snmp.expected import poll_secrets

__all__ = ["main", "received"]


class _Handed(Value):
    """What goes over, by reference."""

    texts: dict[str, str]
    problems: dict[str, str]


def main(arguments: Sequence[str]) -> int:
    """Read and hand over."""
    parser = argparse.ArgumentParser(prog="handover")
    parser.add_argument("part", choices=("watch", "work"))
    parser.add_argument("--to", type=Path, required=True)
    asked = parser.parse_args(arguments)
    settings = Settings.from_environ(os.environ)
    found = load(settings.inventory)
    office = found.require()
    refs = references(office) if asked.part == "work" else _read_only(office)
    wanted = settings.work_user if asked.part == "work" else settings.watch_user
    held = hold(SecretStore(found.folder), refs)
    _write(asked.to, _Handed(texts=dict(held.texts), problems=dict(held.refused)), wanted or f"fosa-{asked.part}")
    return 0


def received(file: Path) -> HeldSecrets:
    """What was handed over; the file is gone afterwards. InputError when there is nothing."""
    try:
        handed = _Handed.model_validate_json(file.read_bytes())
        file.unlink()
    except (OSError, ValueError) as error:
        # Not what was wrong with it: that could quote a secret.
        raise InputError(_("{path}: no secrets were handed over there").format(path=file)) from error
    return HeldSecrets(handed.texts, handed.problems)


def _read_only(office: Office) -> frozenset[str]:
    devices = (ref for device in office.managed for ref in office.read_with(device))
    return frozenset((*devices, *probe_secrets(office), *poll_secrets(office)))


def _write(file: Path, handed: _Handed, account: str) -> None:
    try:
        entry = pwd.getpwnam(account)
    except KeyError:
        raise InputError(_("there is no account {name} on this machine").format(name=account)) from None
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o400)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(handed.model_dump_json().encode())
        os.fchown(descriptor, entry.pw_uid, entry.pw_gid)


if __name__ == "__main__":
    begin(main, sys.argv[1:])
