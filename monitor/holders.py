"""The certificates that gateways prove themselves with, read over their read accounts."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from inventory.access import AccessError
from inventory.errors import FosaError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError
from monitor.gate import Door, Lent, nobody_lends
from monitor.gate import ask as ask_gate
from monitor.probes.base import Outcome, Secrets, Target, said
from monitor.probes.certificate import Gateway, ask, of_gateway
from monitor.results import State
from templates.linux_gateway.gate.managed import AUTHORITY, CERTIFICATE

__all__ = ["seen_to_hold"]


async def seen_to_hold(target: Target, secrets: Secrets, lent: Lent = nobody_lends) -> Outcome:
    """Of a gateway by its gate; every other certificate as `monitor.probes.certificate` asks for it."""
    if not isinstance(target, Gateway):
        return await ask(target, secrets)
    begun = time.monotonic()
    told = await _heard(target, secrets, lent)
    if isinstance(told, Sentence):
        return Outcome(state=State.UNKNOWN, cause=told, sent=target.where)
    if (files := _files(told)) is None:
        text = N_("the gate of {device} answers what is not understood")
        return Outcome(state=State.UNKNOWN, cause=say(text, device=target.device), sent=target.where)
    if CERTIFICATE not in files:
        text = N_("there is no certificate at {path}")
        return Outcome(state=State.DOWN, cause=say(text, path=CERTIFICATE), sent=target.where)
    held = [(files[path], path == AUTHORITY) for path in (CERTIFICATE, AUTHORITY) if path in files]
    try:
        return of_gateway(target, held, time.monotonic() - begun)
    except FosaError as error:
        return Outcome(state=State.DOWN, cause=said(error), sent=target.where)


async def _heard(target: Gateway, secrets: Secrets, lent: Lent) -> bytes | Sentence:
    """What its gate tells, or why it does not."""
    key = secrets.get(target.login.key)
    if key is None:
        return say(N_("the key of {device} cannot be read"), device=target.device)
    try:
        told = await ask_gate(Door(target.login, key, lent=lent), "certificates")
    except (AccessError, NonsenseError) as error:
        return said(error)
    text = N_("the gate of {device} does not know this question: enrol it anew")
    return say(text, device=target.device) if told.refused else told.text


def _files(told: bytes) -> Mapping[str, str] | None:
    """PEM by path; None where that is not what was answered."""
    try:
        whole = json.loads(told)
    except (ValueError, RecursionError):
        return None
    files = whole.get("certificates") if isinstance(whole, dict) and whole.get("ok") is True else None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        return None
    return files
