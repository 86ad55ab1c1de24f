"""Which certificate of a chain is to blame that a server is not believed, and why. Pure.

Whether it is believed OpenSSL decides, as it does for whoever works with the platform; what is found here are words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.certificates.judging import Role, unfit
from monitor.certificates.shown import Certificate, signed_by
from monitor.results import State

__all__ = ["blame", "issuer_of", "links"]

_NAME_MISMATCH, _ADDRESS_MISMATCH = 62, 64
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL's x509_vfy.h."""


def blame(
    chain: Sequence[Certificate], anchors: Sequence[Certificate], code: int, name: str, now: dt.datetime
) -> Sentence | None:
    """The sentence about the certificate at fault; None where nothing of it is seen here.

    `chain`: as shown, leaf first. `code`: what OpenSSL's verification says. `anchors`: known authorities, maybe none.
    """
    if not chain:
        return None
    leaf = chain[0]
    if code in {_NAME_MISMATCH, _ADDRESS_MISMATCH}:
        names = ", ".join(leaf.names) or leaf.title
        return say(N_("{title} is for {names}, and not for {name}"), title=leaf.title, names=names, name=name)
    for place, each in enumerate(links(chain, anchors)):
        verdict = unfit(each, Role.SERVER if place == 0 else Role.AUTHORITY, now)
        if verdict is not None and verdict[0] is State.DOWN:
            return verdict[1]
    return _broken_link(chain, anchors)


def links(chain: Sequence[Certificate], anchors: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """From the leaf up, each with the issuer that has signed it, as far as that goes."""
    found = [chain[0]]
    while not found[-1].self_issued and (issuer := issuer_of(found[-1], (*chain, *anchors))) is not None:
        if issuer in found:
            break
        found.append(issuer)
    return tuple(found)


def issuer_of(certificate: Certificate, among: Sequence[Certificate]) -> Certificate | None:
    """The first that has signed it."""
    return next((other for other in among if signed_by(certificate, other)), None)


def _broken_link(chain: Sequence[Certificate], anchors: Sequence[Certificate]) -> Sentence | None:
    known = (*chain, *anchors)
    last = links(chain, anchors)[-1]
    if last.self_issued:
        if last is chain[0]:
            return say(N_("{title} has signed itself, and nobody here trusts it"), title=last.title)
        return say(N_("the chain ends at {title}, whom nobody here trusts"), title=last.title)
    if any(other.raw.subject == last.raw.issuer for other in known):
        text = N_("{title} was not signed by the {issuer} that is known here")
        return say(text, title=last.title, issuer=last.issuer)
    text = N_("{title} is issued by {issuer}, whom the server does not show and nobody here trusts")
    return say(text, title=last.title, issuer=last.issuer)
