"""Fingerprints of host keys: counted here, and read out of what a person typed or brought in a file. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["TEXT_LIMIT", "fingerprint", "given"]

TEXT_LIMIT = 64 * 1024
"""So much of a file can tell a fingerprint; more is something else."""

_FINGERPRINT = re.compile(r"(?<![A-Za-z0-9+/])(?:SHA256:)?([A-Za-z0-9+/]{43})(?![A-Za-z0-9+/])")
_KEY = re.compile(r"\bssh-ed25519 ([A-Za-z0-9+/]{68})(?![A-Za-z0-9+/])")


def fingerprint(host_key: str) -> str:
    """`SHA256:...` of a key as in known_hosts (`ssh-ed25519 AAAA...`), as ssh-keygen -l shows it."""
    try:
        blob = base64.b64decode(host_key.split()[1], validate=True)
    except (IndexError, binascii.Error) as error:
        raise InputError(_("this is no host key: {text}").format(text=repr(host_key)[:60])) from error
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def given(text: str) -> str:
    """The one fingerprint in a text: as typed, as ssh-keygen -l prints it, or that of the ssh-ed25519 key in it.

    InputError when there is none, and when there are several: which one is meant nobody guesses.
    """
    keys = {fingerprint(match[0]) for match in _KEY.finditer(text)}
    # Behind the keys, whose own text could be taken for a fingerprint.
    bare = {f"SHA256:{match[1]}" for match in _FINGERPRINT.finditer(_KEY.sub(" ", text))}
    found = sorted(keys | bare)
    if not found:
        raise InputError(_("there is no fingerprint (SHA256: and 43 characters) and no ssh-ed25519 key in it"))
    if len(found) > 1:
        message = _("it names several fingerprints ({found}); leave only that of the gateway's ssh-ed25519 host key")
        raise InputError(message.format(found=", ".join(found)))
    return found[0]
