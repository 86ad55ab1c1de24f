"""Secrets in rendered text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from inventory.errors import RenderError, SecretError
from templates.secret import fill, placeholder, references

REFS = ["env:PSK", "file:secrets/snmp-auth", "vault:secrets.yaml#gw-k.psk"]


@pytest.mark.parametrize("ref", REFS)
def test_a_placeholder_is_found_and_filled(ref: str) -> None:
    text = f'secret = "{placeholder(ref)}"\n'
    assert references(text) == {ref}
    assert fill(text, lambda asked: SecretStr(f"value-of-{asked}")) == f'secret = "value-of-{ref}"\n'


def test_a_filled_secret_is_not_filled_again() -> None:
    text = placeholder("env:A") + placeholder("env:B")
    assert fill(text, lambda ref: SecretStr("@secret{env:B}@" if ref == "env:A" else "12345678")) == (
        "@secret{env:B}@12345678"
    )


@pytest.mark.parametrize("ref", ["", "psk", "env:psk", "file:", "file:a b", "env:A}@", "file:a\nb", "http:x"])
def test_what_is_no_reference_gets_no_placeholder(ref: str) -> None:
    with pytest.raises(RenderError):
        placeholder(ref)


@given(st.text())
def test_a_secret_stays_between_its_quotes_or_is_refused_unnamed(secret: str) -> None:
    text = f'a "{placeholder("env:A")}" b\n'
    if 8 <= len(secret) <= 256 and secret.isascii() and secret.isprintable() and not set(secret) & set('"\\'):
        assert fill(text, lambda _: SecretStr(secret)) == f'a "{secret}" b\n'
        return
    with pytest.raises(SecretError, match="env:A") as caught:
        fill(text, lambda _: SecretStr(secret))
    assert len(secret) < 8 or secret not in str(caught.value)
