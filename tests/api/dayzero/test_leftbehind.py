"""Which certificates the disk of a replaced box could still be used with."""

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from api.dayzero.leftbehind import left_behind
from api.keys.facts import facts
from api.keys.model import Certificate, Known

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
CA, OTHER = "office-ca", "platform-ca"


def made(name: str, issuer: str, since: int = -10, until: int = 100) -> x509.Certificate:
    """A certificate that is good from and to so many days from now."""
    key = ec.generate_private_key(ec.SECP384R1())
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in (name, issuer)]
    return (
        x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + dt.timedelta(days=since))
        .not_valid_after(NOW + dt.timedelta(days=until))
        .sign(key, hashes.SHA384())
    )


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


AUTHORITY, NEW, OLD = made(CA, CA, -500, 3000), made("gw-b", CA), made("gw-b", CA, -300)
HELD = {"/etc/swanctl/x509/gateway.pem": pem(NEW), "/etc/swanctl/x509ca/office-ca.pem": pem(AUTHORITY)}
REGISTER = (facts(AUTHORITY, Known.AUTHORITY, ""), facts(NEW, Known.ISSUED, "gw-b"))


def left(certificate: Certificate, held: dict[str, str] = HELD) -> bool:
    return bool(left_behind((*REGISTER, certificate), "gw-b", held, NOW))


def test_the_old_boxs_is_left_behind_and_the_new_boxs_is_not() -> None:
    old = facts(OLD, Known.FOUND, "gw-b")
    assert left_behind((*REGISTER, old), "gw-b", HELD, NOW) == (old,)
    assert left(old.model_copy(update={"gone": True})), "replaced once is not revoked"


@pytest.mark.parametrize(
    "certificate",
    [
        facts(OLD, Known.FOUND, "gw-k"),
        facts(OLD, Known.FOUND, "gw-b").model_copy(update={"revoked_at": NOW}),
        facts(OLD, Known.IMPORTED, "gw-b"),
        facts(made("gw-b", OTHER), Known.FOUND, "gw-b"),
        facts(made("gw-b", CA, -300, -1), Known.FOUND, "gw-b"),
        facts(made("gw-b", CA, -1), Known.ISSUED, "gw-b"),
    ],
    ids=["another's", "revoked", "shown", "foreign", "over", "on its way"],
)
def test_what_is_not_the_old_boxs_is_left_alone(certificate: Certificate) -> None:
    assert not left(certificate)


def test_a_box_that_shows_none_leaves_all_of_them_behind() -> None:
    found = left_behind(REGISTER, "gw-b", {"/etc/swanctl/x509crl/office.crl.pem": "no certificate"}, NOW)
    assert [each.where for each in found] == ["gw-b"]
