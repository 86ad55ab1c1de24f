"""A certificate of ours with its private key, from PEM or PKCS#12. The key is shown nowhere and put on no disk."""

from __future__ import annotations

import base64
import binascii
import os
import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import pkcs12

from inventory.errors import InputError
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.certificates.shown import BROKEN, Certificate, read

__all__ = ["Holding", "hold", "show"]

_MOST = 10


@dataclass(frozen=True, slots=True)
class Holding:
    """What we prove ourselves with."""

    certificate: Certificate
    issuers: tuple[Certificate, ...]
    """The others that lie with it."""
    pem: bytes = field(repr=False)
    """Certificate, issuers and private key, the key unsealed."""


def hold(text: str, password: str | None) -> Holding:
    """Read PEM (certificates and one private key) or PKCS#12 in Base64.

    InputError says what is wrong, and never quotes what it read. NonsenseError where a certificate is absurd.
    """
    sealed = None if password is None else password.encode()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `read` has its own word on what the parser warns of
            key, found = _pem(text, sealed) if "-----BEGIN" in text else _pkcs12(text, sealed)
    except (*BROKEN, binascii.Error):
        # From None: a parser's own error may quote what it was reading.
        words = N_(
            "it is neither PEM with a certificate and its private key nor PKCS#12 in Base64, or the password is wrong"
        )
        raise InputError(say(words)) from None
    if not found or len(found) > _MOST:
        raise InputError(say(N_("it must hold a certificate and at most {n} of its issuers"), n=_MOST - 1))
    public = _spki(key.public_key())
    own = next((each for each in found if _spki(each.public_key()) == public), None)
    if own is None:
        title = read(found[0].public_bytes(serialization.Encoding.DER)).title
        raise InputError(say(N_("its private key is not that of {title}"), title=title))
    others = [each for each in found if each is not own]
    ordered = [own, *others]
    pem = b"".join(each.public_bytes(serialization.Encoding.PEM) for each in ordered)
    pem += key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    first, *rest = (read(each.public_bytes(serialization.Encoding.DER)) for each in ordered)
    return Holding(first, tuple(rest), pem)


def show(context: ssl.SSLContext, holding: Holding) -> None:
    """Have a context show it. InputError where OpenSSL does not take it.

    ssl reads keys from files only: this one lies in memory, has no name in any folder, and is gone afterwards.
    """
    descriptor = os.memfd_create("client-certificate", os.MFD_CLOEXEC)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        file.write(holding.pem)
        try:
            context.load_cert_chain(f"/proc/self/fd/{descriptor}")
        except OSError as error:
            why = getattr(error, "reason", None) or error.strerror or "?"
            raise InputError(say(N_("OpenSSL does not take our certificate: {why}"), why=why)) from None


def _pem(text: str, password: bytes | None) -> tuple[PrivateKeyTypes, Sequence[x509.Certificate]]:
    raw = text.encode()
    if text.count("PRIVATE KEY-----") != 2:
        raise ValueError
    key = serialization.load_pem_private_key(raw, password if "ENCRYPTED" in text else None)
    return key, x509.load_pem_x509_certificates(raw)


def _pkcs12(text: str, password: bytes | None) -> tuple[PrivateKeyTypes, Sequence[x509.Certificate]]:
    sealed = base64.b64decode("".join(text.split()), validate=True)
    key, certificate, others = pkcs12.load_key_and_certificates(sealed, password)
    if key is None:
        raise ValueError
    return key, [each for each in (certificate, *others) if each is not None]


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
