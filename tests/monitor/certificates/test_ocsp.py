"""OCSP: what an answer proves, and all it must not be believed in."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.ocsp import judge, question
from monitor.errors import NonsenseError
from monitor.results import State
from tests.monitor.certificates.issuing import NOW, Issued, authority, days

CA = authority()
LEAF = CA.issue()
NONCE = b"n" * 32


def answer(  # noqa: PLR0917  an answer has so many parts
    about: Issued = LEAF,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    begins: float = -0.1,
    ends: float | None = 1,
    signer: Issued = CA,
    nonce: bytes | None = NONCE,
    issuer: Issued = CA,
    *,
    shown: bool = False,
) -> bytes:
    """What a responder says."""
    revoked = days(-2) if status is ocsp.OCSPCertStatus.REVOKED else None
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about.certificate, issuer=issuer.certificate, algorithm=hashes.SHA1(), cert_status=status,
        this_update=days(begins), next_update=None if ends is None else days(ends),
        revocation_time=revoked, revocation_reason=None,
    ).responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)  # fmt: skip
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    if shown:
        builder = builder.certificates([signer.certificate])
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


DELEGATE = CA.issue("Responder", key="d", purposes=[ExtendedKeyUsageOID.OCSP_SIGNING])
GOOD = answer()


@pytest.mark.parametrize(
    ("der", "state", "said"),
    [
        (GOOD, State.UP, "is not revoked"),
        (answer(nonce=None), State.UP, "is not revoked"),
        (answer(ends=None), State.UP, "is not revoked"),
        (answer(signer=DELEGATE, shown=True), State.UP, "is not revoked"),
        (answer(status=ocsp.OCSPCertStatus.REVOKED), State.DOWN, "is revoked since"),
    ],
    ids=["good", "no nonce", "no end", "delegate", "revoked"],
)
def test_what_an_answer_proves(der: bytes, state: State, said: str) -> None:
    found = judge(der, LEAF.read, CA.read, NONCE, NOW)
    assert (found.state, found.proof) == (state, True)
    assert said in str(found.cause)


@pytest.mark.parametrize(
    ("der", "said"),
    [
        (answer(status=ocsp.OCSPCertStatus.UNKNOWN), "does not know"),
        (answer(nonce=b"x" * 32), "somebody else's question"),
        (answer(begins=-3, ends=-1), "no longer holds"),
        (answer(begins=-3, ends=None), "no longer holds"),
        (answer(begins=1, ends=2), "which is to come"),
        (answer(about=CA.issue(key="b")), "about another certificate"),
        (answer(issuer=authority("Other CA", key="b")), "about another certificate"),
        (answer(signer=authority("Rogue", key="b")), "not signed by Test CA"),
        (answer(signer=authority("Rogue", key="b"), shown=True), "not signed by Test CA"),
        (answer(signer=CA.issue("No responder", key="d"), shown=True), "not signed by Test CA"),
        (
            answer(
                signer=CA.issue("Late", key="d", ends=-0.5, purposes=[ExtendedKeyUsageOID.OCSP_SIGNING]), shown=True
            ),
            "not signed by Test CA",
        ),
        (
            ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(
                serialization.Encoding.DER
            ),
            "refuses: try later",
        ),
        (b"", "cannot be read"),
        (b"<html>", "cannot be read"),
    ],
)
def test_what_must_not_be_believed(der: bytes, said: str) -> None:
    with pytest.raises(NonsenseError, match=said):
        judge(der, LEAF.read, CA.read, NONCE, NOW)


def test_the_question_names_the_certificate_and_bears_the_nonce() -> None:
    asked = ocsp.load_der_ocsp_request(question(LEAF.read, CA.read, NONCE))
    assert asked.serial_number == LEAF.certificate.serial_number
    assert asked.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == NONCE


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_an_answer_with_any_byte_changed_never_proves_what_was_not_signed(place: int, byte: int) -> None:
    der = bytearray(answer(status=ocsp.OCSPCertStatus.UNKNOWN))
    der[place % len(der)] = byte
    with pytest.raises(NonsenseError):
        judge(bytes(der), LEAF.read, CA.read, NONCE, NOW)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NonsenseError):
        judge(data, LEAF.read, CA.read, NONCE, NOW)
