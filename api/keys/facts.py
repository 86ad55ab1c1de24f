"""Certificates read: PEM or DER in, facts out. Nothing of a private key is looked at."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from api.keys.model import Certificate, Known
from inventory.errors import InputError
from inventory.sentence import say
from inventory.words import gettext as _
from inventory.words import noted as N_

__all__ = ["LIMIT", "facts", "loaded", "revoked_serials"]

LIMIT = 256 * 1024
_MOST = 20


def loaded(raw: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM text or one DER one; InputError, with a Sentence, when there is none."""
    if len(raw) > LIMIT:
        raise InputError(say(N_("a file of certificates is at most {n} bytes long"), n=LIMIT))
    if b"PRIVATE KEY" in raw:
        raise InputError(say(N_("there is a private key in this file: take it out; fosa wants none but its own")))
    try:
        found = x509.load_pem_x509_certificates(raw) if b"-----BEGIN" in raw else [x509.load_der_x509_certificate(raw)]
    except ValueError:
        raise InputError(say(N_("this is no X.509 certificate in PEM or DER"))) from None
    if len(found) > _MOST:
        raise InputError(say(N_("these are more than {n} certificates"), n=_MOST))
    return tuple(found)


def facts(certificate: x509.Certificate, known: Known, where: str, lead_days: int = 0) -> Certificate:
    """What the register keeps of one."""
    return Certificate(
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        serial=f"{certificate.serial_number:x}",
        subject=certificate.subject.rfc4514_string()[:300],
        issuer=certificate.issuer.rfc4514_string()[:300],
        identities=_identities(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        known=known,
        where=where,
        lead_days=lead_days,
    )


def revoked_serials(text: str) -> dict[str, dt.datetime]:
    """Serial numbers and when, from a list in PEM; InputError when it is none."""
    try:
        found = x509.load_pem_x509_crl(text.encode())
    except ValueError:
        raise InputError(_("this is no revocation list in PEM")) from None
    return {f"{entry.serial_number:x}": entry.revocation_date_utc for entry in found}


def _identities(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
    return (*names.get_values_for_type(x509.DNSName), *addresses)[:_MOST]
