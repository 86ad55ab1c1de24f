"""The certificates of a practice office: one authority made on the spot, ECDSA P-384, and what it signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

__all__ = ["Authority", "Credentials", "Registry"]

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


@dataclass(frozen=True, slots=True)
class Registry:
    """Where it can be asked whether a certificate is revoked: two URLs."""

    ocsp: str
    crl: str

    @property
    def extensions(self) -> tuple[x509.ExtensionType, ...]:
        """What a certificate says of it."""
        ask = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self.ocsp))
        listed = x509.DistributionPoint([x509.UniformResourceIdentifier(self.crl)], None, None, None)
        return x509.AuthorityInformationAccess([ask]), x509.CRLDistributionPoints([listed])


class Authority:
    """A certification authority of the practice office."""

    def __init__(self, title: str, now: dt.datetime) -> None:
        self._now = now
        self._key = ec.generate_private_key(ec.SECP384R1())
        self._name = _name(title, "Root")
        self._certificate = (
            _builder(self._name, self._name, self._key.public_key(), now, (-1, _CA_DAYS))
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

    def issue(
        self,
        identity: str,
        *others: str | IPv4Address,
        organization: str = "Practice office",
        days: tuple[int, int] = (-1, _LEAF_DAYS),
        registry: Registry | None = None,
    ) -> Credentials:
        """A key and a certificate for client and server use whose name is the identity.

        `others`: names and addresses beside it.

        `days`: from today, that it begins and ends. A day back by itself: the clocks of the practice office's devices
        are one machine's, a real office's are not.
        """
        key = ec.generate_private_key(ec.SECP384R1())
        more = (x509.DNSName(each) if isinstance(each, str) else x509.IPAddress(each) for each in others)
        names = [x509.DNSName(identity), *more]
        builder = (
            _builder(_name(organization, identity), self._name, key.public_key(), self._now, days)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature"), critical=True)
            .add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
                critical=False,
            )
            .add_extension(self._key_identifier(), critical=False)
        )
        for extension in () if registry is None else registry.extensions:
            builder = builder.add_extension(extension, critical=False)
        certificate = builder.sign(self._key, hashes.SHA384())
        return Credentials(certificate.public_bytes(Encoding.PEM).decode(), _private(key))

    def stamper(self, title: str, organization: str) -> Credentials:
        """Who may put time-stamps on things, and nothing else (RFC 3161, section 2.3)."""
        key = ec.generate_private_key(ec.SECP384R1())
        certificate = (
            _builder(_name(organization, title), self._name, key.public_key(), self._now, (-1, _LEAF_DAYS))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .add_extension(self._key_identifier(), critical=False)
            .sign(self._key, hashes.SHA384())
        )
        return Credentials(certificate.public_bytes(Encoding.PEM).decode(), _private(key))

    def vouches(self, credentials: Credentials, *, revoked: bool = False) -> bytes:
        """An OCSP response (RFC 6960) about a certificate, DER, signed beforehand: it bears no nonce (RFC 5019)."""
        status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=x509.load_pem_x509_certificate(credentials.certificate.encode()),
            issuer=self._certificate,
            algorithm=hashes.SHA1(),  # noqa: S303  names the issuer, as in the question; proves nothing
            cert_status=status,
            this_update=self._now - _DAY,
            next_update=self._now + _LEAF_DAYS * _DAY,
            revocation_time=self._now - _DAY if revoked else None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self._certificate)
        return builder.sign(self._key, hashes.SHA384()).public_bytes(Encoding.DER)

    def revocations(self, number: int, *revoked: Credentials, days: tuple[int, int] = (-1, _CRL_DAYS)) -> str:
        """A revocation list, PEM. It lives long: an absent manager must not become an outage."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._name)
            .last_update(self._now + days[0] * _DAY)
            .next_update(self._now + days[1] * _DAY)
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
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: dt.datetime, days: tuple[int, int]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + days[0] * _DAY)
        .not_valid_after(now + days[1] * _DAY)
    )
