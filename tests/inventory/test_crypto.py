"""Proposals against allow-lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.crypto import PROFILES, Part, Protocol, agree, judge, parts
from inventory.faults import Severity
from inventory.model import CryptoProfileName

RFC, BSI, CNSA = CryptoProfileName.RFC_MIN, CryptoProfileName.EU_BSI, CryptoProfileName.CNSA
STANDINGS: tuple[tuple[str, Protocol, set[CryptoProfileName], set[CryptoProfileName]], ...] = (
    # proposal, protocol, profiles that allow it, profiles that tolerate it
    ("aes256gcm16-prfsha384-ecp384", Protocol.IKE, {RFC, BSI, CNSA}, set()),
    ("aes256gcm16-ecp384", Protocol.ESP, {RFC, BSI, CNSA}, set()),
    ("aes256gcm16-ecp384-esn-noesn", Protocol.ESP, {RFC, BSI, CNSA}, set()),
    ("aes256gcm128-ecp384", Protocol.ESP, {RFC, BSI, CNSA}, set()),
    ("aes256-sha384-modp4096", Protocol.IKE, {RFC, BSI, CNSA}, set()),
    ("aes128gcm16-prfsha256-ecp256", Protocol.IKE, {RFC, BSI}, set()),
    ("aes128-sha256-modp3072", Protocol.IKE, {RFC, BSI}, set()),
    ("aes256-sha256-modp2048", Protocol.IKE, {RFC}, {BSI}),
    ("aes256-sha256-x25519", Protocol.IKE, {RFC}, set()),
    ("chacha20poly1305-prfsha256-curve25519", Protocol.IKE, {RFC}, set()),
    ("aes256-sha512-modp8192", Protocol.IKE, {RFC}, set()),
    ("aes256-sha256-ecp256bp", Protocol.IKE, {BSI}, set()),
    # Bigger is not better: what no list names is refused.
    ("aes512-sha1024-modp16384", Protocol.IKE, set(), set()),
    ("aes256gcm8-ecp384", Protocol.ESP, set(), set()),
    ("3des-sha1-modp1024", Protocol.IKE, set(), set()),
    ("aes256-md5-ecp384", Protocol.ESP, set(), set()),
    ("null-sha256-ecp384", Protocol.ESP, set(), set()),
    ("aes256-sha256-modp2048s256", Protocol.IKE, set(), set()),
    ("aes256-sha256-ecp224", Protocol.IKE, set(), set()),
    # Something is missing, or does not go together.
    ("aes256gcm16", Protocol.ESP, set(), set()),
    ("aes256-ecp384", Protocol.ESP, set(), set()),
    ("aes256gcm16-ecp384", Protocol.IKE, set(), set()),
    ("sha256-ecp384", Protocol.ESP, set(), set()),
    ("aes256gcm16-aes256-sha384-prfsha384-ecp384", Protocol.IKE, set(), set()),
    ("aes256-sha256-ecp384-wat", Protocol.ESP, set(), set()),
)


@pytest.mark.parametrize(("proposal", "protocol", "allowed", "tolerated"), STANDINGS)
def test_allows_what_a_profile_lists(
    proposal: str, protocol: Protocol, allowed: set[CryptoProfileName], tolerated: set[CryptoProfileName]
) -> None:
    verdicts = {name: {found.severity for found in judge(proposal, protocol, PROFILES[name])} for name in PROFILES}
    assert {name for name, found in verdicts.items() if not found} == allowed
    assert {name for name, found in verdicts.items() if found == {Severity.WARNING}} == tolerated


def test_says_everything_that_is_wrong_with_a_proposal() -> None:
    found = judge("3des-sha1", Protocol.ESP, PROFILES[CNSA])
    assert [each.message for each in found] == [
        "3des is not allowed by the crypto profile; allowed: aes256, aes256gcm16",
        "sha1 is not allowed by the crypto profile; allowed: sha384",
        "the proposal lacks a key exchange group (perfect forward secrecy)",
    ]


def test_sorts_the_words_of_a_proposal() -> None:
    assert parts("aes256gcm128-aesxcbc-prfsha384-x25519-noesn-wat") == {
        Part.ENCRYPTION: {"aes256gcm16"},
        Part.INTEGRITY: {"aesxcbc"},
        Part.PRF: {"prfsha384"},
        Part.GROUP: {"curve25519"},
        Part.SEQUENCE: {"noesn"},
        Part.UNKNOWN: {"wat"},
    }


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("aes256-sha256-ecp256", "aes256-sha256-ecp256", True),
        ("aes256-aes128-sha256-ecp256-ecp384", "aes128-sha256-ecp384", True),
        ("aes256gcm16-ecp384", "aes256gcm128-ecp384", True),
        ("aes256-sha256-ecp256", "aes256-sha256-ecp384", False),
        ("aes256gcm16-ecp384", "aes256gcm16", False),
        ("aes256-sha256-ecp256", "aes256gcm16-prfsha256-ecp256", False),
    ],
)
def test_ends_agree_when_every_part_has_a_common_algorithm(one: str, other: str, *, common: bool) -> None:
    assert agree(one, other) is common
    assert agree(other, one) is common


_WORDS = sorted({word for row in STANDINGS for word in row[0].split("-")})


@given(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6), st.sampled_from(list(PROFILES)))
def test_an_unlisted_word_is_never_allowed(words: list[str], name: CryptoProfileName) -> None:
    profile = PROFILES[name]
    listed = frozenset().union(*(profile.allowed(part) for part in Part))
    for protocol in Protocol:
        refused = any(each.severity is Severity.ERROR for each in judge("-".join(words), protocol, profile))
        assert refused or all(names <= listed for names in parts("-".join(words)).values())
