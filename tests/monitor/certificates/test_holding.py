"""Our own certificates with their keys, in the forms in which people get them."""

import base64
import ssl

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from inventory.errors import InputError
from monitor.certificates.holding import hold, show
from tests.monitor.certificates.issuing import NAME, authority, key_of

CA = authority()
MIDDLE = CA.issue("Middle CA", ca=True, key="middle")
OURS = MIDDLE.issue()


def _p12(password: bytes) -> str:
    sealed = pkcs12.serialize_key_and_certificates(
        b"ours", OURS.key, OURS.certificate, [MIDDLE.certificate], serialization.BestAvailableEncryption(password)
    )
    return base64.encodebytes(sealed).decode()


def _sealed_pem() -> str:
    sealed = serialization.BestAvailableEncryption(b"secret")
    key = OURS.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)
    return OURS.pem + MIDDLE.pem + key.decode()


@pytest.mark.parametrize(
    ("text", "password"),
    [
        (OURS.chain_pem, None),
        (OURS.chain_pem, "needless"),
        (OURS.key_pem + MIDDLE.pem + OURS.pem, None),
        (_sealed_pem(), "secret"),
        (_p12(b"secret"), "secret"),
    ],
    ids=["pem", "needless password", "other order", "sealed pem", "p12"],
)
def test_each_form_is_held_and_shown(text: str, password: str | None) -> None:
    held = hold(text, password)
    assert (held.certificate.title, [each.title for each in held.issuers]) == (NAME, ["Middle CA"])
    show(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), held)
    assert "PRIVATE" not in repr(held)


@pytest.mark.parametrize(
    ("text", "password", "said"),
    [
        (_p12(b"secret"), "wrong", "or the password is wrong"),
        (_p12(b"secret"), None, "or the password is wrong"),
        (_sealed_pem(), None, "or the password is wrong"),
        (OURS.pem, None, "neither PEM"),
        (OURS.pem + OURS.key_pem + OURS.key_pem, None, "neither PEM"),
        ("nonsense", None, "neither PEM"),
        (CA.pem + OURS.key_pem, None, "is not that of Test CA"),
        (OURS.key_pem + OURS.pem * 11, None, "at most 9 of its issuers"),
    ],
)
def test_what_cannot_be_held_is_said_without_the_key(text: str, password: str | None, said: str) -> None:
    with pytest.raises(InputError) as caught:
        hold(text, password)
    assert said in str(caught.value)
    assert key_of("leaf").private_numbers().__class__.__name__ not in str(caught.value)
    assert caught.value.__cause__ is None
