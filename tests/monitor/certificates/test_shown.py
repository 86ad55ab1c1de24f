"""Certificates as plain values, whatever stands in them."""

import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from monitor.certificates.shown import bundle, read
from monitor.errors import NonsenseError
from tests.monitor.certificates.issuing import NAME, Issued, authority, days, key_of

CA = authority()
LEAF = CA.issue(ocsp="http://ocsp.example/a", crl="http://crl.example/b")


def test_what_stands_in_a_certificate() -> None:
    found = LEAF.read
    assert (found.title, found.issuer, found.names, found.key) == (NAME, "Test CA", (NAME,), "secp256r1")
    assert (found.authority, found.self_issued, found.weakness) == (False, False, "")
    assert (found.ocsp, found.lists) == (("http://ocsp.example/a",), ("http://crl.example/b",))
    assert found.usages == frozenset({"digital_signature", "key_encipherment"})
    assert len(found.pin) == 44
    assert CA.read.self_issued


@pytest.mark.parametrize(
    ("made", "weakness"),
    [
        (CA.issue(key="rsa1024"), "RSA 1024"),
        (CA.issue(key="rsa2048"), ""),
    ],
)
def test_what_is_too_weak(made: Issued, weakness: str) -> None:
    assert made.read.weakness == weakness


def test_what_is_signed_by_what_can_be_broken_is_too_weak(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(CA.pem + CA.key_pem)
    (tmp_path / "leaf.pem").write_text(LEAF.key_pem)
    sign = (
        "openssl req -new -key leaf.pem -subj /CN=old | openssl x509 -req -sha1 -CA ca.pem -set_serial 5 -out old.pem"
    )
    subprocess.run(sign, shell=True, cwd=tmp_path, check=True, capture_output=True)
    assert bundle((tmp_path / "old.pem").read_text())[0].weakness == "sha1"


def test_absurd_fields_are_values_or_have_a_reason() -> None:
    many = CA.issue(names=[f"n{n}.{'x' * 50}.example" for n in range(1500)]).read
    assert len(many.names) == 8
    assert "·[31m" in CA.issue(name="a\x1b[31mb\nc").read.title
    assert len(CA.issue(name="y" * 64).read.title) == 64
    assert CA.issue(ends=(days(0).replace(year=9999) - days(0)).days).read.not_after.year == 9999
    with pytest.raises(NonsenseError, match="is no certificate"):
        read(CA.issue(names=[f"n{n}.{'x' * 50}.example" for n in range(3000)]).der)


def test_a_serial_number_below_one_breaks_the_standard() -> None:
    der = CA.issue(serial=0x55AA55AA).der
    for bad in (b"\xaa\xaa\x55\xaa", bytes(4)):
        with pytest.raises(NonsenseError, match=r"breaks RFC 5280|cannot be read"):
            read(der.replace(b"\x02\x04\x55\xaa\x55\xaa", b"\x02\x04" + bad, 1))


def test_an_extension_that_stands_twice_has_a_reason() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName("a.example")])
    other = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.18"), names.public_bytes())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "twice")])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key_of("leaf").public_key())
        .serial_number(7).not_valid_before(days(-1)).not_valid_after(days(1))
        .add_extension(names, critical=False).add_extension(other, critical=False)
        .sign(key_of("leaf"), hashes.SHA256())
    )  # fmt: skip
    der = Issued(made, key_of("leaf")).der
    with pytest.raises(NonsenseError, match="cannot be read"):
        read(der.replace(b"\x55\x1d\x12", b"\x55\x1d\x11"))


def test_a_bundle_is_read_whole_or_not_at_all() -> None:
    assert [each.title for each in bundle(CA.pem + "between\n" + LEAF.pem)] == ["Test CA", NAME]
    for text in ("", "nonsense", CA.pem.replace("M", "N", 3), CA.key_pem):
        with pytest.raises(NonsenseError):
            bundle(text)


@given(st.integers(0, len(LEAF.der) - 1), st.integers(0, 255))
def test_a_certificate_with_any_byte_changed_is_read_or_refused(place: int, byte: int) -> None:
    der = bytearray(LEAF.der)
    der[place] = byte
    with suppress(NonsenseError):
        assert read(bytes(der)).title.isprintable()


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(NonsenseError):
        read(data)
