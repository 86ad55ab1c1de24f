"""Revocation lists (RFC 5280, section 5): what one proves of a certificate. Pure."""

from __future__ import annotations

import datetime as dt
import warnings

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.certificates.ocsp import Answer
from monitor.certificates.shown import BROKEN, Certificate
from monitor.errors import Flaw, NonsenseError
from monitor.results import State

__all__ = ["judge"]

_SOON = dt.timedelta(hours=24)
_SKEW = dt.timedelta(minutes=5)
_UNDERSTOOD = frozenset({x509.IssuingDistributionPoint.oid})


def judge(data: bytes, certificate: Certificate, issuer: Certificate, now: dt.datetime) -> Answer:
    """What a list (DER or PEM) proves. NonsenseError where it is none, not its issuer's, or not about this one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of serial numbers: only one is looked for
            found = x509.load_pem_x509_crl(data) if data.startswith(b"-----BEGIN") else x509.load_der_x509_crl(data)
            _check(found, certificate, issuer)
            return _judged(found, certificate, now)
    except BROKEN as error:
        raise NonsenseError(say(N_("the revocation list cannot be read"))) from error


def _check(found: x509.CertificateRevocationList, certificate: Certificate, issuer: Certificate) -> None:
    if found.issuer != issuer.raw.subject or not _is_signed(found, issuer):
        raise NonsenseError(
            say(N_("the revocation list is not signed by {issuer}"), issuer=issuer.title), Flaw.UNPROVEN
        )
    for extension in found.extensions:
        if extension.critical and extension.oid not in _UNDERSTOOD:
            raise NonsenseError(say(N_("the revocation list is of a kind that is not understood here")), None)
        if isinstance(extension.value, x509.IssuingDistributionPoint):
            _check_scope(extension.value, certificate)


def _is_signed(found: x509.CertificateRevocationList, issuer: Certificate) -> bool:
    key = issuer.raw.public_key()
    able = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
    return isinstance(key, able) and found.is_signature_valid(key)


def _check_scope(scope: x509.IssuingDistributionPoint, certificate: Certificate) -> None:
    """Whether the list speaks of such certificates at all (RFC 5280, section 5.2.5)."""
    kind_missing = scope.only_contains_ca_certs if not certificate.authority else scope.only_contains_user_certs
    if kind_missing or scope.only_contains_attribute_certs or scope.indirect_crl or scope.only_some_reasons:
        text = N_("the revocation list does not speak of {title}")
        raise NonsenseError(say(text, title=certificate.title), Flaw.UNASKED)


def _judged(found: x509.CertificateRevocationList, certificate: Certificate, now: dt.datetime) -> Answer:
    title, until, begins = certificate.title, found.next_update_utc, found.last_update_utc
    entry = found.get_revoked_certificate_by_serial_number(certificate.raw.serial_number)
    if entry is not None:
        since = entry.revocation_date_utc.isoformat(timespec="minutes")
        return Answer(State.DOWN, say(N_("{title} is revoked since {since}"), title=title, since=since), until)
    if begins > now + _SKEW:
        text = N_("the revocation list of {issuer} is of {begins}, which is to come")
        return Answer(State.DOWN, say(text, issuer=certificate.issuer, begins=begins.isoformat()), until)
    if until is None:
        text = N_("the revocation list of {issuer} does not say until when it holds")
        return Answer(State.DEGRADED, say(text, issuer=certificate.issuer))
    end = until.isoformat(timespec="minutes")
    if until <= now:
        text = N_("the revocation list of {issuer} is out of date since {end}")
        return Answer(State.DOWN, say(text, issuer=certificate.issuer, end=end), until)
    # Who signs a list every few hours is not late all day.
    if until - now < min(_SOON, (until - begins) / 2):
        text = N_("the revocation list of {issuer} ends on {end}, and the next one is not there")
        return Answer(State.DEGRADED, say(text, issuer=certificate.issuer, end=end), until)
    return Answer(State.UP, say(N_("{title} is not on the revocation list"), title=title), until)
