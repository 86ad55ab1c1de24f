"""No secret leaves the gate: each is replaced by a keyed hash wherever our files can hold one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.linux_gateway.gate.mask import Mask

KEY = bytes(range(32))
PLACES = (
    'secrets {\n  ike-k-b {\n    id-1 = gw-k.example\n    secret = "%s"\n  }\n}\n',
    'secrets { ike { secret = "%s" } }\n',
    'secrets { ike { secret-2="%s" } }\n',
    'createUser mon SHA-256 "%s" AES "%s"\nrouser mon authPriv\n',
    'createUser -e 0x8000 mon SHA-512 "%s" AES256 "%s"\n',
    "  createuser mon MD5 %s\n",
    "rocommunity %s default\n",
    "defAuthPassphrase %s\n",
    'action(type="omfwd" target="log" password="%s")\n',
    "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n",
    "-----BEGIN EC PRIVATE KEY-----\n%s",
)
# What `templates.secret.fill` lets into a file.
SECRETS = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"\\'), min_size=8, max_size=60
)


@pytest.mark.parametrize("place", PLACES)
@given(SECRETS)
def test_no_planted_secret_is_seen(place: str, secret: str) -> None:
    planted = place.replace("%s", secret)
    if f'"{secret}' not in planted and re.search(r"[#}]", secret):
        return  # only quoted places can hold these
    assert secret not in Mask(KEY).text(planted)


@given(SECRETS, SECRETS)
def test_equal_secrets_look_equal_and_others_do_not(one: str, two: str) -> None:
    mask = Mask(KEY)
    assert mask.mark(f'"{one}"') == mask.mark(one)
    assert (mask.mark(one) == mask.mark(two)) == (one == two)
    assert mask.mark(one) != Mask(KEY[::-1]).mark(one)


@pytest.mark.parametrize("place", PLACES)
@given(SECRETS)
def test_no_tool_can_say_a_secret(place: str, secret: str) -> None:
    mask = Mask(KEY)
    mask.text(place.replace("%s", f"{secret}"))
    if '"' in place:
        assert secret not in mask.hide(f"line 4: syntax error near '{secret}'")


@pytest.mark.parametrize(
    "text",
    [
        "passwordauthentication no\n",
        "connections { k-b { local { auth = psk\n id = gw-k.example } } }\n",
        "server 192.0.2.123 iburst\n",
        'table inet fosa { chain input { log prefix "fosa deny x>y " group 5 } }\n',
        "rouser mon authPriv\n",
    ],
)
def test_leaves_what_is_no_secret(text: str) -> None:
    assert Mask(KEY).text(text) == text
