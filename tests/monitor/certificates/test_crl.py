"""Revocation lists: what one proves, and which are not believed."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.crl import judge
from monitor.errors import NonsenseError
from monitor.results import State
from tests.monitor.certificates.issuing import NOW, Issued, authority, days, revoking

CA = authority()
LEAF = CA.issue()
SERIAL = LEAF.certificate.serial_number


def scoped(**scope: bool) -> bytes:
    """A list that speaks of some only."""
    values = dict.fromkeys(
        ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs"), False
    )
    point = x509.IssuingDistributionPoint(
        full_name=None, relative_name=None, only_some_reasons=None, **(values | scope)
    )
    return _with(point, critical=True)


def _with(extension: x509.ExtensionType, *, critical: bool) -> bytes:
    builder = x509.CertificateRevocationListBuilder().issuer_name(CA.certificate.subject)
    builder = builder.last_update(days(-1)).next_update(days(6)).add_extension(extension, critical)
    return builder.sign(CA.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_crl(der).public_bytes(serialization.Encoding.PEM)


@pytest.mark.parametrize(
    ("data", "state", "said"),
    [
        (revoking(CA, [7]), State.UP, "is not on the revocation list"),
        (pem(revoking(CA)), State.UP, "is not on the revocation list"),
        (scoped(only_contains_user_certs=True), State.UP, "is not on the revocation list"),
        (revoking(CA, [7, SERIAL]), State.DOWN, "is revoked since"),
        (revoking(CA, ends=0.5), State.DEGRADED, "the next one is not there"),
        (revoking(CA, begins=-0.1, ends=0.4), State.UP, "is not on the revocation list"),
        (revoking(CA, begins=-7, ends=-0.1), State.DOWN, "is out of date since"),
        (revoking(CA, begins=1), State.DOWN, "which is to come"),
    ],
)
def test_what_a_list_proves(data: bytes, state: State, said: str) -> None:
    found = judge(data, LEAF.read, CA.read, NOW)
    assert found.state is state
    assert said in str(found.cause)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (revoking(CA, signer=authority("Rogue", key="b")), "not signed by Test CA"),
        (revoking(authority("Rogue", key="b")), "not signed by Test CA"),
        (scoped(only_contains_ca_certs=True), "does not speak of csizs.example"),
        (scoped(only_contains_attribute_certs=True), "does not speak of csizs.example"),
        (scoped(indirect_crl=True), "does not speak of csizs.example"),
        (_with(x509.DeltaCRLIndicator(5), critical=True), "of a kind that is not understood"),
        (b"", "cannot be read"),
        (b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", "cannot be read"),
    ],
)
def test_which_lists_are_not_believed(data: bytes, said: str) -> None:
    with pytest.raises(NonsenseError, match=said):
        judge(data, LEAF.read, CA.read, NOW)


def test_a_long_list_is_searched() -> None:
    many: Issued = CA.issue("Many", key="m", ca=True)
    data = revoking(many, range(1, 5000))
    assert judge(data, many.issue(serial=4999).read, many.read, NOW).state is State.DOWN
    assert judge(data, many.issue(serial=5000).read, many.read, NOW).state is State.UP


LIST = revoking(CA, [7, SERIAL])


@given(st.integers(0, len(LIST) - 1), st.integers(1, 255))
def test_a_list_with_any_byte_changed_is_not_believed(place: int, more: int) -> None:
    data = bytearray(LIST)
    data[place] = (data[place] + more) % 256
    try:
        found = judge(bytes(data), LEAF.read, CA.read, NOW)
    except NonsenseError:
        return
    # A signature on a curve has two values that are both right.
    assert found.state is State.DOWN


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NonsenseError):
        judge(data, LEAF.read, CA.read, NOW)
