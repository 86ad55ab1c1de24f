"""The certificates of a practice office: one authority made on the spot, ECDSA P-384, and what it signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

__all__ = ["Authority", "Credentials"]

_DAY = dt.timedelta(days=1)
_CA_DAYS, _LEAF_DAYS, _CRL_DAYS = 3650, 730, 365
_NO_USAGE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate and its private key, PEM."""

    certificate: str
    key: str = field(repr=False)


class Authority:
    """A certification authority of the practice office."""

    def __init__(self, title: str, now: dt.datetime) -> None:
        self._now = now
        self._key = ec.generate_private_key(ec.SECP384R1())
        self._name = _name(title, "Root")
        self._certificate = (
            _builder(self._name, self._name, self._key.public_key(), now, _CA_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA384())
        )

    @property
    def certificate(self) -> str:
        """The authority's own certificate, PEM."""
        return self._certificate.public_bytes(Encoding.PEM).decode()

    @property
    def credentials(self) -> Credentials:
        """Certificate and key, so that fosa can take the office's authority over."""
        return Credentials(self.certificate, _private(self._key))

    def issue(self, identity: str, *addresses: IPv4Address) -> Credentials:
        """A key and a certificate for client and server use whose name is the identity."""
        key = ec.generate_private_key(ec.SECP384R1())
        names = [x509.DNSName(identity), *map(x509.IPAddress, addresses)]
        certificate = (
            _builder(_name("Practice office", identity), self._name, key.public_key(), self._now, _LEAF_DAYS)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature"), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(self._key_identifier(), critical=False)
            .sign(self._key, hashes.SHA384())
        )
        return Credentials(certificate.public_bytes(Encoding.PEM).decode(), _private(key))

    def revocations(self, number: int, *revoked: Credentials) -> str:
        """A revocation list, PEM. It lives long: an absent manager must not become an outage."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(self._now - _DAY)
            .next_update(self._now + _CRL_DAYS * _DAY)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(self._key_identifier(), critical=False)
        )
        for credentials in revoked:
            serial = x509.load_pem_x509_certificate(credentials.certificate.encode()).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(self._now).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self._key, hashes.SHA384()).public_bytes(Encoding.PEM).decode()

    def _key_identifier(self) -> x509.AuthorityKeyIdentifier:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())


def _private(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _name(organization: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common[:64]),
        ]
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{**_NO_USAGE, **dict.fromkeys(allowed, True)})


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A day back: the clocks of the practice office's devices are one machine's, a real office's are not.
        .not_valid_before(now - _DAY)
        .not_valid_after(now + days * _DAY)
    )
