"""A certificate as plain values. Whatever is absurd in one is found here, once, and has a reason."""

from __future__ import annotations

import base64
import datetime as dt
import warnings
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.errors import NonsenseError

__all__ = ["BROKEN", "MOST", "Certificate", "bundle", "read", "signed_by", "title_of"]

MOST = 1000
"""Certificates in one file of authorities; the machine's own has about 150."""
BROKEN = (ValueError, TypeError, OverflowError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
          x509.InvalidVersion, UnsupportedAlgorithm)  # fmt: skip
"""What the parser raises over what no authority should ever have signed."""
_CERTIFICATE_BYTES = 128 * 1024
_NAMES = 8
_TITLE_CHARS = 80
_RSA_BITS, _CURVE_BITS = 2048, 256
"""The least a public authority may sign (CA/Browser Forum, Baseline Requirements, section 6.1.5)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands in a certificate. Names are fit to be shown."""

    title: str
    issuer: str
    names: tuple[str, ...]
    """The first it is valid for."""
    not_before: dt.datetime
    not_after: dt.datetime
    key: str
    """`RSA 2048`, `secp384r1`."""
    weakness: str
    """What is too weak about it: `RSA 1024`, `sha1`; empty when nothing is."""
    pin: str
    """As `inventory.model.channel.KeyPin`."""
    authority: bool
    self_issued: bool
    usages: frozenset[str] | None
    """KeyUsage in the words of RFC 5280, section 4.2.1.3 (`digital_signature`); None: it says none."""
    purposes: frozenset[str] | None
    """ExtendedKeyUsage as dotted numbers; None: it says none."""
    ocsp: tuple[str, ...]
    """Where OCSP is spoken for it (AIA)."""
    lists: tuple[str, ...]
    """Where the revocation list of its issuer lies (CDP)."""
    raw: x509.Certificate = field(repr=False)


def read(der: bytes) -> Certificate:
    """One certificate; NonsenseError says what is wrong with one that cannot be taken."""
    if len(der) > _CERTIFICATE_BYTES:
        raise NonsenseError(say(N_("a certificate of {n} B is no certificate"), n=len(der)))
    try:
        with warnings.catch_warnings():
            # A serial number below 1 is forbidden (RFC 5280, section 4.1.2.2), and the parser only warns of it.
            warnings.simplefilter("error")
            return _values(x509.load_der_x509_certificate(der))
    except Warning as error:
        raise NonsenseError(say(N_("a certificate breaks RFC 5280: {why}"), why=_short(str(error)))) from None
    except BROKEN as error:
        why = _short(str(error)) or type(error).__name__
        raise NonsenseError(say(N_("a certificate cannot be read: {why}"), why=why)) from None


def bundle(text: str) -> tuple[Certificate, ...]:
    """The certificates of a PEM text, in their order. NonsenseError where there is none, or one is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # each is read again, strictly
            found = x509.load_pem_x509_certificates(text.encode())
    except BROKEN:
        raise NonsenseError(say(N_("there is no certificate in PEM in it"))) from None
    if len(found) > MOST:
        raise NonsenseError(say(N_("more than {n} certificates are in it"), n=MOST))
    return tuple(read(each.public_bytes(serialization.Encoding.DER)) for each in found)


def signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's name and key fit the certificate."""
    try:
        certificate.raw.verify_directly_issued_by(issuer.raw)
    except (InvalidSignature, *BROKEN):
        return False
    return True


def title_of(name: x509.Name) -> str:
    """What a certificate is called: its common name, or else all of its name."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = common[0].value if common else name.rfc4514_string()
    return _short(text if isinstance(text, str) else text.hex()) or "?"


def _values(raw: x509.Certificate) -> Certificate:
    key, weakness = _key(raw)
    return Certificate(
        title=title_of(raw.subject),
        issuer=title_of(raw.issuer),
        names=_names(raw),
        not_before=raw.not_valid_before_utc,
        not_after=raw.not_valid_after_utc,
        key=key,
        weakness=weakness,
        pin=_pin(raw),
        authority=_is_authority(raw),
        self_issued=raw.subject == raw.issuer,
        usages=_usages(raw),
        purposes=_purposes(raw),
        ocsp=_ocsp(raw),
        lists=_lists(raw),
        raw=raw,
    )


def _key(raw: x509.Certificate) -> tuple[str, str]:
    """What key it has, and what is too weak: the key, or what its issuer has signed it with."""
    key = raw.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        text, weak = f"RSA {key.key_size}", key.key_size < _RSA_BITS
    elif isinstance(key, ec.EllipticCurvePublicKey):
        text, weak = key.curve.name, key.key_size < _CURVE_BITS
    elif isinstance(key, dsa.DSAPublicKey):
        text, weak = f"DSA {key.key_size}", True
    else:
        text, weak = type(key).__name__.removesuffix("PublicKey"), False
    if weak:
        return text, text
    signed = raw.signature_hash_algorithm
    # The signature of one who signs for himself is nobody's proof.
    broken = isinstance(signed, hashes.MD5 | hashes.SHA1) and raw.subject != raw.issuer
    return text, signed.name if broken and signed is not None else ""


def _pin(raw: x509.Certificate) -> str:
    info = raw.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(sha256(info).digest()).decode()


def _names(raw: x509.Certificate) -> tuple[str, ...]:
    try:
        names = raw.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = (str(address) for address in names.get_values_for_type(x509.IPAddress))
    return tuple(_short(name) for name in (*names.get_values_for_type(x509.DNSName), *addresses)[:_NAMES])


def _is_authority(raw: x509.Certificate) -> bool:
    try:
        return raw.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _usages(raw: x509.Certificate) -> frozenset[str] | None:
    try:
        usage = raw.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    words = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign")  # fmt: skip
    return frozenset(word for word in words if getattr(usage, word))


def _purposes(raw: x509.Certificate) -> frozenset[str] | None:
    try:
        purposes = raw.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    return frozenset(purpose.dotted_string for purpose in purposes)


def _ocsp(raw: x509.Certificate) -> tuple[str, ...]:
    try:
        access = raw.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return ()
    places = (each.access_location for each in access if each.access_method == AuthorityInformationAccessOID.OCSP)
    return tuple(place.value for place in places if isinstance(place, x509.UniformResourceIdentifier))[:_NAMES]


def _lists(raw: x509.Certificate) -> tuple[str, ...]:
    try:
        points = raw.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return ()
    # A list of other reasons only, or signed by somebody else, is not the one that answers the question.
    whole = (point for point in points if point.reasons is None and point.crl_issuer is None)
    places = (name for point in whole for name in point.full_name or ())
    return tuple(place.value for place in places if isinstance(place, x509.UniformResourceIdentifier))[:_NAMES]


def _short(text: str) -> str:
    plain = "".join(c if c.isprintable() else "·" for c in text[: _TITLE_CHARS + 1])
    return plain if len(plain) <= _TITLE_CHARS else plain[: _TITLE_CHARS - 1] + "…"
