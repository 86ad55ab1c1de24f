"""A backup of the authority tried, away from any service: it opens, and what it signs is good."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from api.keys import sealed as seal
from api.keys.authority import Authority
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["tried"]


def tried(path: Path, passphrase: str) -> str:
    """The fingerprint of the authority in a file. RefusedError for a wrong passphrase, SecretError for a damaged one.

    The list that it signs for the trial is verified by its certificate, and forgotten.
    """
    if (sealed := seal.read(path)) is None:
        raise InputError(_("there is no file {path}").format(path=path))
    authority = Authority.open(sealed, passphrase)
    made = x509.load_pem_x509_crl(authority.revocations({}, 1, dt.datetime.now(dt.UTC).date()).encode())
    certificate = x509.load_pem_x509_certificate(authority.certificate.encode())
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not made.is_signature_valid(key):
        raise InputError(_("{path}: what this key signs is not good").format(path=path))
    return certificate.fingerprint(hashes.SHA256()).hex()
