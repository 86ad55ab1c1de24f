"""A time-stamp of nothing: the question (RFC 3161) over random bytes, and what an answer to it proves."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw
from monitor.probes.base import heard
from monitor.refused import Protocol, refuse

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest, TimeStampResponse

__all__ = ["Wish", "read", "roots_in", "wish"]

_RANDOM_BYTES = 32
_STATUS = {
    2: "rejection",
    3: "waiting",
    4: "revocation warning",
    5: "revocation notification",
}
"""PKIStatus of RFC 3161, section 2.4.2."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One question."""

    request: TimeStampRequest
    digest: bytes
    der: bytes


def wish() -> Wish:
    """Nobody learns anything of it: what is stamped is random, and nowhere kept."""
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    text = secrets.token_bytes(_RANDOM_BYTES)
    request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    return Wish(request, hashlib.sha256(text).digest(), request.as_bytes())


def roots_in(pem: str) -> tuple[Certificate, ...]:
    """The authorities of a file; none where it holds no certificate."""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return tuple(load_pem_x509_certificates(pem.encode()))
    except ValueError:
        return ()


def read(wished: Wish, answer: bytes, roots: Sequence[Certificate]) -> dt.datetime | Sentence:
    """The time of a stamp that answers the question, signed by somebody whom `roots` vouch for; or what is wrong."""
    from rfc3161_client import decode_timestamp_response

    try:
        said = decode_timestamp_response(answer)
        status = said.status
    except ValueError:
        refuse(Protocol.TIME_STAMP, Flaw.MALFORMED)
        return say(N_("what the authority answers is no time-stamp"))
    if status not in {0, 1}:
        return say(N_("the authority gives no stamp: {why}"), why=_refusal(said, status))
    return _verified(wished, said, roots)


def _verified(wished: Wish, said: TimeStampResponse, roots: Sequence[Certificate]) -> dt.datetime | Sentence:
    from cryptography.exceptions import UnsupportedAlgorithm
    from rfc3161_client import VerificationError, VerifierBuilder

    builder = VerifierBuilder.from_request(wished.request)
    try:
        for root in dict.fromkeys(roots):
            builder = builder.add_root_certificate(root)
        builder.build().verify(said, wished.digest)
        at = said.tst_info.gen_time
    except VerificationError as error:
        refuse(Protocol.TIME_STAMP, Flaw.UNPROVEN)
        return say(N_("the stamp cannot be believed: {why}"), why=heard(str(error)))
    except (ValueError, UnsupportedAlgorithm):
        refuse(Protocol.TIME_STAMP, Flaw.MALFORMED)
        return say(N_("what the authority answers is no time-stamp"))
    return at if at.tzinfo is not None else at.replace(tzinfo=dt.UTC)


def _refusal(said: TimeStampResponse, status: int) -> str:
    words = "; ".join(str(word) for word in said.status_string)
    return heard(": ".join(filter(None, (_STATUS.get(status, str(status)), words))))
