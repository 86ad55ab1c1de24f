"""Certificates of the practice office."""

import datetime as dt
from ipaddress import IPv4Address

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from lab.pki import Authority

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def test_a_certificate_names_the_identity_and_comes_from_the_authority() -> None:
    authority = Authority("Office", NOW)
    leaf = x509.load_pem_x509_certificate(
        authority.issue("gw-k.mops.example", IPv4Address("10.64.1.20")).certificate.encode()
    )
    ca = x509.load_pem_x509_certificate(authority.certificate.encode())
    leaf.verify_directly_issued_by(ca)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["gw-k.mops.example"]
    assert names.get_values_for_type(x509.IPAddress) == [IPv4Address("10.64.1.20")]
    assert isinstance(leaf.public_key(), ec.EllipticCurvePublicKey)
    assert leaf.not_valid_before_utc < NOW < leaf.not_valid_after_utc


def test_a_revocation_list_holds_what_was_revoked_and_outlives_an_absent_manager() -> None:
    authority = Authority("Office", NOW)
    lost, kept = authority.issue("lost.mops.example"), authority.issue("kept.mops.example")
    crl = x509.load_pem_x509_crl(authority.revocations(2, lost).encode())
    serials = [x509.load_pem_x509_certificate(one.certificate.encode()).serial_number for one in (lost, kept)]
    found = [crl.get_revoked_certificate_by_serial_number(serial) is not None for serial in serials]
    assert found == [True, False]
    assert crl.next_update_utc is not None
    assert crl.next_update_utc - NOW > dt.timedelta(days=300)


def test_a_key_is_not_shown_where_credentials_are_printed() -> None:
    credentials = Authority("Office", NOW).issue("gw-k.mops.example")
    assert "PRIVATE" in credentials.key
    assert "PRIVATE" not in repr(credentials)
