"""What a bundle may hold: an exact shape, and no words that read other files or run programs."""

from __future__ import annotations

import json
import re
import sys
import time

from .errors import GateError
from .managed import (
    CERTIFICATE,
    CHRONY,
    MANAGED,
    MODES,
    NFTABLES,
    REQUIRED,
    RSYSLOG,
    SNMPD,
    SSHD,
    SWANCTL,
    ULOGD,
    Bundle,
    ManagedFile,
)
from .tools import LIMIT_IN, LIMIT_SECONDS, drain

FORBIDDEN = {
    CERTIFICATE: r"(?s)\A(?!-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n\Z).{0,40}",
    NFTABLES: r"\binclude\b",
    SWANCTL: r"\b(include|updown|file|handle|slot|module)\b",
    SSHD: r"(?i)^\s*(include|authorized\w+command|pkcs11provider|securitykeyprovider|xauthlocation)\b",
    CHRONY: r"(?i)^\s*(include|confdir|sourcedir|mailonchange)\b",
    ULOGD: r"(?i)\binclude\b",
    RSYSLOG: r"(?i)includeconfig|\binclude\s*\(|\b(omprog|mmexternal|improg)\b|\^|lookup_table"
    r"|\bload\s*=\s*\"[^\"]*/|\$modload\s+\S*/",
    SNMPD: r"(?i)^\s*(\[|include\w*|extend\S*|exec\S*|sh|pass\w*|perl|dlmod|load\w*)\b",
}
"""What would let a candidate read another file into an error message, load code, or run a program as root."""


def read_input() -> bytes:
    """Standard input up to its end, at most LIMIT_IN + 1 bytes and LIMIT_SECONDS."""
    return drain([sys.stdin.fileno()], LIMIT_IN, time.monotonic() + LIMIT_SECONDS)[0]


def parse_bundle(raw: bytes) -> Bundle:
    """The files of a bundle, or GateError `invalid`: the shape is exact, and a path is one of MANAGED."""
    if len(raw) > LIMIT_IN:
        raise GateError("invalid", "the bundle is larger than 1 MiB")
    try:
        data = json.loads(raw.decode("utf-8"))
        entries = data["files"] if isinstance(data, dict) and set(data) == {"files"} else None
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise GateError("invalid", 'the bundle is not {"files": [{"path": ..., "mode": ..., "text": ...}]}')
    bundle: Bundle = {}
    for entry in entries:
        path, file = parse_file(entry)
        if path in bundle:
            raise GateError("invalid", "the bundle names a file twice", path)
        bundle[path] = file
    for path in REQUIRED:
        if path not in bundle:
            raise GateError("invalid", "the bundle lacks this file", path)
    return bundle


def parse_file(entry: dict[str, object]) -> tuple[str, ManagedFile]:
    """One file of a bundle."""
    path, mode, text = entry.get("path"), entry.get("mode"), entry.get("text")
    if set(entry) != {"path", "mode", "text"} or not isinstance(path, str) or path not in (*MANAGED, CERTIFICATE):
        raise GateError("invalid", "the bundle names a file that is not managed")
    if type(mode) is not int or mode not in MODES:
        raise GateError("invalid", "the mode must be 0600, 0640 or 0644", path)
    if not isinstance(text, str) or re.search(r"[^\t\n -~\u00a0-\ud7ff\ue000-\uffff]", text):
        raise GateError("invalid", "the text holds a control character", path)
    found = re.search(FORBIDDEN[path], re.sub(r"(?m)^\s*#.*$", "", text).replace("\\\n", " "), re.MULTILINE)
    if found:
        raise GateError("invalid", f"not allowed in this file: {found.group().strip()}", path)
    return path, ManagedFile(mode, text)
