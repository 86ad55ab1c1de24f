"""How one certificate stands by itself: its days, its strength, and whether it may be what it is used as. Pure."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from cryptography.x509.oid import ExtendedKeyUsageOID

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.certificates.shown import Certificate
from monitor.results import State

__all__ = ["Role", "Verdict", "left_days", "standing", "unfit"]

Verdict = tuple[State, Sentence]
_OURS = (0, 7, 14, 30, 45, 60)
"""Days before the end, its issuer's time taken off, at which somebody has to do something."""
_FIRST = 90
_THEIRS = (0, 7, 14)
"""Somebody else renews these, often automatically and late."""
_PURPOSES = {
    "client": ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
    "server": ExtendedKeyUsageOID.SERVER_AUTH.dotted_string,
}
_ANY = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE.dotted_string


class Role(StrEnum):
    """What a certificate is used as."""

    CLIENT = "client"
    SERVER = "server"
    AUTHORITY = "authority"
    PEER = "peer"
    """One end of a tunnel: it signs, and no purpose is asked for (RFC 4945, sections 5.1.3.2 and 5.1.3.12)."""


def left_days(certificate: Certificate, now: dt.datetime) -> float:
    """Until its end; below 0 afterwards."""
    return (certificate.not_after - now).total_seconds() / 86400


def standing(
    certificate: Certificate, role: Role, now: dt.datetime, lead_days: int = 0, *, ours: bool = True
) -> Verdict:
    """The worst about a certificate, or until when it is good. `lead_days`: what its issuer takes for the next one.

    The sentence stays the same from one threshold to the next, so that not every day has its news.
    """
    if (fault := unfit(certificate, role, now)) is not None:
        return fault
    end = certificate.not_after.date().isoformat()
    left = left_days(certificate, now) - lead_days
    steps = _OURS if ours else _THEIRS
    passed = next((step for step in steps if left <= step), None)
    title = certificate.title
    if passed == 0:
        text = N_("{title} ends on {end}; days its issuer takes for the next one: {n}")
        return State.DEGRADED, say(text, title=title, end=end, n=lead_days)
    if passed is not None:
        text = N_("{title} ends on {end}: at most {n} days are left to have it renewed")
        return State.DEGRADED, say(text, title=title, end=end, n=passed)
    if ours and left <= _FIRST:
        return State.UP, say(N_("{title} ends on {end}: ask for the next one"), title=title, end=end)
    return State.UP, say(N_("{title} is good until {end}"), title=title, end=end)


def unfit(certificate: Certificate, role: Role, now: dt.datetime) -> Verdict | None:
    """Why a certificate does not do, whatever its days; None when it does."""
    title = certificate.title
    if now < certificate.not_before:
        begins = certificate.not_before.isoformat(timespec="minutes")
        return State.DOWN, say(N_("{title} is not valid before {begins}"), title=title, begins=begins)
    if now > certificate.not_after:
        end = certificate.not_after.isoformat(timespec="minutes")
        return State.DOWN, say(N_("{title} has ended on {end}"), title=title, end=end)
    if role is Role.AUTHORITY and not certificate.authority:
        return State.DEGRADED, say(N_("{title} is no authority"), title=title)
    if (usage := _missing(certificate, role)) is not None:
        text = N_("{title} is not meant for what it is used as: it lacks {usage}")
        return State.DEGRADED, say(text, title=title, usage=usage)
    if certificate.weakness:
        text = N_("{title} is too weak: {weakness}")
        return State.DEGRADED, say(text, title=title, weakness=certificate.weakness)
    return None


def _missing(certificate: Certificate, role: Role) -> str | None:
    """By RFC 5280, sections 4.2.1.3 and 4.2.1.12: what it says nothing of, it does not forbid."""
    purpose = _PURPOSES.get(role.value)
    if purpose is not None and certificate.purposes is not None and not certificate.purposes & {purpose, _ANY}:
        return {Role.CLIENT: "clientAuth", Role.SERVER: "serverAuth"}[role]
    if certificate.usages is None:
        return None
    if role is Role.AUTHORITY:
        return None if "key_cert_sign" in certificate.usages else "keyCertSign"
    # A server that has its key agreed on by RSA signs nothing (TLS 1.2 only).
    enough = {"digital_signature"} if role in {Role.CLIENT, Role.PEER} else {"digital_signature", "key_encipherment"}
    return None if certificate.usages & enough else "digitalSignature"
