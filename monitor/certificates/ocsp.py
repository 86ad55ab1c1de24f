"""OCSP (RFC 6960): the question, and what an answer proves. Pure."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.certificates.shown import BROKEN, Certificate, read, signed_by
from monitor.errors import Flaw, NonsenseError
from monitor.results import State

__all__ = ["NONCE_BYTES", "Answer", "judge", "question"]

NONCE_BYTES = 32
"""RFC 9654, section 2.1."""
_SKEW = dt.timedelta(minutes=5)
_OLDEST = dt.timedelta(days=1)
"""Of an answer that does not say until when it holds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an OCSP answer or a revocation list proves of one certificate, and until when."""

    state: State
    cause: Sentence
    until: dt.datetime | None = None
    proof: bool = True
    """Whether anything was proved; else `cause` says why not."""


def question(certificate: Certificate, issuer: Certificate, nonce: bytes) -> bytes:
    """The request as DER. SHA-1 only names the issuer here: responders know no other (RFC 5019, section 2.1.1)."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate.raw, issuer.raw, hashes.SHA1())  # noqa: S303
    builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    return builder.build().public_bytes(serialization.Encoding.DER)


def judge(der: bytes, certificate: Certificate, issuer: Certificate, nonce: bytes, now: dt.datetime) -> Answer:
    """What an answer proves. NonsenseError where it is none to this question, is not signed, or is too old."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of serial numbers, which must be the asked one anyway
            return _judged(ocsp.load_der_ocsp_response(der), certificate, issuer, nonce, now)
    except BROKEN as error:
        raise NonsenseError(say(N_("what the OCSP responder answers cannot be read"))) from error


def _judged(
    answer: ocsp.OCSPResponse, certificate: Certificate, issuer: Certificate, nonce: bytes, now: dt.datetime
) -> Answer:
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        word = answer.response_status.name.lower().replace("_", " ")
        raise NonsenseError(say(N_("the OCSP responder refuses: {why}"), why=word), None)
    single = _about(answer, certificate, issuer)
    _check_signature(answer, issuer, now)
    _check_nonce(answer, nonce)
    begins, until = single.this_update_utc, single.next_update_utc
    if begins > now + _SKEW:
        text = N_("the OCSP responder's answer is of {begins}, which is to come")
        raise NonsenseError(say(text, begins=begins.isoformat()), None)
    if until < now - _SKEW if until is not None else begins < now - _OLDEST:
        text = N_("the OCSP responder's answer is of {begins} and no longer holds")
        raise NonsenseError(say(text, begins=begins.isoformat()), None)
    title = certificate.title
    match single.certificate_status:
        case ocsp.OCSPCertStatus.GOOD:
            return Answer(State.UP, say(N_("{title} is not revoked, says OCSP"), title=title), until)
        case ocsp.OCSPCertStatus.REVOKED:
            when = single.revocation_time_utc
            since = "?" if when is None else when.isoformat(timespec="minutes")
            return Answer(State.DOWN, say(N_("{title} is revoked since {since}"), title=title, since=since), until)
    raise NonsenseError(say(N_("the OCSP responder does not know {title}"), title=title), None)


def _about(answer: ocsp.OCSPResponse, certificate: Certificate, issuer: Certificate) -> ocsp.OCSPSingleResponse:
    """Of all it says what it says about this certificate (RFC 6960, section 3.2, point 1)."""
    for single in answer.responses:
        if single.serial_number == certificate.raw.serial_number and _is_of(single, issuer):
            return single
    raise NonsenseError(say(N_("the OCSP responder answers about another certificate")), Flaw.UNASKED)


def _is_of(single: ocsp.OCSPSingleResponse, issuer: Certificate) -> bool:
    """By the hash of the issuer's key, the subjectPublicKey without its algorithm (RFC 6960, section 4.1.1)."""
    mine = ocsp.OCSPRequestBuilder().add_certificate(issuer.raw, issuer.raw, single.hash_algorithm).build()
    return (mine.issuer_key_hash, mine.issuer_name_hash) == (single.issuer_key_hash, single.issuer_name_hash)


def _check_signature(answer: ocsp.OCSPResponse, issuer: Certificate, now: dt.datetime) -> None:
    """By the issuer itself, or by whom it has named for this (RFC 6960, section 4.2.2.2)."""
    delegates = (read(each.public_bytes(serialization.Encoding.DER)) for each in answer.certificates[:5])
    signers = [issuer, *(each for each in delegates if _is_delegate(each, issuer, now))]
    if not any(_has_signed(answer, signer) for signer in signers):
        text = N_("the OCSP responder's answer is not signed by {issuer}")
        raise NonsenseError(say(text, issuer=issuer.title), Flaw.UNPROVEN)


def _is_delegate(certificate: Certificate, issuer: Certificate, now: dt.datetime) -> bool:
    return (
        certificate.purposes is not None
        and ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string in certificate.purposes
        and certificate.not_before <= now <= certificate.not_after
        and signed_by(certificate, issuer)
    )


def _has_signed(answer: ocsp.OCSPResponse, signer: Certificate) -> bool:
    key, hashed = signer.raw.public_key(), answer.signature_hash_algorithm
    try:
        if isinstance(key, rsa.RSAPublicKey) and hashed is not None:
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and hashed is not None:
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashed))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _check_nonce(answer: ocsp.OCSPResponse, nonce: bytes) -> None:
    """Many responders sign beforehand and send none (RFC 5019, section 4): then the dates alone prove freshness."""
    try:
        found = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return
    if found != nonce:
        raise NonsenseError(say(N_("the OCSP responder's answer is to somebody else's question")), Flaw.UNASKED)
