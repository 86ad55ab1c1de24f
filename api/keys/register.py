"""The register of certificates: which must be replaced, and how soon. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from api.keys.model import Certificate, Due, Known, Level

__all__ = ["THRESHOLDS", "due", "named", "standing", "superseded"]

THRESHOLDS = (90, 60, 45, 30, 14, 7)
"""Days before the end at which somebody must hear of it, the issuer's time taken off beforehand."""
_URGENT = 14


def standing(certificate: Certificate, today: dt.date) -> Due:
    """How much time is left for a certificate."""
    days = (certificate.not_after.date() - today).days - certificate.lead_days
    passed = [threshold for threshold in (*THRESHOLDS, 0) if days <= threshold]
    threshold = min(passed, default=max(THRESHOLDS) + 1)
    return Due(certificate=certificate, days=days, threshold=threshold, level=_level(certificate, days))


def due(register: Iterable[Certificate], today: dt.date) -> tuple[Due, ...]:
    """What must be replaced, the most urgent first. What is revoked or replaced is nobody's concern."""
    each = (standing(certificate, today) for certificate in register)
    found = (one for one in each if one.level in {Level.SOON, Level.URGENT, Level.OVER})
    return tuple(sorted(found, key=lambda one: (one.days, one.certificate.where, one.certificate.fingerprint)))


def named(register: Iterable[Certificate], serial: str) -> tuple[Certificate, ...]:
    """The office's own certificates of that serial number, however it is written."""
    wanted = serial.lower().replace(":", "").removeprefix("0x").lstrip("0")
    own = (one for one in register if one.known in {Known.ISSUED, Known.FOUND})
    return tuple(one for one in own if one.serial == wanted)


def superseded(
    register: Iterable[Certificate], device: str, own: Sequence[Certificate], others: Sequence[Certificate] = ()
) -> tuple[Certificate, ...]:
    """What the register still has of a device that runs `own` and believes `others` now.

    What is newer than its own is still on its way there.
    """
    prints = {one.fingerprint for one in (*own, *others)}
    newest = max((one.not_before for one in own), default=None)
    there = (one for one in register if one.where == device and one.known in {Known.ISSUED, Known.FOUND})
    left = (one for one in there if not one.gone and one.fingerprint not in prints)
    return tuple(one for one in left if newest is not None and one.not_before <= newest)


def _level(certificate: Certificate, days: int) -> Level:
    if certificate.revoked_at is not None:
        return Level.REVOKED
    if certificate.gone:
        return Level.GONE
    if days <= 0:
        return Level.OVER
    if days <= _URGENT:
        return Level.URGENT
    return Level.SOON if days <= max(THRESHOLDS) else Level.FINE
