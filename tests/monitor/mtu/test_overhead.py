"""What ESP leaves of a line, against the table of the reference and against what is known of the ciphers."""

import pytest

from monitor.mtu.overhead import inner_mtu


@pytest.mark.parametrize(
    ("link", "plain", "encapsulated"), [(1500, 1446, 1438), (1492, 1438, 1430), (1400, 1346, 1338)]
)
def test_sealed_encryption_on_common_lines(link: int, plain: int, encapsulated: int) -> None:
    proposal = "aes256gcm16-ecp384"
    assert inner_mtu(link, proposal, encapsulated=False) == plain
    assert inner_mtu(link, proposal, encapsulated=True) == encapsulated


@pytest.mark.parametrize(
    ("proposal", "expected"),
    [
        ("aes256-sha256-modp2048", 1438),
        ("aes128-sha1-modp2048", 1438),
        ("aes256-sha512-ecp384", 1422),
        ("3des-sha1-modp1024", 1446),
        ("aes256ctr-sha256-ecp256", 1446),
        ("aes256gcm8-ecp256", 1454),
        ("aes256ccm12-ecp256", 1450),
        ("chacha20poly1305-curve25519", 1446),
        ("aes256gcm16-aes128gcm16-ecp256", 1446),
        ("aes256-aes256ctr-sha256-sha512-ecp256", 1422),
    ],
)
def test_other_ciphers_and_the_worst_choice_of_several(proposal: str, expected: int) -> None:
    assert inner_mtu(1500, proposal, encapsulated=False) == expected
