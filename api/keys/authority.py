"""The office's certification authority: ECDSA P-384, one level, its key at rest under a passphrase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from api.keys import sealed as seal
from api.keys.sealed import Sealed
from inventory.errors import InputError, SecretError
from inventory.words import gettext as _

__all__ = ["LEAF_DAYS", "LIST_DAYS", "Authority"]

_AUTHORITY_DAYS = 3650
LEAF_DAYS = 365
LIST_DAYS = LEAF_DAYS + 2
"""A list outlives what is signed on its day: gateways whose manager is gone refuse each other when a certificate ends,
never because a list did. What a list revokes a gateway refuses past the list's end, too.
"""
_HOUR, _DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
_USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
           "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip


class Authority:
    """An authority whose key has been opened. Hold it no longer than it takes to sign."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        """InputError unless the key is the certificate's and the certificate may sign."""
        if _public(certificate.public_key()) != _public(key.public_key()):
            raise InputError(_("the key is not the one of the authority's certificate"))
        if not _may_sign(certificate):
            raise InputError(_("the certificate is none of an authority: it may not sign certificates and lists"))
        self._certificate, self._key = certificate, key

    @classmethod
    def create(cls, title: str, now: dt.datetime) -> Authority:
        """A new one for an office of that title."""
        key = ec.generate_private_key(ec.SECP384R1())
        name = _name(title, "Root")
        certificate = (
            _builder((name, name), key.public_key(), now, now + _AUTHORITY_DAYS * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA384())
        )
        return cls(certificate, key)

    @classmethod
    def adopt(cls, certificate: str, key: str, password: str) -> Authority:
        """An existing one, from PEM texts; `password` of the key, empty for none. InputError when it cannot be used."""
        try:
            private = load_pem_private_key(key.encode(), password.encode() or None)
            public = x509.load_pem_x509_certificate(certificate.encode())
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            text = _("certificate and key cannot be read, or the key's password is wrong: {why}")
            raise InputError(text.format(why=type(error).__name__)) from None
        if not isinstance(private, ec.EllipticCurvePrivateKey) or private.curve.name != "secp384r1":
            raise InputError(_("the authority's key must be ECDSA P-384"))
        return cls(public, private)

    @classmethod
    def open(cls, sealed: Sealed, passphrase: str) -> Authority:
        """From its file. RefusedError for a wrong passphrase; SecretError when what was sealed is no such key."""
        raw = seal.unseal(sealed, passphrase)
        try:
            key = load_der_private_key(raw, None)
            certificate = x509.load_pem_x509_certificate(sealed.certificate.encode())
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise SecretError(_("the authority's key is damaged; bring it back: fosa keys restore FILE")) from None
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SecretError(_("the authority's key is damaged; bring it back: fosa keys restore FILE"))
        return cls(certificate, key)

    def sealed(self, passphrase: str) -> Sealed:
        """For a disk."""
        raw = self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return seal.close(self.certificate, raw, passphrase)

    @property
    def certificate(self) -> str:
        """Its own certificate, PEM."""
        return _pem(self._certificate)

    def issue(self, request: str, identities: Sequence[str], now: dt.datetime) -> str:
        """A certificate for the key of a request (PEM) and for these names, whatever else the request asks for.

        InputError when the request does not prove that its sender has the key, or the key is none to be used.
        """
        try:
            asked = x509.load_pem_x509_csr(request.encode())
            proven = asked.is_signature_valid
            key = asked.public_key()
        except (ValueError, UnsupportedAlgorithm, InvalidSignature):
            raise InputError(_("this is no request for a certificate in PEM")) from None
        if not proven or not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp384r1":
            raise InputError(_("the request does not prove that its sender has an ECDSA P-384 key"))
        until = min(now + LEAF_DAYS * _DAY, self._certificate.not_valid_after_utc)
        if until - now < 30 * _DAY:
            raise InputError(_("the authority itself ends on {day}: make another").format(day=until.date()))
        names = (_name(_organization(self._certificate.subject), identities[0]), self._certificate.subject)
        uses = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            _builder(names, key, now, until)
            .add_extension(x509.SubjectAlternativeName(list(map(x509.DNSName, identities))), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature"), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(self._identifier(), critical=False)
            .sign(self._key, hashes.SHA384())
        )
        return _pem(made)

    def revocations(self, revoked: Mapping[int, dt.datetime], number: int, day: dt.date) -> str:
        """The list of a day, PEM: serial numbers with when they were revoked. It is good for LIST_DAYS."""
        begins = dt.datetime.combine(day, dt.time(), dt.UTC) - _HOUR
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(begins)
            .next_update(begins + LIST_DAYS * _DAY)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(self._identifier(), critical=False)
        )
        for serial, at in sorted(revoked.items()):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self._key, hashes.SHA384()).public_bytes(Encoding.PEM).decode()

    def _identifier(self) -> x509.AuthorityKeyIdentifier:
        """As its own certificate says it, so that an adopted authority's lists are known as its own."""
        try:
            own = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        except x509.ExtensionNotFound:
            return x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return basic.ca and usage.key_cert_sign and usage.crl_sign


def _name(organization: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _organization(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else "fosa"


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in allowed for name in _USAGES})


def _builder(
    names: tuple[x509.Name, x509.Name], key: ec.EllipticCurvePublicKey, now: dt.datetime, until: dt.datetime
) -> x509.CertificateBuilder:
    """Of subject and issuer."""
    return (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # An hour back: a gateway whose clock is a little slow must not refuse it.
        .not_valid_before(now - _HOUR)
        .not_valid_after(until)
    )


def _public(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
