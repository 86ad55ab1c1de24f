"""The authority: what it signs a strict peer believes, and nobody signs without its passphrase."""

import datetime as dt
import json
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from api.keys import sealed as seal
from api.keys.authority import LEAF_DAYS, LIST_DAYS, Authority
from api.keys.sealed import Sealed
from api.keys.trial import tried
from inventory.errors import InputError, RefusedError, SecretError
from lab.pki import Authority as LabAuthority
from tests.api.keys.holders import request

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
PASSPHRASE = "nine tall poplars stand"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create("MOPS", NOW)


@pytest.fixture(scope="module")
def sealed(authority: Authority) -> Sealed:
    return authority.sealed(PASSPHRASE)


def openssl(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *words], input=text, capture_output=True, text=True, check=False)


def test_what_it_signs_is_good_for_openssl(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(authority.certificate)
    (tmp_path / "crl.pem").write_text(authority.revocations({77: NOW}, 5, NOW.date()))
    leaf = authority.issue(request("gw-b"), ["gw-b.mops.example"], NOW)
    strict = (
        "verify",
        "-x509_strict",
        "-crl_check",
        "-CAfile",
        f"{tmp_path}/ca.pem",
        "-CRLfile",
        f"{tmp_path}/crl.pem",
    )
    assert openssl(*strict, text=leaf).returncode == 0
    serial = x509.load_pem_x509_certificate(leaf.encode()).serial_number
    (tmp_path / "crl.pem").write_text(authority.revocations({serial: NOW}, 6, NOW.date()))
    assert "revoked" in openssl(*strict, text=leaf).stderr


def test_a_certificate_has_the_inventorys_names_whatever_the_request_says(authority: Authority) -> None:
    made = x509.load_pem_x509_certificate(
        authority.issue(request("admin.ministry.example"), ["gw-b.mops.example", "b.mops.example"], NOW).encode()
    )
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["gw-b.mops.example", "b.mops.example"]
    assert "ministry" not in made.subject.rfc4514_string()
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.not_valid_after_utc == NOW + dt.timedelta(days=LEAF_DAYS)


def test_no_list_ends_before_a_certificate_of_its_day(authority: Authority) -> None:
    made = x509.load_pem_x509_crl(authority.revocations({}, 9, NOW.date()).encode())
    leaf = x509.load_pem_x509_certificate(authority.issue(request("gw-b"), ["gw-b.mops.example"], NOW).encode())
    assert made.next_update_utc is not None
    assert leaf.not_valid_after_utc < made.next_update_utc
    assert made.next_update_utc - made.last_update_utc == dt.timedelta(days=LIST_DAYS)
    assert made.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 9


def test_refuses_a_request_that_proves_nothing(authority: Authority) -> None:
    small = request("gw-b", ec.generate_private_key(ec.SECP256R1()))
    text = request("gw-b")
    forged = text.replace(text.splitlines()[3][:8], "AAAAAAAA")
    for bad in (small, forged, "", "no request"):
        with pytest.raises(InputError):
            authority.issue(bad, ["gw-b.mops.example"], NOW)


def test_signs_nothing_that_outlives_itself(authority: Authority) -> None:
    with pytest.raises(InputError, match="make another"):
        authority.issue(request("gw-b"), ["gw-b.mops.example"], NOW + dt.timedelta(days=3640))


def test_opens_by_its_passphrase_only(authority: Authority, sealed: Sealed) -> None:
    assert Authority.open(sealed, PASSPHRASE).certificate == authority.certificate
    with pytest.raises(RefusedError, match="not the passphrase"):
        Authority.open(sealed, PASSPHRASE + ".")
    other = Authority.create("Other", NOW)
    with pytest.raises(RefusedError):
        Authority.open(sealed.model_copy(update={"certificate": other.certificate}), PASSPHRASE)
    with pytest.raises(InputError, match="at least 12"):
        authority.sealed("short")


def test_its_key_lies_nowhere_in_clear(authority: Authority, sealed: Sealed, tmp_path: Path) -> None:
    seal.write(tmp_path / "deep" / "authority.json", sealed)
    assert (tmp_path / "deep" / "authority.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "deep").stat().st_mode & 0o777 == 0o700
    raw = seal.unseal(sealed, PASSPHRASE)
    text = (tmp_path / "deep" / "authority.json").read_bytes()
    assert raw not in text
    assert seal.read(tmp_path / "deep" / "authority.json") == sealed
    assert PASSPHRASE not in repr(sealed) + repr(authority)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "\x00"])
def test_says_that_a_file_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "authority.json").write_text(text)
    with pytest.raises(SecretError, match="fosa keys restore"):
        seal.read(tmp_path / "authority.json")


def test_a_damaged_key_does_not_open(sealed: Sealed) -> None:
    for broken in ({"key": sealed.key[:-8]}, {"key": "%"}, {"nonce": ""}, {"salt": sealed.nonce}):
        with pytest.raises((RefusedError, SecretError)):
            Authority.open(sealed.model_copy(update=broken), PASSPHRASE)


def test_a_backup_is_tried_away_from_everything(sealed: Sealed, tmp_path: Path) -> None:
    file = tmp_path / "backup.json"
    file.write_text(sealed.model_dump_json())
    assert len(tried(file, PASSPHRASE)) == 64
    with pytest.raises(RefusedError):
        tried(file, "not the passphrase")
    bits = json.loads(file.read_text())
    file.write_text(json.dumps({**bits, "key": bits["key"][4:]}))
    with pytest.raises((RefusedError, SecretError)):
        tried(file, PASSPHRASE)
    with pytest.raises(InputError, match="no file"):
        tried(tmp_path / "none", PASSPHRASE)


def test_takes_over_the_practice_offices_authority() -> None:
    lab = LabAuthority("Practice office", NOW)
    own = lab.credentials
    adopted = Authority.adopt(own.certificate, own.key, "")
    assert adopted.certificate == own.certificate
    other = LabAuthority("Other", NOW).credentials
    leaf = lab.issue("gw-b.mops.example")
    for certificate, key in ((own.certificate, other.key), (leaf.certificate, leaf.key), ("", own.key)):
        with pytest.raises(InputError):
            Authority.adopt(certificate, key, "")


def test_takes_over_a_key_with_a_password_and_none_that_is_not_p384(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"old"))
    for password in ("", "wrong"):
        with pytest.raises(InputError, match="password"):
            Authority.adopt(authority.certificate, locked.decode(), password)
    weak = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(InputError, match="P-384"):
        Authority.adopt(authority.certificate, weak.decode(), "")
