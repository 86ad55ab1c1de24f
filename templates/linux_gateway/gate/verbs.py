"""The way in: one request, one JSON object (or one stream), one exit code."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import sys
from collections.abc import Callable

from .asked import asked
from .bundle import parse_bundle, read_input
from .change import Change
from .device import Device
from .errors import GateError
from .keys import Keys
from .links import links
from .log import log
from .relay import Ends, vici
from .renewal import reauthenticate
from .request import Request, request_of
from .revocations import install
from .sniff import sniff
from .status import status
from .trial import intended
from .ways import ways

REFUSED_EXIT = 77
STREAMS: dict[str, Callable[[str, Ends], None]] = {"vici": vici, "links": links, "sniff": sniff}
"""What goes on until the client closes, or its time is over: 0 then; 77 when it sent what may not be, else 1."""


def main(argv: list[str]) -> int:
    """One request, one exit code."""
    os.umask(0o077)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    device: Device | None = None
    out = sys.stdout
    try:
        request = request_of(argv)
        if request.verb in STREAMS:
            # What goes on is the stream's own; why it ended is for people.
            out = sys.stderr
            STREAMS[request.verb](" ".join(argv), Ends(sys.stdin.fileno(), sys.stdout.fileno()))
            return 0
        device = Device()
        said: dict[str, object] = {"ok": True, **answer(device, request)}
    except (GateError, OSError) as error:
        said = {"ok": False, **fault(error)}
    words = " ".join(argv)[:200].encode("unicode_escape").decode()
    if argv[:1] == ["write"] or said.get("code") == "refused":
        log(f"{words}: {said.get('code', 'ok')}")
    if device and not said["ok"]:
        said = {key: device.mask.hide(value) if isinstance(value, str) else value for key, value in said.items()}
    # Whoever asked may be cut off by now: what is armed stays armed, and silence means revert.
    with contextlib.suppress(BrokenPipeError):
        out.write(json.dumps(said) + "\n")
        out.flush()
    return 0 if said["ok"] else REFUSED_EXIT if said.get("code") == "refused" else 1


def fault(error: GateError | OSError) -> dict[str, object]:
    """What an error looks like from outside."""
    if isinstance(error, GateError):
        return {"code": error.code, "text": error.text, "where": error.where}
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    code, where = "no_space" if full else "internal", error.filename or ""
    return {"code": code, "text": error.strerror or str(error), "where": where}


def answer(device: Device, request: Request) -> dict[str, object]:
    """Do what a request asks."""
    if request.verb == "fetch":
        return {"sections": device.running()}
    if request.verb == "normal":
        return {"sections": intended(device, Keys(device).completed(parse_bundle(read_input())))}
    change, keys = Change(device), Keys(device)
    if request.verb == "stage":
        return change.stage(request.token, read_input())
    if request.verb == "commit":
        return change.commit(request.token, request.seconds)
    if request.verb == "revocations":
        return install(device, change.journal, read_input())
    if request.verb == "status":
        return status(device, change.journal)
    whole = {"boot": change.boot, "certificates": keys.certificates, "asked": asked, "ways": ways}
    if request.verb in whole:
        return whole[request.verb]()
    simple: dict[str, Callable[[str], dict[str, object]]]
    simple = {"confirm": change.confirm, "revert": change.revert, "discard": change.discard, "fire": change.fire,
              "newkey": keys.make, "reauthenticate": lambda name: reauthenticate(device, name)}  # fmt: skip
    return simple[request.verb](request.token)
