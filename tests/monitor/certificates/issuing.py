"""Authorities and certificates of tests: good ones, and ones nobody should have signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from monitor.certificates.shown import Certificate, read

__all__ = ["NAME", "NOW", "Issued", "authority", "days", "key_of", "revoking"]

NAME = "csizs.example"
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def days(n: float) -> dt.datetime:
    """So many days from now."""
    return NOW + dt.timedelta(days=n)


@cache
def key_of(kind: str) -> _Key:
    """A key of a kind, made once: `a`, `b`, … on P-256, `rsa1024` weak."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Issued:
    """A certificate with its private key, and those above it."""

    certificate: x509.Certificate
    key: _Key
    above: tuple[Issued, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def read(self) -> Certificate:
        return read(self.der)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    @property
    def chain_pem(self) -> str:
        """Certificate, those above it but for the root, and the key."""
        between = (each.pem for each in self.above if each.above)
        return "".join((self.pem, *between, self.key_pem))

    def issue(  # noqa: PLR0917  a certificate has so many parts
        self,
        name: str = NAME,
        begins: float = -1,
        ends: float = 365,
        key: str = "leaf",
        names: Sequence[str] | None = (NAME,),
        purposes: Sequence[x509.ObjectIdentifier] = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH),
        ocsp: str = "",
        crl: str = "",
        *,
        ca: bool = False,
        serial: int | None = None,
    ) -> Issued:
        """One signed by this one."""
        holder = key_of(key)
        builder = _builder(name, self.certificate.subject, holder, (days(begins), days(ends)), serial)
        for extension, critical in _extensions(names, purposes, ca=ca):
            builder = builder.add_extension(extension, critical)
        if ocsp:
            place = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp))
            builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
        if crl:
            point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        made = builder.sign(self.key, hashes.SHA256())
        return Issued(made, holder, (self, *self.above))


def authority(name: str = "Test CA", key: str = "ca", ends: float = 3650) -> Issued:
    """A root that has signed itself."""
    own = key_of(key)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = _builder(name, subject, own, (days(-10), days(ends)), None)
    for extension, critical in _extensions(None, (), ca=True):
        builder = builder.add_extension(extension, critical)
    return Issued(builder.sign(own, hashes.SHA256()), own)


def revoking(
    issuer: Issued, revoked: Iterable[int] = (), begins: float = -1, ends: float = 6, signer: Issued | None = None
) -> bytes:
    """A revocation list as DER."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(days(begins)).next_update(days(ends))
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(days(-1)).build()
        builder = builder.add_revoked_certificate(entry)
    made = builder.sign((signer or issuer).key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.DER)


def _builder(
    name: str, issuer: x509.Name, key: _Key, span: tuple[dt.datetime, dt.datetime], serial: int | None
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(span[0])
        .not_valid_after(span[1])
    )


def _extensions(
    names: Sequence[str] | None, purposes: Sequence[x509.ObjectIdentifier], *, ca: bool
) -> Iterable[tuple[x509.ExtensionType, bool]]:
    yield x509.BasicConstraints(ca=ca, path_length=None), True
    yield _usage(ca=ca), True
    if names and not ca:
        yield x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), False
    if purposes and not ca:
        yield x509.ExtendedKeyUsage(list(purposes)), False


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not ca,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )
