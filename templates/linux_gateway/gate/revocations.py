"""Revocation lists: let in outside of any change, but only from the authority that is here, and only newer ones."""

from __future__ import annotations

import calendar
import json
import os
import re
import time

from .device import Device
from .disk import sync, write
from .errors import GateError
from .files import beside
from .journal import Journal
from .managed import AUTHORITY, REVOCATIONS
from .tools import LIMIT_IN, Output, must, run

PEM = r"-----BEGIN X509 CRL-----\n(?:[A-Za-z0-9+/=]+\n)+-----END X509 CRL-----\n\Z"
ASK = ["openssl", "crl", "-noout", "-crlnumber", "-nextupdate"]


def install(device: Device, journal: Journal, raw: bytes) -> dict[str, object]:
    """Put a newer list in the place of the old one and have charon forget what it remembers of that.

    The same list again is no error; an older one is `moved`, one of another authority or past its time `invalid`.
    """
    text = parse_list(raw)
    number = checked(device, text)
    place = device.place(REVOCATIONS)
    with journal.alone():
        here = number_of(run(ASK, place.read_text())) if place.exists() else -1
        if number < here:
            raise GateError("moved", f"the device has list {here}, which is newer than {number}", REVOCATIONS)
        if number > here or place.read_text() != text:
            write(beside(place, "new"), text, 0o644)
            beside(place, "new").replace(place)
            sync(place.parent)
        must(run(["swanctl", "--load-creds", "--noprompt"]), "internal", REVOCATIONS)
        must(run(["swanctl", "--flush-certs", "--type", "X509_CRL"]), "internal", REVOCATIONS)
    return {"number": number}


def parse_list(raw: bytes) -> str:
    """The text of a list sent as the only file of a bundle."""
    try:
        data = json.loads(raw.decode("utf-8")) if len(raw) <= LIMIT_IN else {}
        (file,) = data["files"]
        path, text = file["path"], file["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        path, text = "", ""
    if path != REVOCATIONS or not isinstance(text, str) or not re.match(PEM, text):
        raise GateError("invalid", "this is not one revocation list in PEM")
    return text


def checked(device: Device, text: str) -> int:
    """The number of a list that is signed by the authority on this device and whose time is not over."""
    authority = os.fspath(device.place(AUTHORITY))
    said = run([*ASK, "-no-CApath", "-no-CAstore", "-CAfile", authority], text)
    if said.code or "verify OK" not in said.fault:
        raise GateError("invalid", "the list is not signed by the authority of this device", REVOCATIONS)
    found = re.search(r"nextUpdate=(.*) GMT", said.text)
    until = calendar.timegm(time.strptime(found[1], "%b %d %H:%M:%S %Y")) if found else 0
    number = number_of(said)
    if number < 0 or until <= time.time():
        raise GateError("invalid", "the list has no number, or its time is over", REVOCATIONS)
    return number


def number_of(said: Output) -> int:
    """The number of a list, -1 for none."""
    found = re.search(r"crlNumber=(?:0x)?([0-9A-Fa-f]+)\b", said.text)
    return int(found[1], 16) if said.code == 0 and found else -1
