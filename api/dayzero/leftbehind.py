"""The certificates of a box that another has replaced: whoever has its disk could still be this gateway. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from api.keys.facts import facts, loaded
from api.keys.model import Certificate, Known
from inventory.errors import InputError

__all__ = ["left_behind"]


def left_behind(
    register: Iterable[Certificate], device: str, held: Mapping[str, str], now: dt.datetime
) -> tuple[Certificate, ...]:
    """What the office's authority has signed for a device, is good still, and is not on the box that stands there now.

    `held` is what that box shows: path -> PEM. One that is newer than all of these is on its way to it, and left out.
    """
    every = tuple(register)
    authorities = {each.subject for each in every if each.known is Known.AUTHORITY}
    here = [each for each in _certificates(held, device) if each.issuer in authorities and each.issuer != each.subject]
    prints, newest = {each.fingerprint for each in here}, max((each.not_before for each in here), default=None)
    return tuple(
        each
        for each in every
        if each.known in {Known.ISSUED, Known.FOUND}
        and (each.where, each.revoked_at) == (device, None)
        and each.issuer in authorities
        and each.not_after > now
        and each.fingerprint not in prints
        and (newest is None or each.not_before <= newest)
    )


def _certificates(held: Mapping[str, str], device: str) -> Iterable[Certificate]:
    for text in held.values():
        try:
            yield from (facts(each, Known.FOUND, device) for each in loaded(text.encode()))
        except InputError:
            # A revocation list, or what is no certificate: it proves nothing of anybody.
            continue
